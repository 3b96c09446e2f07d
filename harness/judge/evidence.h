// SPDX-License-Identifier: Apache-2.0
// Finds in an exchange what shows a rule beside its edges, or one that owns none: its situation, in a state
// that the rule names, and after it the target's reactions. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "judge/claims.h"
#include "judge/story.h"
#include "scenario/evidence_words.h"

namespace finack {

// Whether the moment is such a situation; its state is not looked at.
bool is_situation(const Story& story, std::size_t at, Situation word);
// Whether the target reacted so to the situation at that moment.
bool is_reaction(const Story& story, std::size_t situation, Reaction word);

Claim claim_by_evidence(const CatalogueRule& rule, const RuleEvidence& evidence, const Story& story);

// Whether one of the claims in `covers` asks for the states that the target was in.
bool claims_need_states(const Program& program);

// What is known of an exchange when it is over.
struct Exchanged {
  std::span<const std::uint8_t> edges;  // taken for sure, by their places in catalogue_edges()
  bool tracked;                         // to the end
  const Trace& trace;
  const SureStates& states;
};
// Those of the program's `covers` that are rules, in their order.
std::vector<Claim> weigh_claims(const Program& program, const Profile& profile, const Exchanged& exchanged);

}  // namespace finack
