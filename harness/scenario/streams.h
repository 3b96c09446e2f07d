// SPDX-License-Identifier: Apache-2.0
// What a scenario as a whole asks of a connection's two streams.
#pragma once

#include <vector>

#include "base/result.h"
#include "scenario/given.h"
#include "scenario/step.h"

namespace finack {

// Refuses what no run could bring to an end: more octets than one instance carries each way, the steps of all
// branches together; a stream before there is a connection, or behind our FIN.
Result<void> check_streams(const Given& given, const std::vector<Step>& steps);

}  // namespace finack
