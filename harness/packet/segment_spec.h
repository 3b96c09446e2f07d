// SPDX-License-Identifier: Apache-2.0
// A segment as a scenario writes it: only what matters, the rest left to what a correct TCP would do.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/address.h"
#include "base/bytes.h"
#include "packet/flags.h"
#include "packet/ip.h"
#include "packet/number.h"
#include "packet/option.h"

namespace finack {

// Flags that a correct endpoint may set or not unless the scenario says so (docs/language.md).
inline constexpr Flags free_flags = flag::psh + flag::ece + flag::cwr;

// Unset when sending: what a correct peer would send. Unset when expecting: what a correct endpoint would
// send, and it is checked. docs/language.md says for each field what that is.
struct SegmentSpec {
  Flags flags = {};
  Flags optional_flags = {};  // `RST+ACK?`: may stand there or not; only when expecting
  Flags absent_flags = {};    // `ACK+!ECE`: of those that are free, which must not; only when expecting
  bool any_flags = false;     // `any`; only when expecting
  std::optional<Number> seq = {};
  std::optional<Number> ack = {};
  std::optional<std::uint32_t> length = {};  // octets of payload
  std::optional<Bytes> data = {};            // the payload itself, `length` octets; unset: the pattern
  std::optional<std::uint16_t> window = {};
  std::optional<std::uint16_t> urgent = {};
  std::optional<std::vector<Option>> options = {};
  bool bad_checksum = false;
  std::optional<std::uint8_t> reserved = {};  // 4 bits

  std::optional<std::uint8_t> ttl = {};  // hop limit
  std::optional<std::uint8_t> tos = {};  // traffic class
  std::optional<std::uint16_t> id = {};
  std::optional<bool> dont_fragment = {};
  std::optional<std::uint32_t> flow = {};  // 20 bits

  // Only when sending, from here on.
  std::optional<std::uint16_t> checksum = {};
  std::optional<std::uint8_t> data_offset = {};  // in words of 32 bits
  std::optional<std::uint16_t> source_port = {};
  std::optional<std::uint16_t> destination_port = {};
  std::optional<Address> source = {};
  std::optional<Address> destination = {};
  std::optional<Bytes> ip_options = {};
  std::optional<std::vector<ExtensionHeader>> extensions = {};
  std::optional<std::uint16_t> ip_length = {};
  std::optional<std::uint8_t> ip_version = {};
  std::optional<std::uint8_t> ip_header_length = {};  // in words of 32 bits
  std::optional<std::uint8_t> protocol = {};
  bool bad_ip_checksum = false;
  std::optional<std::uint16_t> cut = {};  // octets left off at the end of the packet
  std::optional<Fragments> fragments = {};

  friend bool operator==(const SegmentSpec&, const SegmentSpec&) = default;
};

}  // namespace finack
