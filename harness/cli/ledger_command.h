// SPDX-License-Identifier: Apache-2.0
// `finack ledger propose`: entries for the deviations that a run found.
#pragma once

#include <string>

namespace finack {

struct LedgerCommand {
  std::string result_file;  // a JSON report
};

int ledger_command(const LedgerCommand& command);

}  // namespace finack
