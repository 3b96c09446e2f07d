// SPDX-License-Identifier: Apache-2.0
// Holds what an application call came to against what it should.
#pragma once

#include <string>
#include <vector>

#include "judge/observation.h"
#include "scenario/step.h"

namespace finack {

// What the call must come to: "`close`: success", "`receive`: end or ECONNRESET".
std::string describe_outcomes(const CallStep& call, const std::vector<CallOutcome>& wanted);
// What it came to instead; empty when it came to one of those.
std::string outcome_error(const CallStep& call, const std::vector<CallOutcome>& wanted,
                          const Returned& returned);
// What it came to: "close: done", "receive: 500 octets", "receive: ECONNRESET".
std::string describe_return(const CallStep& call, const Returned& returned);

}  // namespace finack
