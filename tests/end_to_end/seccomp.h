// SPDX-License-Identifier: Apache-2.0
// What container runtimes do to a process: a filter that refuses it namespaces.
#pragma once

namespace finack {

// From now on, for this process and all that come of it: no new user or network namespace (EPERM), and no
// clone3, whose flags a filter cannot see (ENOSYS).
void refuse_namespaces();

// The same for user namespaces alone.
void refuse_user_namespaces();

}  // namespace finack
