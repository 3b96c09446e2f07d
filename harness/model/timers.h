// SPDX-License-Identifier: Apache-2.0
// Timeouts (RFC 9293 3.10.8, 3.8.3, 3.8.4 and 3.8.6.1).
#pragma once

#include "model/turn.h"

namespace finack::model {

// The first timer to go off.
Time next_timer(const Tcb& tcb);
// Lets one timer act that is due by now.
void timer_expires(Tcb& tcb, Turn& turn);

}  // namespace finack::model
