// SPDX-License-Identifier: Apache-2.0
#include "mutation/proofs.h"

#include <algorithm>

#include "base/text.h"
#include "mutation/processors.h"
#include "scenario/catalogue.h"
#include "scenario/evidence_words.h"

namespace finack {

namespace {

bool has_edge(const CatalogueRule& rule, std::string_view edge) {
  const auto edges = split_words(rule.edges);
  return std::ranges::find(edges, edge) != edges.end();
}

// A situation without reactions is the reaction: that it did not come about says nothing.
bool has_reactions(const CatalogueRule& rule) {
  const auto at = std::ranges::find(rule_evidence(), rule.id, &RuleEvidence::rule);
  return at != rule_evidence().end() && at->then != WordSet<Reaction>{};
}

}  // namespace

Suspects suspects_of(const model::Mutant& mutant, const Breakers& breakers) {
  Suspects out;
  for (const CatalogueRule& rule : catalogue_rules()) {
    const auto only = breakers.find(rule.id);
    if (only != breakers.end()) {
      if (only->second.contains(mutant.name)) out[std::string(rule.id)];
    } else if (mutant.edge && has_edge(rule, mutant.edge->edge)) {
      const auto edge = std::ranges::find(catalogue_edges(), mutant.edge->edge, &CatalogueEdge::id);
      out[std::string(rule.id)].in = edge->from;
    } else if (has_reactions(rule)) {
      out[std::string(rule.id)].by_evidence = true;
    }
  }
  return out;
}

Proofs prove_rules(const Stage& stage, const std::vector<model::Mutant>& mutants, const Breakers& breakers) {
  const auto kills = on_all_processors<Kills>(
      mutants, [&](const auto& mutant) { return stage.kills(mutant, suspects_of(mutant, breakers)); });
  Proofs out;
  for (std::size_t i = 0; i < mutants.size(); ++i) {
    for (const auto& [rule, program] : kills[i]) {
      Proof& proof = out[rule];
      if (proof.mutants.empty()) proof.program = program;
      proof.mutants.push_back(mutants[i].name);
    }
  }
  return out;
}

}  // namespace finack
