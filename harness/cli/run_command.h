// SPDX-License-Identifier: Apache-2.0
// `finack run`: plays scenarios and reports on them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "cli/surroundings.h"
#include "cli/terminal.h"
#include "report/text_report.h"
#include "scenario/selection.h"

namespace finack {

struct RunCommand {
  std::vector<std::string> paths = {};  // none: ./suites
  std::string target = {};              // see parse_target(); empty: kernel
  std::string profile = {};             // a name or a file; empty: the target's own
  Selection selection = {};
  bool slow = false;                         // also those tagged `slow`, where time is that of clocks
  bool failed = false;                       // those that did not pass the last time
  std::optional<std::uint64_t> repeat = {};  // how often each program runs; unset: once
  bool until_fail = false;                   // again and again, at most `repeat` times
  std::optional<std::uint64_t> seed = {};    // unset: a new one
  std::optional<Duration> deadline = {};     // for the whole run
  std::size_t jobs = 0;                      // instances open at once; 0: as the machine bears
  bool timing = false;                       // tell how fast we were
  bool resources = false;                    // tell what the target held before and after
  bool strict = false;                       // a warning counts as a failure
  bool bisect = false;                       // exit statuses as `git bisect run` wants them
  std::string capture_folder = {};           // empty: none
  bool capture_failures_only = false;
  std::string json_file = {};   // empty: none
  std::string junit_file = {};  // empty: none
  bool tap = false;             // in the place of the text
  Detail detail = Detail::normal;
  ColourWish colour = ColourWish::automatic;
  std::vector<std::string> arguments = {};  // all of this as it was written
};

// Returns the exit status; complains on standard error.
int run_command(const RunCommand& command, const Surroundings& around = {});

}  // namespace finack
