// SPDX-License-Identifier: Apache-2.0
// `finack run`: composes world, run and reports.
#pragma once

#include "cli/options.h"

namespace finack {

// Returns the exit status; complains on standard error.
int run_command(const RunCommand& command);

}  // namespace finack
