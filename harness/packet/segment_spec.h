// SPDX-License-Identifier: Apache-2.0
// A segment as a scenario writes it: only what matters, the rest left to what a correct TCP would do.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "packet/flags.h"
#include "packet/option.h"

namespace finack {

// A sequence or acknowledgment number as written.
struct Number {
  enum class Base : std::uint8_t {
    isn,       // `seq=5`: counted from the initial sequence number of the side that owns the number
    next,      // `seq=next-1`: from the number that is due there
    absolute,  // `seq=#305419896`: the 32 bits on the wire
    any,       // `seq=any`: whatever stands there; only when expecting
  };
  Base base = Base::isn;
  std::int64_t offset = 0;

  friend bool operator==(const Number&, const Number&) = default;
};

// Unset when sending: what a correct peer would send. Unset when expecting: what a correct endpoint would
// send, and it is checked. docs/language.md says for each field what that is.
struct SegmentSpec {
  Flags flags = {};
  Flags optional_flags = {};  // `RST+ACK?`: may stand there or not; only when expecting
  bool any_flags = false;     // `any`; only when expecting
  std::optional<Number> seq = {};
  std::optional<Number> ack = {};
  std::optional<std::uint32_t> length = {};  // octets of payload
  std::optional<std::uint16_t> window = {};
  std::optional<std::uint16_t> urgent = {};
  std::optional<std::vector<Option>> options = {};
  bool bad_checksum = false;

  friend bool operator==(const SegmentSpec&, const SegmentSpec&) = default;
};

}  // namespace finack
