// SPDX-License-Identifier: Apache-2.0
// A scenario without what it expects: what is done to the target, and time for it to answer. Only what
// watches every exchange, the invariants and the tracker, can find fault with a target then.
#pragma once

#include "scenario/scenario.h"

namespace finack {

// Keeps sends, ICMP errors, calls and waits. What looks at the target becomes a wait; a one-of becomes one,
// with all its branches; a call may come to anything; whatever comes is welcome.
Program stimuli_of(const Program& program);

}  // namespace finack
