// SPDX-License-Identifier: Apache-2.0
// `finack list`: the ids of the instances, and their titles.
#pragma once

#include <string>
#include <vector>

#include "scenario/selection.h"

namespace finack {

struct ListCommand {
  std::vector<std::string> paths = {};  // none: ./suites
  Selection selection = {};
  std::string profile = {};  // a name or a file; empty: linux
};

int list_command(const ListCommand& command);

// A line a program: its id, and below each other the titles.
std::string list_text(const std::vector<Program>& programs);

}  // namespace finack
