// SPDX-License-Identifier: Apache-2.0
// Lists of values that tables share: `use: NAME` stands there for the values that `define` gives to NAME.
#pragma once

#include <set>
#include <string>

#include "base/result.h"
#include "scenario/sequences.h"
#include "scenario/yaml_tree.h"

namespace finack {

// The value of `for` with the values of such lists in their places. Notes in `used` which there were.
Result<YamlNode> put_in_lists(const YamlNode& table, const Sequences& definitions,
                              std::set<std::string>& used);

}  // namespace finack
