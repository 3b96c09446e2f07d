// SPDX-License-Identifier: Apache-2.0
#include "cli/read_file.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

namespace finack {

Result<std::string> read_file(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  if (stream) text << stream.rdbuf();
  if (!stream || text.str().empty())
    return fail(fmt::format("{} cannot be read: {}", path, stream ? "it is empty" : std::strerror(errno)));
  return text.str();
}

}  // namespace finack
