// SPDX-License-Identifier: Apache-2.0
// How many there are of each thing that is counted, by name.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace finack {

using Counts = std::map<std::string, std::int64_t>;

}  // namespace finack
