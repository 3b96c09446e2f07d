// SPDX-License-Identifier: Apache-2.0
#include "cli/scenarios.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <system_error>

#include "scenario/load.h"

namespace finack {

namespace {

bool is_folder(const std::filesystem::path& path) {
  std::error_code code;
  return std::filesystem::is_directory(path, code);
}

// The scenario files below a folder, as load_scenarios() finds them.
std::vector<std::string> files_in(const std::string& folder) {
  std::vector<std::string> out;
  std::error_code code;
  std::filesystem::recursive_directory_iterator at(folder, code);
  for (const std::filesystem::recursive_directory_iterator end; !code && at != end; at.increment(code)) {
    const auto name = at->path().filename();
    if (is_folder(at->path())) {
      if (name == "catalogue" || name == "targets") at.disable_recursion_pending();
    } else if (name.extension() == ".yaml" || name.extension() == ".yml") {
      out.push_back(at->path().string());
    }
  }
  std::ranges::sort(out);
  return out;
}

}  // namespace

std::filesystem::path program_folder() {
  std::error_code code;
  return std::filesystem::read_symlink("/proc/self/exe", code).parent_path();
}

Result<std::vector<std::string>> paths_or_suites(const std::vector<std::string>& paths,
                                                 std::string_view command) {
  if (!paths.empty()) return paths;
  if (is_folder("suites")) return std::vector<std::string>{"suites"};
  return fail(
      fmt::format("`finack {}` wants files or folders of scenarios, for there is no folder `suites` here",
                  command),
      fmt::format("finack {} path/to/suites", command));
}

std::vector<std::string> suites_to_search(const std::vector<std::string>& paths) {
  if (!paths.empty()) return paths;
  if (is_folder("suites")) return {"suites"};
  const auto beside = (program_folder() / ".." / "suites").lexically_normal();
  if (!program_folder().empty() && is_folder(beside)) return {beside.string()};
  return {};
}

std::vector<Program> compile_all(const std::vector<Scenario>& scenarios) {
  std::vector<Program> out;
  for (const Scenario& scenario : scenarios) std::ranges::move(compile(scenario), std::back_inserter(out));
  return out;
}

Result<std::vector<Program>> load_programs(const std::vector<std::string>& paths) {
  const auto scenarios = load_scenarios(paths);
  if (!scenarios) return pass_on(scenarios.error());
  return compile_all(*scenarios);
}

Loaded load_what_can_be_loaded(const std::vector<std::string>& paths) {
  auto whole = load_scenarios(paths);
  if (whole) return {std::move(*whole), {}};
  // Only now file by file: together they may break other rules than each alone.
  Loaded out;
  std::vector<std::string> files;
  for (const std::string& path : paths) {
    const auto found = is_folder(path) ? files_in(path) : std::vector<std::string>{path};
    files.insert(files.end(), found.begin(), found.end());
  }
  for (const std::string& file : files) {
    auto one = load_scenarios({file});
    if (!one) {
      out.errors.push_back(one.error());
    } else {
      std::ranges::move(*one, std::back_inserter(out.scenarios));
    }
  }
  if (out.errors.empty()) out.errors.push_back(whole.error());
  return out;
}

}  // namespace finack
