// SPDX-License-Identifier: Apache-2.0
// Our end of a connection: turns what a scenario writes into the segment that goes out. What is not written
// is what a correct TCP would send next; what is written goes out as written, right or wrong.
#pragma once

#include <cstdint>

#include "base/address.h"
#include "base/result.h"
#include "packet/conversation.h"
#include "packet/segment.h"
#include "packet/segment_spec.h"

namespace finack {

struct PeerSettings {
  EndpointPair pair;
  Seq isn;                        // initial sequence number of our SYN
  std::uint64_t stream_seed = 0;  // of the octets that we send (base/pattern.h)
  std::uint16_t window = 65535;
};

// The segment to send now. Fails when the scenario asks for more than a packet holds.
Result<Segment> complete(const SegmentSpec& spec, const PeerSettings& settings,
                         const Conversation& conversation);

}  // namespace finack
