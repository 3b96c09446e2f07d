// SPDX-License-Identifier: Apache-2.0
// The scenarios that a command is about.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "scenario/profile.h"
#include "scenario/scenario.h"

namespace finack {

// The folder of this program; empty when the system does not tell.
std::filesystem::path program_folder();

// The paths, or `suites` in the current folder when there are none. `command` is for the error.
Result<std::vector<std::string>> paths_or_suites(const std::vector<std::string>& paths,
                                                 std::string_view command);
// The same for commands that only look something up: they also find the `suites` of the source tree that
// this program was built in. Empty when there are none.
std::vector<std::string> suites_to_search(const std::vector<std::string>& paths);

// The profile of that name, compiled in, or in that file; empty: that of Linux.
Result<Profile> target_profile(const std::string& name_or_file);

std::vector<Program> compile_all(const std::vector<Scenario>& scenarios);
Result<std::vector<Program>> load_programs(const std::vector<std::string>& paths, const Profile& profile);

// All that can be loaded, and an error for each file that cannot.
struct Loaded {
  std::vector<Scenario> scenarios = {};
  std::vector<Error> errors = {};
};
Loaded load_what_can_be_loaded(const std::vector<std::string>& paths, const Profile& profile);

}  // namespace finack
