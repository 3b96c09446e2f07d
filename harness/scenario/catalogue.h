// SPDX-License-Identifier: Apache-2.0
// The RFC catalogue of suites/catalogue, compiled in at build time by generator/.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "base/tcp_state.h"
#include "scenario/edge_words.h"

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

// A rule on ending a connection: given a state, when something happens, then the target reacts. Lists of ids
// are separated by spaces, `source` by semicolons; what does not apply is empty.
struct CatalogueRule {
  std::string_view id;
  std::string_view group;      // "TIME-WAIT"
  std::string_view given;      // states
  std::string_view condition;  // beside the state
  std::string_view when;
  std::string_view then;
  std::string_view level;  // "plain": prescribed without a capital keyword
  std::string_view source;
  std::string_view requirements;  // ids
  std::string_view edges;         // ids
  std::string_view testable;      // "wire" or "app"
  std::string_view needs;         // of the application, when "app"
  std::string_view rival;         // a reaction that another text permits
  std::string_view note;
};
std::span<const CatalogueRule> catalogue_rules();

// A requirement of RFC 9293, by the identifier of its Appendix B, or by ours where it has none (U-1).
struct CatalogueRequirement {
  std::string_view id;
  std::string_view level;
  std::string_view section;  // "3.6.1"
  std::string_view topic;
  std::string_view statement;
  std::string_view testable;  // "wire", "app" or "none"
  std::string_view why;       // how to test it, or why not
  std::string_view note;
  std::string_view see;  // the id of another one
};
std::span<const CatalogueRequirement> catalogue_requirements();

// An edge of the state machine, from one state to another (T-059) or back to itself (S-083).
struct CatalogueEdge {
  std::string_view id;
  TcpState from;
  TcpState to;
  std::string_view trigger;  // "user", "segment" or "timer"
  std::string_view event;
  Facts guard;             // the same for machines: taken when all of these are true
  std::string_view emits;  // "none", or the segment sent
  Deeds effect;            // the same for machines, and more
  std::string_view kind;   // "normal", "reset", "timeout", ...
  std::string_view
      close;  // "true" when it begins or ends in a closing state, or ends an ESTABLISHED connection
  Standing standing;
  std::string_view source;
  std::string_view note;
};
std::span<const CatalogueEdge> catalogue_edges();

struct CatalogueState {
  TcpState state;
  std::string_view meaning;
  std::string_view reach;  // how a peer gets the target there
  std::string_view probe;  // how it shows
};
// In the order of TcpState.
std::span<const CatalogueState> catalogue_states();

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
std::span<const std::string_view> builtin_profile_names();

}  // namespace finack
