// SPDX-License-Identifier: Apache-2.0
#include "cli/print.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "cli/exit_status.h"

namespace finack {

int print_out(std::string_view text) {
  const bool written =
      std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
  if (written || errno == EPIPE) return 0;
  return complain({fmt::format("cannot write to standard output: {}", std::strerror(errno))},
                  exit_environment);
}

int complain(const Error& error, int status) {
  std::fflush(stdout);
  // A reader that has left is no reason to end otherwise, and fmt would throw.
  const std::string text = fmt::format("finack: {}\n", to_string(error));
  std::fwrite(text.data(), 1, text.size(), stderr);
  return status;
}

}  // namespace finack
