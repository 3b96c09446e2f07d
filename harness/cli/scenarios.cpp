// SPDX-License-Identifier: Apache-2.0
#include "cli/scenarios.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <system_error>

#include "base/text.h"
#include "scenario/catalogue.h"
#include "scenario/load.h"
#include "scenario/mapping.h"

namespace finack {

namespace {

bool is_folder(const std::filesystem::path& path) {
  std::error_code code;
  return std::filesystem::is_directory(path, code);
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

Result<Profile> target_profile(const std::string& name_or_file) {
  const std::string name = name_or_file.empty() ? "linux" : name_or_file;
  if (const auto text = builtin_profile(name))
    return parse_profile(*text, fmt::format("suites/targets/{}.yaml", name));
  std::error_code code;
  if (!std::filesystem::exists(name, code)) {
    return fail(fmt::format("`--profile {}` names no profile and no file", printable(name)),
                suggest(name, builtin_profile_names()));
  }
  return read_text_file(name).and_then([&](const std::string& text) { return parse_profile(text, name); });
}

std::vector<Program> compile_all(const std::vector<Scenario>& scenarios) {
  std::vector<Program> out;
  for (const Scenario& scenario : scenarios) std::ranges::move(compile(scenario), std::back_inserter(out));
  return out;
}

Result<std::vector<Program>> load_programs(const std::vector<std::string>& paths, const Profile& profile) {
  const auto scenarios = load_scenarios(paths, profile);
  if (!scenarios) return pass_on(scenarios.error());
  return compile_all(*scenarios);
}

Loaded load_what_can_be_loaded(const std::vector<std::string>& paths, const Profile& profile) {
  auto whole = load_scenarios(paths, profile);
  if (whole) return {std::move(*whole), {}};
  // Only now file by file: together they may break other rules than each alone.
  Loaded out;
  const auto files = scenario_files(paths);
  if (!files) return {{}, {files.error()}};
  for (const std::string& file : *files) {
    auto one = load_scenarios({file}, profile);
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
