// SPDX-License-Identifier: Apache-2.0
// Finds its way in what finack reports.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "end_to_end/stage.h"

namespace finack {

using Json = nlohmann::json;

// The part of the text report on each instance, by its id: the line of the verdict and what stands below.
std::map<std::string, std::string> blocks_of(std::string_view text);

// The last line that is not empty.
std::string last_line(std::string_view text);

// The entry of the JSON report with that id; throws when there is none.
Json entry_of(const Json& report, std::string_view id);

}  // namespace finack
