// SPDX-License-Identifier: Apache-2.0
// Which close rules of the catalogue are checked for sure: something that breaks what the rule demands was
// put into the model, and a scenario written for the rule failed.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "mutation/stage.h"

namespace finack {

// By rules: the only mutants that break what each demands, where that is not what its edges do.
using Breakers = std::map<std::string, std::set<std::string>, std::less<>>;

// Of one rule.
struct Proof {
  std::vector<std::string> mutants;  // that were killed for it
  std::string program;               // where the first of them was
};
using Proofs = std::map<std::string, Proof, std::less<>>;  // by rules; only those that have one

// The rules that the mutant may break, and when a failure counts for one.
Suspects suspects_of(const model::Mutant& mutant, const Breakers& breakers);

Proofs prove_rules(const Stage& stage, const std::vector<model::Mutant>& mutants, const Breakers& breakers);

}  // namespace finack
