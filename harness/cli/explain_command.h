// SPDX-License-Identifier: Apache-2.0
// `finack explain`: what a rule, a requirement, an edge or a state is, and where it is tested.
#pragma once

#include <string>
#include <vector>

namespace finack {

struct ExplainCommand {
  std::string word;
  std::vector<std::string> paths = {};  // where tests are looked for; none: the suites
};

int explain_command(const ExplainCommand& command);

}  // namespace finack
