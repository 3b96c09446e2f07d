// SPDX-License-Identifier: Apache-2.0
// The state machine of suites/catalogue/states.yaml at work: what an endpoint becomes when something happens
// to it.
#pragma once

#include <span>
#include <vector>

#include "judge/hypothesis.h"
#include "scenario/catalogue.h"

namespace finack {

// How long a target may take.
struct Delays {
  Duration reaction{};    // until what must be sent is there
  Duration processing{};  // until a segment has been acted on
};

// All that the endpoint may have become after the stimulus: one for each permitted way. A segment is taken
// through the checks of RFC 9293 3.10.7 in their order; an edge of standing `option`, `legacy` or `practice`
// takes the place of those of standing `base`.
void act(const Hypothesis& endpoint, const Stimulus& stimulus, const Delays& delays,
         std::vector<Hypothesis>& into);

// Ends the connection, and what it had yet to send but for resets.
void end_connection(Hypothesis& endpoint);

// The edges that leave the state or stay in it, by their places in catalogue_edges().
std::span<const std::uint8_t> edges_from(TcpState state);
// Those that a timer alone takes, without anything being sent again: 2 MSL, giving up, an orphan's end.
std::span<const std::uint8_t> timeouts_from(TcpState state);

}  // namespace finack
