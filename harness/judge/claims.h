// SPDX-License-Identifier: Apache-2.0
// What a scenario claims to cover, held against what its exchange showed. A claim counts only where the judge
// saw the situation that the rule names, and the target's reaction to it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/tcp_state.h"
#include "base/time.h"
#include "scenario/catalogue.h"
#include "scenario/scenario.h"

namespace finack {

// Of a close rule that the program's `covers` names.
struct Claim {
  std::string_view rule;             // its id
  std::vector<TcpState> shown = {};  // the states that the rule names, and in which the exchange showed it
  std::string missing = {};          // what it would have had to show; empty when it showed the rule at all
  // When the situation that it names by evidence first came, in a state that it names, and a reaction did
  // not.
  std::optional<Time> broken_at = {};
};

// The states that its steps name, those of the preamble included, each once.
std::vector<TcpState> states_named(const Program& program);

// Of the states that the rule names those that the program claims it for: those that its steps name too, or
// all where they name none of them.
std::vector<TcpState> states_claimed(const CatalogueRule& rule, std::span<const TcpState> named);

// A rule that owns edges was shown in the state that one of them begins in when it was taken for sure.
// `edges` are those, by their places in catalogue_edges().
Claim claim_by_edges(const CatalogueRule& rule, std::span<const std::uint8_t> edges);

}  // namespace finack
