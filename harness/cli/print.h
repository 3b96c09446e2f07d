// SPDX-License-Identifier: Apache-2.0
// How commands print what they were asked for.
#pragma once

#include <string_view>

#include "base/result.h"

namespace finack {

// Writes on standard output and returns the exit status: 0, also when the reader has left (`| head`).
int print_out(std::string_view text);

// Prints "finack: ERROR" on standard error and returns the status.
int complain(const Error& error, int status);

}  // namespace finack
