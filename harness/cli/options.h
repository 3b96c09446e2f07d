// SPDX-License-Identifier: Apache-2.0
// The command line of finack.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/result.h"

namespace finack {

struct RunCommand {
  std::vector<std::string> paths;
  std::string json_file = {};       // empty: none
  std::string capture_folder = {};  // empty: none
  std::optional<std::uint64_t> seed = {};
};

// --help, --version: print this and leave.
struct PrintCommand {
  std::string text;
};

using Command = std::variant<RunCommand, PrintCommand>;

// `arguments` without the program's name.
Result<Command> parse_command_line(const std::vector<std::string>& arguments);

}  // namespace finack
