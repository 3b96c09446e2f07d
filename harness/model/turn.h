// SPDX-License-Identifier: Apache-2.0
// What the functions of the event processing share while one event is processed, and the one place through
// which every decision of theirs goes.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "model/mutant.h"
#include "model/outcome.h"
#include "model/settings.h"
#include "model/tcb.h"
#include "packet/segment.h"

namespace finack::model {

// Told of each decision that takes effect.
using EdgeHook = std::function<void(const EndpointPair& pair, const Outcome& outcome)>;

struct Turn {
  const Settings& settings;
  const Mutant& mutant;
  const EdgeHook& hook;
  Time now;
  std::vector<Segment>& out;             // what is sent, in its order
  std::optional<Emission> ack_due = {};  // an ACK is owed; it goes out with data, or alone at the end

  bool has(Defect defect) const { return mutant.defect == defect; }
};

// Lets the decision take effect: first `effect`, then the change of state, then what is sent. A mutant may
// change it, or suppress all of it; then false.
template <class Effect>
bool take(Tcb& tcb, Turn& turn, const Outcome& wanted, Effect&& effect);
bool take(Tcb& tcb, Turn& turn, const Outcome& wanted);

// Two MSL.
Duration time_wait_lasts(const Turn& turn);

// Its parts.
std::optional<Outcome> decide(const Tcb& tcb, Turn& turn, Outcome outcome);
void apply(Tcb& tcb, Turn& turn, const Outcome& outcome);

template <class Effect>
bool take(Tcb& tcb, Turn& turn, const Outcome& wanted, Effect&& effect) {
  const auto outcome = decide(tcb, turn, wanted);
  if (!outcome) return false;
  effect();
  apply(tcb, turn, *outcome);
  return true;
}

}  // namespace finack::model
