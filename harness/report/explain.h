// SPDX-License-Identifier: Apache-2.0
// What an id of the catalogue or a state means, in words.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "scenario/scenario.h"

namespace finack {

// A rule (CR-054), a requirement (MUST-13), an edge (T-059, S-083), a state (TIME-WAIT) or an invariant
// (INV-FIN), in either case: what it asks, its source, and what in the catalogue refers to it. Lines of at
// most 100 characters. An unknown word is an error with the nearest known one.
Result<std::string> explain(std::string_view word);

// Where it is tested: the scenarios that cover an entry, and those that cover a rule which names it. Empty
// for a state, and for an invariant, which all of them test. `searched` says where the scenarios are from.
std::string tested_by(std::string_view word, const std::vector<Scenario>& scenarios,
                      const std::string& searched);

}  // namespace finack
