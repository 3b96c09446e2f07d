// SPDX-License-Identifier: Apache-2.0
// Remembers which instances did not pass, for `finack run --failed`, and the report, for `finack coverage`.
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "judge/event.h"

namespace finack {

// $XDG_STATE_HOME/finack/last-run, or below ~/.local/state; empty when there is no home.
std::filesystem::path last_run_file();
// The same from what these variables hold.
std::filesystem::path last_run_file(std::string_view state_home, std::string_view home);

// The JSON report of the last run, beside that file; empty when there is no home.
std::filesystem::path last_run_report();

// Takes the events of a run and tells in the end which instances have to be looked at again: those of the
// programs that failed, warned, were inconclusive or in error, or did not finish.
class LastRun {
 public:
  explicit LastRun(const std::vector<Program>& programs);

  void take(const Event& event);
  // Ids without the number of a round, in their order.
  std::vector<std::string> not_passed() const;

 private:
  std::set<std::string, std::less<>> unfinished_, bad_;
};

// A file that cannot be written is no error: it is a convenience, and the home may be nobody's.
void remember(const std::filesystem::path& file, std::string_view text);
void write_last_run(const std::filesystem::path& file, const std::vector<std::string>& ids);
// An error when there was no run to remember.
Result<std::vector<std::string>> read_last_run(const std::filesystem::path& file);

// Of these programs those that are remembered, in their order. An error when some are, but none of these.
Result<std::vector<Program>> those_of_last_run(std::vector<Program> programs,
                                               const std::vector<std::string>& ids);

}  // namespace finack
