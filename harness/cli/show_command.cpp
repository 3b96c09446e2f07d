// SPDX-License-Identifier: Apache-2.0
#include "cli/show_command.h"

#include <fmt/format.h>

#include <filesystem>
#include <iterator>
#include <system_error>

#include "cli/exit_status.h"
#include "cli/print.h"
#include "cli/scenarios.h"
#include "report/preview.h"
#include "scenario/load.h"
#include "scenario/selection.h"

namespace finack {

namespace {

// Those of a file or folder, else those with such an id in the suites.
Result<std::vector<Program>> find_programs(const std::string& what, const Profile& profile) {
  std::error_code code;
  if (std::filesystem::exists(what, code)) return load_programs({what}, profile);
  const auto suites = suites_to_search({});
  if (suites.empty() || what.ends_with(".yaml")) {
    return fail(fmt::format("there is no file or folder {}", what),
                suites.empty() ? "to show a scenario by its id, go where the folder `suites` is" : "");
  }
  auto programs = load_programs(suites, profile);
  if (!programs) return programs;
  std::erase_if(*programs, [&](const Program& program) { return !names_instance(what, program.id); });
  if (!programs->empty()) return programs;
  auto error = select({.only = {what}}, load_programs(suites, profile).value()).error();
  error.message = fmt::format("`{}` is no path, and no id in {}", what, suites.front());
  return pass_on(error);
}

}  // namespace

int show_command(const ShowCommand& command) {
  const auto profile = target_profile(command.profile);
  if (!profile) return complain(profile.error(), exit_usage);
  std::string out;
  for (const std::string& what : command.what) {
    const auto programs = find_programs(what, *profile);
    if (!programs) return complain(programs.error(), exit_usage);
    // Scenario by scenario: the instances of one lie together and come from one file.
    for (auto begin = programs->begin(); begin != programs->end();) {
      auto end = begin;
      while (end != programs->end() && end->place.file == begin->place.file) ++end;
      out += (out.empty() ? "" : "\n") + preview({begin, end});
      begin = end;
    }
  }
  return print_out(out);
}

}  // namespace finack
