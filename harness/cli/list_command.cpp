// SPDX-License-Identifier: Apache-2.0
#include "cli/list_command.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/exit_status.h"
#include "cli/print.h"
#include "cli/scenarios.h"
#include "report/plain.h"

namespace finack {

std::string list_text(const std::vector<Program>& programs) {
  std::size_t width = 0;
  for (const Program& program : programs) width = std::max(width, program.id.size());
  std::string out;
  for (const Program& program : programs)
    out += fmt::format("{:<{}}  {}\n", plain_line(program.id), width, plain_line(program.title));
  return out;
}

int list_command(const ListCommand& command) {
  const auto paths = paths_or_suites(command.paths, "list");
  if (!paths) return complain(paths.error(), exit_usage);
  const auto profile = target_profile(command.profile);
  if (!profile) return complain(profile.error(), exit_usage);
  const auto programs = load_programs(*paths, *profile).and_then([&](std::vector<Program> all) {
    return select(command.selection, std::move(all));
  });
  if (!programs) return complain(programs.error(), exit_usage);
  return print_out(list_text(*programs));
}

}  // namespace finack
