// SPDX-License-Identifier: Apache-2.0
// ICMP (RFC 792) and ICMPv6 (RFC 4443) errors about a segment, right or wrong.
//
//   NAME [mtu=N] [seq=NUMBER] [quote=OCTETS] [bad-checksum]
//
// NAME is one of icmp_names(), or `type=T code=C`.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/address.h"
#include "base/bytes.h"
#include "base/result.h"
#include "packet/number.h"

namespace finack {

// One name serves both families where they have the same error.
enum class IcmpError : std::uint8_t {
  net_unreachable,
  host_unreachable,
  protocol_unreachable,
  port_unreachable,
  too_big,
  admin_prohibited,
  source_quench,
  time_exceeded,
  parameter_problem,
};

struct IcmpSpec {
  std::optional<IcmpError> error = {};  // unset: type and code say
  std::uint8_t type = 0;
  std::uint8_t code = 0;
  std::optional<std::uint32_t> mtu = {};  // unset with too_big: 1280
  std::optional<Number> seq = {};  // of the quoted segment, in the target's space; never any, no windows
  std::optional<std::uint16_t> quote = {};  // octets of the quoted packet, its IP header included
  bool bad_checksum = false;

  friend bool operator==(const IcmpSpec&, const IcmpSpec&) = default;
};

// The error's place is that of the word at fault, as parse_segment has it.
Result<IcmpSpec> parse_icmp(std::string_view text, const std::optional<Place>& at = {});
// What parse_icmp makes the same spec of.
std::string to_string(const IcmpSpec& spec);
std::span<const std::string_view> icmp_names();

// Whether a connection must survive it (RFC 9293 3.9.2.2, MUST-55 and MUST-56): unreachable for now, time
// exceeded, a parameter problem, Source Quench.
bool is_soft(const IcmpSpec& spec, Family family);

// The whole IP packet with the error. `quoted_packet` is an IP packet with a segment of the target's; as much
// of it is quoted as `quote` says, else what fits 576 octets (RFC 1812 4.3.2.3) or 1280 (RFC 4443 2.4). A
// `seq` must be absolute: peer/peer.h turns any other into that. Fails when the family has no such error, or
// on a quoted packet of the other family.
Result<Bytes> encode_icmp(const IcmpSpec& spec, Family family, BytesView quoted_packet, const Address& source,
                          const Address& destination);

}  // namespace finack
