// SPDX-License-Identifier: Apache-2.0
// What a target may never do, or should never, whatever a scenario says: the table of invariants, each with
// its source. judge/invariants.h holds a target to them.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace finack {

enum class InvariantLevel : std::uint8_t {
  must,    // also plain text of the event processing
  should,  // broken, it is a warning
};
std::string_view to_string(InvariantLevel level);

// In the order of the table.
enum class Rule : std::uint8_t {
  ip_checksum,
  tcp_checksum,
  reserved_bits,
  ack_flag,
  option_length,
  option_on_syn,
  option_offered,
  ecn,
  syn_number,
  content,
  fin_number,
  beyond_fin,
  mss,
  window,
  ack_ahead,
  ack_back,
  window_edge,
  sack,
  timestamp_present,
  timestamp_clock,
  timestamp_echo,
  reset_for_reset,
  after_reset,
  reset_fields,
  backoff,
  state_machine,
};

struct Invariant {
  Rule rule;
  std::string_view id;  // "INV-ACK-AHEAD"
  InvariantLevel level;
  std::string_view source;    // sections of RFCs
  std::string_view entries;   // of the catalogue that ask the same; space between
  std::string_view wanted;    // what a finding says was wanted
  std::string_view sentence;  // the whole of it, with what is excepted
};

std::span<const Invariant> invariants();
const Invariant& invariant(Rule rule);

// A segment that breaks one.
struct Violation {
  std::string_view id;
  InvariantLevel level;
  std::string_view source;
  std::string wanted;
  std::string got;         // the segment
  std::string difference;  // what is wrong with it
  std::string signature;   // the same from run to run: the id, and a word where one id stands for several
};

}  // namespace finack
