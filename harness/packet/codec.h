// SPDX-License-Identifier: Apache-2.0
// Segments to IP packets and back, and the Ethernet header around them.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "packet/segment.h"

namespace finack {

// The IPv4 or IPv6 packets that carry the segment, in the order in which to send them: one, unless it is to
// be fragmented. The family is that of the addresses. Options are padded with end-of-list to a multiple of
// four octets. Fails when the options exceed 40 octets or the packet 65,535, and when a defect cannot be
// made.
Result<std::vector<Bytes>> encode_packets(const Segment& segment);
// The only one of them. Fails on a segment to be fragmented.
Result<Bytes> encode_packet(const Segment& segment);

// A receiver gets it just as it is: nothing in it is wrong, and it is of this connection.
bool arrives_as_written(const Segment& segment);
// Of IPv4 fragments that overlap RFC 791 3.2 takes the octets that came last; hosts drop all of them, as RFC
// 8200 4.5 demands of IPv6. So TCP sees it, or not.
bool may_be_dropped(const Segment& segment);
// What a careful receiver gets when we send this: none when it must discard the packet, or when it belongs to
// another connection. A wrong data offset moves octets between options and payload.
std::optional<Segment> as_received(const Segment& segment);
// The same without a copy of what arrives as written, as most does: points to `segment` itself, else into
// `changed`. Null when a receiver gets none.
const Segment* as_received(const Segment& segment, std::optional<Segment>& changed);

// The segment in an IP packet. Whatever the octets are, this ends and stays within them. Fails, with the
// reason, on anything that is not one whole TCP segment: another protocol, a fragment, a header that does not
// fit. IPv4 options are kept, of IPv6 extension headers only which they were. Octets after the IP packet
// (Ethernet padding) are ignored.
Result<Segment> decode_packet(BytesView packet);

namespace ether_type {
inline constexpr std::uint16_t ipv4 = 0x0800, ipv6 = 0x86dd;
}

struct EthernetView {
  MacAddress destination;
  MacAddress source;
  std::uint16_t type;
  BytesView payload;  // points into the frame
};
std::optional<EthernetView> decode_ethernet(BytesView frame);
Bytes encode_ethernet(const MacAddress& destination, const MacAddress& source, std::uint16_t type,
                      BytesView payload);

// Where a frame that carries IP goes, looked up without decoding the rest of it: what a dispatcher needs.
std::optional<Address> destination_address(BytesView frame);

}  // namespace finack
