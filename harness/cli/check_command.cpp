// SPDX-License-Identifier: Apache-2.0
#include "cli/check_command.h"

#include <fmt/format.h>

#include "cli/exit_status.h"
#include "cli/print.h"
#include "cli/scenarios.h"

namespace finack {

namespace {

std::string counted(std::size_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

}  // namespace

int check_command(const CheckCommand& command) {
  const auto paths = paths_or_suites(command.paths, "check");
  if (!paths) return complain(paths.error(), exit_usage);
  const auto profile = target_profile(command.profile);
  if (!profile) return complain(profile.error(), exit_usage);
  const Loaded loaded = load_what_can_be_loaded(*paths, *profile);
  for (const Error& error : loaded.errors) complain(error, exit_usage);
  if (!loaded.errors.empty()) {
    if (loaded.errors.size() > 1) fmt::print(stderr, "finack: {}\n", counted(loaded.errors.size(), "error"));
    return exit_usage;
  }
  return print_out(fmt::format("{} in good order, {} to run\n", counted(loaded.scenarios.size(), "scenario"),
                               counted(compile_all(loaded.scenarios).size(), "instance")));
}

}  // namespace finack
