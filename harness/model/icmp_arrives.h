// SPDX-License-Identifier: Apache-2.0
// ICMP errors about a connection of ours (RFC 9293 3.9.2.2, RFC 5927).
#pragma once

#include <optional>

#include "model/turn.h"
#include "packet/ip.h"

namespace finack::model {

struct IcmpReport {
  enum class Kind : std::uint8_t { soft, hard, too_big };
  Kind kind = Kind::soft;
  EndpointPair pair;  // of the segment that is quoted, which was ours
  Seq seq;            // its number
  std::uint32_t mtu = 0;
};

// None when it is no error about a TCP segment, or cannot be trusted: a wrong checksum, too short a quote.
std::optional<IcmpReport> decode_icmp(const IpView& packet);

void icmp_arrives(Tcb& tcb, Turn& turn, const IcmpReport& report);

}  // namespace finack::model
