// SPDX-License-Identifier: Apache-2.0
#include "cli/last_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <system_error>

#include "base/atomic_file.h"

namespace finack {

std::filesystem::path last_run_file(std::string_view state_home, std::string_view home) {
  // The XDG specification wants relative paths ignored.
  if (state_home.starts_with('/')) return std::filesystem::path(state_home) / "finack/last-run";
  if (home.starts_with('/')) return std::filesystem::path(home) / ".local/state/finack/last-run";
  return {};
}

std::filesystem::path last_run_file() {
  const auto variable = [](const char* name) {
    const char* value = std::getenv(name);
    return std::string_view(value ? value : "");
  };
  return last_run_file(variable("XDG_STATE_HOME"), variable("HOME"));
}

std::filesystem::path last_run_report() {
  const std::filesystem::path file = last_run_file();
  return file.empty() ? file : file.parent_path() / "last-run.json";
}

LastRun::LastRun(const std::vector<Program>& programs) {
  for (const Program& program : programs) unfinished_.insert(program.id);
}

void LastRun::take(const Event& event) {
  const auto* finished = std::get_if<InstanceFinished>(&event);
  if (!finished) return;
  const std::string& id = finished->program->id;
  unfinished_.erase(id);
  const Verdict verdict = finished->verdict;
  if (verdict != Verdict::pass && verdict != Verdict::known && verdict != Verdict::skipped) bad_.insert(id);
}

std::vector<std::string> LastRun::not_passed() const {
  std::vector<std::string> out;
  std::ranges::set_union(unfinished_, bad_, std::back_inserter(out));
  return out;
}

void remember(const std::filesystem::path& file, std::string_view text) {
  if (file.empty()) return;
  std::error_code code;
  std::filesystem::create_directories(file.parent_path(), code);
  static_cast<void>(
      write_atomically(file, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}));
}

void write_last_run(const std::filesystem::path& file, const std::vector<std::string>& ids) {
  std::string text;
  for (const std::string& id : ids) text += id + "\n";
  remember(file, text);
}

Result<std::vector<std::string>> read_last_run(const std::filesystem::path& file) {
  std::ifstream stream(file);
  if (file.empty() || !stream) {
    return fail("`--failed` wants a run to look back at, and none is remembered",
                file.empty() ? "runs are remembered below $XDG_STATE_HOME or $HOME"
                             : fmt::format("runs are remembered in {}", file.string()));
  }
  std::vector<std::string> ids;
  for (std::string line; std::getline(stream, line);) {
    if (!line.empty()) ids.push_back(line);
  }
  return ids;
}

Result<std::vector<Program>> those_of_last_run(std::vector<Program> programs,
                                               const std::vector<std::string>& ids) {
  std::erase_if(programs,
                [&](const Program& program) { return std::ranges::find(ids, program.id) == ids.end(); });
  if (programs.empty() && !ids.empty()) {
    return fail("none of the scenarios that did not pass in the last run is selected here",
                fmt::format("the first of {} was {}", ids.size(), ids.front()));
  }
  return programs;
}

}  // namespace finack
