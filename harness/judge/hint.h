// SPDX-License-Identifier: Apache-2.0
// What to look at next, when a step has failed.
#pragma once

#include "judge/observation.h"
#include "judge/verdict.h"
#include "packet/conversation.h"
#include "scenario/scenario.h"

namespace finack {

// Fills finding.hint from the state that the target was found in afterwards, unless it has one already.
// `step` is the step that failed.
void add_hint(Finding& finding, const Program& program, std::size_t step, const Reading& reading,
              const Conversation& conversation);

}  // namespace finack
