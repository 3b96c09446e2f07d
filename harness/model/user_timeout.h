// SPDX-License-Identifier: Apache-2.0
// How long something may go without an acknowledgment before the connection is given up (RFC
// 9293 3.8.3, 3.9.1), and the option by which both ends agree on it (RFC 5482).
#pragma once

#include <optional>

#include "model/turn.h"

namespace finack::model {

// As the application set it, else as was agreed on, else R2.
Duration user_timeout(const Tcb& tcb, const Turn& turn);
// For a SYN; none unless the stack is set to.
std::optional<Option> user_timeout_option(const Tcb& tcb, const Turn& turn);
bool has_user_timeout(const Segment& segment);
// A segment was accepted that may hold the peer's. A timeout that the application set stays (RFC 5482 3.1).
void adopt_user_timeout(Tcb& tcb, const Turn& turn, const Segment& segment);

}  // namespace finack::model
