// SPDX-License-Identifier: Apache-2.0
#include "cli/ledger_command.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include <fmt/format.h>

#include "cli/exit_status.h"
#include "cli/print.h"
#include "report/ledger_proposal.h"

namespace finack {

int ledger_command(const LedgerCommand& command) {
  std::ifstream stream(command.result_file, std::ios::binary);
  std::ostringstream text;
  if (stream) text << stream.rdbuf();
  if (!stream || text.str().empty())
    return complain({fmt::format("{} cannot be read: {}", command.result_file,
                                 stream ? "it is empty" : std::strerror(errno))},
                    exit_usage);
  const auto proposal = propose_deviations(text.str());
  if (!proposal) {
    Error error = proposal.error();
    error.message = command.result_file + ": " + error.message;
    return complain(error, exit_usage);
  }
  return print_out(*proposal);
}

}  // namespace finack
