// SPDX-License-Identifier: Apache-2.0
// Segments to IP packets and back, and the Ethernet header around them.
#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "base/result.h"
#include "packet/segment.h"

namespace finack {

// The IPv4 or IPv6 packet that carries the segment, its family taken from the addresses. Options are padded
// with end-of-list to a multiple of four octets. Fails when the options exceed 40 octets or the packet
// 65,535.
Result<Bytes> encode_packet(const Segment& segment);

// The segment in an IP packet. Whatever the octets are, this ends and stays within them. Fails, with the
// reason, on anything that is not one whole TCP segment: another protocol, a fragment, a header that does not
// fit. Octets after the IP packet (Ethernet padding) are ignored.
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
