// SPDX-License-Identifier: Apache-2.0
// The process moves into a private network, where it is master and disturbs nobody.
#pragma once

#include "base/result.h"

namespace finack {

// Enters a new user namespace and a new network namespace inside it, so that no root is needed; where user
// namespaces are refused but the process has CAP_SYS_ADMIN, the network namespace alone. Both are anonymous:
// they vanish with their last process, however it ends. Call it before any thread is started. There is no way
// back. The error says in one sentence what to enable on this machine.
Result<void> enter_private_space();

}  // namespace finack
