// SPDX-License-Identifier: Apache-2.0
// From files to scenarios.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "scenario/profile.h"
#include "scenario/scenario.h"

namespace finack {

// The scenario in `text`, one for each case of its tables. Every error names a place in `file`.
Result<std::vector<Scenario>> load_scenario(std::string_view text, const std::string& file,
                                            const Profile& profile);

// The keys of a scenario, those of its `peer`, and what `family` may say.
std::span<const std::string_view> scenario_key_names();
std::span<const std::string_view> peer_keys();
std::span<const std::string_view> variety_names();

// The id of the scenario in a file: the path after its last folder `suites`, without the ending; without such
// a folder, the name of the file alone.
std::string scenario_id(const std::string& file);

// The files of scenarios in the given files and folders, sorted, each once.
Result<std::vector<std::string>> scenario_files(const std::vector<std::string>& paths);

// All scenarios in the given files and folders, in the order of their ids. A folder is searched to its depths
// for
// *.yaml, but for files sequences.yaml and folders named `catalogue` and `targets`, which hold no scenarios.
// The first broken file is the error; so are a path that holds no scenario and two files with one id.
Result<std::vector<Scenario>> load_scenarios(const std::vector<std::string>& paths, const Profile& profile);

}  // namespace finack
