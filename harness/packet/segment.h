// SPDX-License-Identifier: Apache-2.0
// A TCP segment with the addresses it travels between, as a value. Sending and receiving use the same one.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/address.h"
#include "base/bytes.h"
#include "base/seq.h"
#include "packet/flags.h"
#include "packet/ip.h"
#include "packet/option.h"

namespace finack {

// What of a TCP header is sent as given, not as the rest would have it.
struct TcpDefects {
  std::optional<std::uint8_t> data_offset = {};  // in words of 32 bits
  std::optional<std::uint16_t> checksum = {};

  friend bool operator==(const TcpDefects&, const TcpDefects&) = default;
};

struct Segment {
  Endpoint source;
  Endpoint destination;
  Seq seq;
  Seq ack;  // the field as it stands, with or without the ACK flag
  Flags flags;
  std::uint8_t reserved = 0;  // the four bits between data offset and flags (RFC 9293 3.1)
  std::uint16_t window = 0;   // as it stands, unscaled
  std::uint16_t urgent = 0;
  std::vector<Option> options = {};
  Bytes payload = {};
  bool bad_checksum = false;       // the TCP checksum is wrong: sent so on purpose, or found so
  bool malformed_options = false;  // decoding only: an option has an illegal length, and the last is raw
  IpHeader ip = {};
  TcpDefects defects = {};        // sending only
  IpDefects ip_defects = {};      // sending only
  bool other_connection = false;  // sending only: its ports or addresses are not those of the one played
  bool received = false;          // decoding only: `ip` is what the other end chose

  bool has_defects() const { return defects != TcpDefects{} || ip_defects != IpDefects{}; }

  // SEG.LEN: payload plus one each for SYN and FIN (RFC 9293 3.4).
  std::uint32_t length() const {
    return static_cast<std::uint32_t>(payload.size()) + (flags.has(flag::syn) ? 1u : 0u) +
           (flags.has(flag::fin) ? 1u : 0u);
  }
  Seq end() const { return seq + length(); }

  friend bool operator==(const Segment&, const Segment&) = default;
};

}  // namespace finack
