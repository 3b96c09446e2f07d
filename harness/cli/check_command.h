// SPDX-License-Identifier: Apache-2.0
// `finack check`: reads scenarios and tells what is wrong with them, without running any.
#pragma once

#include <string>
#include <vector>

namespace finack {

struct CheckCommand {
  std::vector<std::string> paths = {};  // none: ./suites
  std::string profile = {};             // a name or a file; empty: linux
};

// Complains about every broken file.
int check_command(const CheckCommand& command);

}  // namespace finack
