// SPDX-License-Identifier: Apache-2.0
// A model with one thing wrong, by name: an edge of the state machine taken otherwise, or a defect.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/defects.h"
#include "model/outcome.h"

namespace finack::model {

struct EdgeMutation {
  enum class Kind : std::uint8_t {
    suppressed,  // nothing happens
    diverted,    // to the state `to`
    silent,      // what is to be sent is not
    reset,       // a reset goes out in its place, or where nothing should
    wrong_seq,   // what goes out has a number that is one too high
    wrong_ack,
  };
  std::string_view edge;
  Kind kind = Kind::suppressed;
  TcpState to = TcpState::closed;
};

// No name: the correct model.
struct Mutant {
  std::string name = {};
  std::string about = {};
  std::optional<EdgeMutation> edge = {};
  std::optional<Defect> defect = {};
};

// All there are: "T-022-suppressed", "T-030-to-TIME-WAIT", "T-023-silent", "S-087-wrong-ack",
// "fin-renumbered". An edge is diverted to where other edges lead from the same state, to where it came
// from, to CLOSED and to TIME-WAIT.
const std::vector<Mutant>& model_mutants();
const Mutant* find_mutant(std::string_view name);

// The outcome as the mutant has it; none when nothing is to happen.
std::optional<Outcome> mutate(const Mutant& mutant, Outcome outcome);

}  // namespace finack::model
