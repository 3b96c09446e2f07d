// SPDX-License-Identifier: Apache-2.0
// What the judge asks of a segment, whoever sent it.
#pragma once

#include "packet/segment.h"

namespace finack {

// What is kept of a segment whose octets do not matter any more. They are not copied either.
inline Segment header_of(const Segment& segment) {
  return {segment.source,       segment.destination,
          segment.seq,          segment.ack,
          segment.flags,        segment.reserved,
          segment.window,       segment.urgent,
          segment.options,      {},
          segment.bad_checksum, segment.malformed_options,
          segment.ip,           segment.defects,
          segment.ip_defects,   segment.other_connection,
          segment.received};
}

inline bool is_bare_ack(const Segment& segment) {
  return segment.flags - flag::psh == flag::ack && segment.payload.empty();
}

}  // namespace finack
