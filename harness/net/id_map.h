// SPDX-License-Identifier: Apache-2.0
// Who is who inside a new user namespace.
#pragma once

#include <string>
#include <string_view>

namespace finack {

// From the text of /proc/self/uid_map or gid_map: a map that leaves every known id what it is.
std::string identity_map(std::string_view current_map);

// Puts this process, which must have one thread, into a new user namespace where it may do everything.
// An ordinary user becomes 0 there and nobody else exists. Root keeps all users: if it mapped itself alone,
// as the kernel would let it do unaided, it could no longer write into directories of others, such as a
// checkout that was mounted into a container.
//
// Returns 0, or the errno of the step that was refused. Then the process may be in the new namespace without
// rights there, and no way back: try it in a child first.
int enter_user_namespace();

}  // namespace finack
