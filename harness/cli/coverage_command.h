// SPDX-License-Identifier: Apache-2.0
// `finack coverage`: how much of the catalogue runs have shown.
#pragma once

#include <string>
#include <vector>

namespace finack {

struct CoverageCommand {
  std::vector<std::string> result_files = {};  // JSON reports; none: that of the last run
  bool all = false;
  std::string json_file = {};
  std::string svg_file = {};
};

int coverage_command(const CoverageCommand& command);

}  // namespace finack
