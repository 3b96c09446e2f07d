// SPDX-License-Identifier: Apache-2.0
#include "cli/ledger_command.h"

#include "cli/exit_status.h"
#include "cli/print.h"
#include "cli/read_file.h"
#include "report/ledger_proposal.h"

namespace finack {

int ledger_command(const LedgerCommand& command) {
  const auto text = read_file(command.result_file);
  if (!text) return complain(text.error(), exit_usage);
  const auto proposal = propose_deviations(*text);
  if (!proposal) {
    Error error = proposal.error();
    error.message = command.result_file + ": " + error.message;
    return complain(error, exit_usage);
  }
  return print_out(*proposal);
}

}  // namespace finack
