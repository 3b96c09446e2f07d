// SPDX-License-Identifier: Apache-2.0
// Our end of a connection: turns what a scenario writes into what goes out. What is not written is what a
// correct TCP would send next; what is written goes out as written, right or wrong.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/address.h"
#include "base/result.h"
#include "packet/conversation.h"
#include "packet/icmp.h"
#include "packet/segment.h"
#include "packet/segment_spec.h"

namespace finack {

struct PeerSettings {
  EndpointPair pair;
  Seq isn;                        // initial sequence number of our SYN
  std::uint64_t stream_seed = 0;  // of the octets that we send (base/pattern.h)
  std::uint16_t window = 65535;
  // Of our SYN; unset: an MSS alone. A `ts` gets the clock's value. On a SYN+ACK, those that the target's SYN
  // did not carry are left out (RFC 7323 2.2, 3.2; RFC 2018 2).
  std::optional<std::vector<Option>> syn_options = {};
};

// The segment to send now. `clock_ms` counts milliseconds from anywhere, around the circle of 2^32: what our
// timestamps tell (RFC 7323 5.4). Fails, without a place, when the scenario asks for what the family has not.
Result<Segment> complete(const SegmentSpec& spec, const PeerSettings& settings,
                         const Conversation& conversation, std::uint32_t clock_ms = 0);

// The packet with an ICMP error, from our address, about a segment of the target's. Fails as encode_icmp
// does.
Result<Bytes> complete_icmp(const IcmpSpec& spec, const PeerSettings& settings,
                            const Conversation& conversation, BytesView quoted_packet);

}  // namespace finack
