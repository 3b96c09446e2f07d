// SPDX-License-Identifier: Apache-2.0
// Which sockets a scenario has at each of its calls: a call on a socket that is not there, or not any more,
// is the author's slip and found before anything runs.
#pragma once

#include <vector>

#include "base/result.h"
#include "scenario/given.h"
#include "scenario/step.h"

namespace finack {

// Looks at the steps in their order, and at each branch of a one-of as if it were taken. Behind the branches,
// where nobody knows which it was, only what is wrong either way is refused.
Result<void> check_sockets(const Given& given, const std::vector<Step>& steps);

}  // namespace finack
