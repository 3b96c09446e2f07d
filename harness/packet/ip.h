// SPDX-License-Identifier: Apache-2.0
// The IPv4 (RFC 791) or IPv6 (RFC 8200) header around what is sent, and the ways in which we can write it
// wrong.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/address.h"
#include "base/bytes.h"
#include "base/result.h"

namespace finack {

namespace ip_protocol {
inline constexpr std::uint8_t icmp = 1, tcp = 6, icmpv6 = 58;
}

// IPv6 extension headers (RFC 8200 4). Of the two routing headers `source_route` has its type 0 and a segment
// left (RFC 5095), the other none.
enum class ExtensionHeader : std::uint8_t { hop_by_hop, routing, destination, source_route };
std::string_view to_string(ExtensionHeader header);
std::optional<ExtensionHeader> parse_extension_header(std::string_view name);

// A field that the family lacks keeps its default.
struct IpHeader {
  std::uint8_t ttl = 64;  // IPv6: hop limit
  std::uint8_t tos = 0;   // IPv6: traffic class
  // IPv4; of an IPv6 packet sent as fragments, the identification in their fragment headers.
  std::uint16_t id = 0;
  bool dont_fragment = true;                     // IPv4
  std::uint32_t flow = 0;                        // IPv6: flow label, 20 bits
  Bytes options = {};                            // IPv4, at most 40 octets; sent padded to a multiple of 4
  std::vector<ExtensionHeader> extensions = {};  // IPv6, in their order; sent without any content

  friend bool operator==(const IpHeader&, const IpHeader&) = default;
};

struct Fragments {
  std::uint8_t count = 2;    // 1 to 16; IPv6 alone has packets of one fragment (RFC 6946)
  bool reversed = false;     // the last one first
  bool overlapping = false;  // each repeats the last eight octets of the one before (RFC 791 3.2, 8200 4.5)

  friend bool operator==(const Fragments&, const Fragments&) = default;
};

// Fields that are sent as given, not as what is sent would have it. Those of one family alone do nothing in
// the other.
struct IpDefects {
  std::optional<std::uint8_t> version = {};
  std::optional<std::uint8_t> header_length = {};  // IPv4, in words of 32 bits
  std::optional<std::uint16_t> length = {};        // IPv4: total length; IPv6: payload length
  std::optional<std::uint8_t> protocol = {};       // IPv6: the next header before what is carried
  bool bad_checksum = false;                       // IPv4
  std::uint16_t cut = 0;                           // octets left off at the end of the (last) packet
  std::optional<Fragments> fragments = {};

  friend bool operator==(const IpDefects&, const IpDefects&) = default;
};

// What one datagram needs besides its content. Both addresses are of one family.
struct Carriage {
  Address source;
  Address destination;
  IpHeader header = {};
  IpDefects defects = {};
};

// The packets that carry `content`: one, or as many as there are to be fragments. An IPv4 checksum is right
// for the header as long as its length field says. Fails when it does not fit.
Result<std::vector<Bytes>> encode_ip(const Carriage& carriage, std::uint8_t protocol, BytesView content);

struct IpView {
  Address source;
  Address destination;
  IpHeader header;
  std::uint8_t protocol = 0;  // of what comes after the extension headers known here
  BytesView content;          // points into the packet
};
// Stays within the octets whatever they are. Octets after the packet are ignored. Fails, with the reason, on
// a fragment, a wrong checksum and lengths that do not fit.
Result<IpView> decode_ip(BytesView packet);

// Of the pseudo-header (RFC 9293 3.1, RFC 8200 8.1) and the octets; 0 over those that hold their right
// checksum.
std::uint16_t transport_checksum(const Address& source, const Address& destination, std::uint8_t protocol,
                                 BytesView octets);

}  // namespace finack
