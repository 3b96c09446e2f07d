// SPDX-License-Identifier: Apache-2.0
// Why this machine refused a private network, and what to enable so that it does not.
#pragma once

#include <filesystem>

#include "base/result.h"

namespace finack {

// Looks for the reason in the tree at `proc` ("/proc", or a made-up one in a test); `error_number` is what
// the refused call said. The message is one sentence that names the thing to change, the hint is the command
// for it.
Error explain_denial(const std::filesystem::path& proc, int error_number);

}  // namespace finack
