// SPDX-License-Identifier: Apache-2.0
#include "cli/ledger_command.h"

#include "cli/exit_status.h"
#include "cli/print.h"

namespace finack {

int ledger_command(const LedgerCommand&) {
  return complain({"`finack ledger propose` is not there yet"}, exit_usage);
}

}  // namespace finack
