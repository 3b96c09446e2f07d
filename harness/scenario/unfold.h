// SPDX-License-Identifier: Apache-2.0
// Tables: `for` gives names to values, and a file unfolds into one case a combination. A name stands in any
// text as
// `$name`.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "scenario/yaml_tree.h"

namespace finack {

// The values of one case, in the order of the table.
using Case = std::vector<std::pair<std::string, std::string>>;

// All cases of `for`: of a mapping NAME: VALUES all combinations; of a list of such mappings, those of each
// in turn. Bounded; names and values are checked.
Result<std::vector<Case>> read_cases(const YamlNode& node);

// "state=CLOSING,offset=1": fit for an id, empty for no case. Octets other than letters, digits and `._+-`
// become
// `_`.
std::string case_name(const Case& values);

// The names that stand in the texts of `node`.
std::set<std::string> names_in(const YamlNode& node);

// Puts the values in the place of their names. Notes in `used` which names there were.
Result<YamlNode> substitute(const YamlNode& node, const Case& values, std::set<std::string>& used);

}  // namespace finack
