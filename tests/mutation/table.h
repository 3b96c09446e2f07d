// SPDX-License-Identifier: Apache-2.0
// The page docs/mutation-table.md: what was noticed of each mutant, and by whom.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "mutation/proofs.h"
#include "mutation/stage.h"

namespace finack {

struct Row {
  const model::Mutant* mutant;
  Notice written;  // against the scenarios as written
  Notice stimuli;  // and reduced to their stimuli
};

// Names of mutants, or of rules, each with a sentence.
using Reasons = std::map<std::string, std::string>;

struct Tally {
  std::size_t reached = 0, caught = 0, by_scenario = 0, by_watchers = 0, by_both = 0;
};
Tally count(const std::vector<Row>& rows, Notice Row::*mode);

std::string mutation_table(const std::vector<Row>& rows, const Reasons& survivors, const Reasons& equivalent,
                           const Proofs& proofs, const Reasons& unproven);

// What the page says of the rules: of each that is proven, how many mutants, the first and where it died.
Proofs read_proofs(const std::string& page);

}  // namespace finack
