// SPDX-License-Identifier: Apache-2.0
// What people read: a line for each verdict, what went wrong below it, a summary.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "judge/event.h"

namespace finack {

enum class Detail : std::uint8_t {
  quiet,    // only what did not pass, what was known or skipped a line for each reason, and the summary
  normal,   // a line for each instance, and what went wrong
  verbose,  // the exchange of those that passed, too
};

struct TextSettings {
  Detail detail = Detail::normal;
  bool colour = false;
  bool strict = false;     // a warning counts as a failure
  std::size_t rounds = 1;  // how often each program runs; 0: until something fails
  bool timing = false;     // tell how fast the harness was
  bool resources = false;  // tell what the target held before and after
};

// Writes through `print`, whole lines at a time.
EventSink text_report(std::function<void(std::string_view)> print, const TextSettings& settings = {});

// "17 pass, 1 fail"
std::string count_line(const Summary& summary, bool colour = false);

}  // namespace finack
