// SPDX-License-Identifier: Apache-2.0
// `finack show`: scenarios unfolded, before they run.
#pragma once

#include <string>
#include <vector>

namespace finack {

struct ShowCommand {
  std::vector<std::string> what;  // paths, or patterns of ids
  std::string profile = {};       // a name or a file; empty: linux
};

int show_command(const ShowCommand& command);

}  // namespace finack
