// SPDX-License-Identifier: Apache-2.0
// The RFC catalogue of suites/catalogue, compiled in at build time by generator/.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "base/tcp_state.h"

namespace finack {

// Whatever a scenario may claim to cover: a close rule, a requirement of RFC 9293, an edge of the state
// machine.
struct CatalogueEntry {
  std::string_view id;       // "CR-054", "MUST-13", "T-059", "S-100"
  std::string_view level;    // "MUST", "SHOULD", "plain", ...; empty for an edge
  std::string_view summary;  // in one sentence
};
// Sorted by id.
std::span<const CatalogueEntry> catalogue_entries();
const CatalogueEntry* find_catalogue_entry(std::string_view id);

// An edge of the state machine that changes the state.
struct Transition {
  std::string_view id;
  TcpState from;
  TcpState to;
};
std::span<const Transition> transitions();

// Whether one connection can be in `to` at some time after `from`, or is there already. CLOSED is the end:
// what comes after it is another connection.
bool reachable(TcpState from, TcpState to);

// The text of a target profile that is compiled in (suites/targets/NAME.yaml).
std::optional<std::string_view> builtin_profile(std::string_view name);

}  // namespace finack
