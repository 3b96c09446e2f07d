// SPDX-License-Identifier: Apache-2.0
#include "packet/codec.h"

#include <fmt/format.h>

#include <algorithm>

#include "packet/checksum.h"

namespace finack {

namespace {

constexpr std::uint8_t protocol_tcp = 6;
constexpr std::size_t ipv4_header = 20, ipv6_header = 40, tcp_header = 20, most_options = 40;
constexpr std::uint8_t hop_limit = 64;

std::uint16_t tcp_checksum(const Address& source, const Address& destination, BytesView tcp) {
  ChecksumSum sum;
  sum.add(source.view());
  sum.add(destination.view());
  sum.add(static_cast<std::uint32_t>(tcp.size()));
  sum.add(protocol_tcp);
  sum.add(tcp);
  return sum.finish();
}

void write_ip_header(ByteWriter& out, const Segment& segment, std::size_t tcp_size) {
  const Address& source = segment.source.address;
  if (source.family == Family::ipv6) {
    out.u32(0x60000000);
    out.u16(static_cast<std::uint16_t>(tcp_size));
    out.u8(protocol_tcp);
    out.u8(hop_limit);
  } else {
    out.u16(0x4500);
    out.u16(static_cast<std::uint16_t>(ipv4_header + tcp_size));
    out.u32(0x00004000);  // identification 0, don't fragment: RFC 6864 allows it for an atomic datagram
    out.u8(hop_limit);
    out.u8(protocol_tcp);
    out.u16(0);
  }
  out.append(source.view());
  out.append(segment.destination.address.view());
  if (source.family == Family::ipv4) {
    ChecksumSum sum;
    sum.add(BytesView(out.bytes()).first(ipv4_header));
    out.patch_u16(10, sum.finish());
  }
}

struct Network {
  Address source;
  Address destination;
  BytesView tcp;
};

Result<Network> decode_ipv4(BytesView packet) {
  ByteReader header(packet);
  const std::size_t header_size = std::size_t{header.u8()} % 16 * 4;
  header.take(1);
  const std::size_t total = header.u16();
  header.take(2);
  const std::uint16_t fragment = header.u16();
  header.take(1);
  const std::uint8_t protocol = header.u8();
  header.take(2);
  const BytesView source = header.take(4);
  const BytesView destination = header.take(4);
  if (!header.ok()) return fail("the IPv4 header is cut short");
  if (header_size < ipv4_header || total < header_size || total > packet.size()) {
    return fail(fmt::format("the IPv4 lengths do not fit: header {}, total {}, octets there {}", header_size,
                            total, packet.size()));
  }
  ChecksumSum sum;
  sum.add(packet.first(header_size));
  if (sum.finish() != 0) return fail("the IPv4 header checksum is wrong");
  if ((fragment & 0x3fff) != 0) return fail("an IPv4 fragment");
  if (protocol != protocol_tcp) return fail(fmt::format("IP protocol {}, not TCP", protocol));
  return Network{Address::from_octets(source), Address::from_octets(destination),
                 packet.subspan(header_size, total - header_size)};
}

Result<Network> decode_ipv6(BytesView packet) {
  ByteReader header(packet);
  header.take(4);
  const std::size_t length = header.u16();
  const std::uint8_t next_header = header.u8();
  header.take(1);
  const BytesView source = header.take(16);
  const BytesView destination = header.take(16);
  if (!header.ok()) return fail("the IPv6 header is cut short");
  if (length > header.left()) {
    return fail(fmt::format("the IPv6 payload length {} exceeds the {} octets there", length, header.left()));
  }
  if (next_header != protocol_tcp) return fail(fmt::format("IPv6 next header {}, not TCP", next_header));
  return Network{Address::from_octets(source), Address::from_octets(destination),
                 packet.subspan(ipv6_header, length)};
}

}  // namespace

Result<Bytes> encode_packet(const Segment& segment) {
  Bytes options = encode_options(segment.options);
  while (options.size() % 4 != 0) options.push_back(option_kind::end);
  if (options.size() > most_options)
    return fail(fmt::format("{} octets of options; a TCP header holds 40", options.size()));
  const std::size_t tcp_size = tcp_header + options.size() + segment.payload.size();
  if (ipv4_header + tcp_size > 0xffff)
    return fail(fmt::format("{} octets do not fit an IP packet", tcp_size));

  ByteWriter out;
  write_ip_header(out, segment, tcp_size);
  const std::size_t at = out.size();
  out.u16(segment.source.port);
  out.u16(segment.destination.port);
  out.u32(segment.seq.value);
  out.u32(segment.ack.value);
  out.u8(static_cast<std::uint8_t>((tcp_header + options.size()) / 4 << 4 | (segment.reserved & 0x0f)));
  out.u8(segment.flags.bits());
  out.u16(segment.window);
  out.u16(0);
  out.u16(segment.urgent);
  out.append(options);
  out.append(segment.payload);
  const std::uint16_t right =
      tcp_checksum(segment.source.address, segment.destination.address, BytesView(out.bytes()).subspan(at));
  out.patch_u16(at + 16, segment.bad_checksum ? static_cast<std::uint16_t>(right ^ 0x5555) : right);
  return out.take();
}

Result<Segment> decode_packet(BytesView packet) {
  if (packet.empty()) return fail("an empty packet");
  const int version = packet[0] >> 4;
  if (version != 4 && version != 6) return fail(fmt::format("IP version {}", version));
  const Result<Network> network = version == 4 ? decode_ipv4(packet) : decode_ipv6(packet);
  if (!network) return pass_on(network.error());

  ByteReader header(network->tcp);
  Segment out;
  out.source = {network->source, header.u16()};
  out.destination = {network->destination, header.u16()};
  out.seq.value = header.u32();
  out.ack.value = header.u32();
  const std::uint8_t offset = header.u8();
  out.reserved = offset & 0x0f;
  out.flags = Flags(header.u8());
  out.window = header.u16();
  header.take(2);
  out.urgent = header.u16();
  if (!header.ok()) return fail("the TCP header is cut short");
  const std::size_t header_size = std::size_t{offset} / 16 * 4;
  if (header_size < tcp_header || header_size > network->tcp.size()) {
    return fail(
        fmt::format("the TCP data offset says {} octets; there are {}", header_size, network->tcp.size()));
  }
  OptionList options = decode_options(header.take(header_size - tcp_header));
  out.options = std::move(options.options);
  out.malformed_options = options.malformed;
  const BytesView payload = header.rest();
  out.payload.assign(payload.begin(), payload.end());
  out.bad_checksum = tcp_checksum(network->source, network->destination, network->tcp) != 0;
  return out;
}

std::optional<EthernetView> decode_ethernet(BytesView frame) {
  ByteReader reader(frame);
  const BytesView destination = reader.take(6);
  const BytesView source = reader.take(6);
  const std::uint16_t type = reader.u16();
  if (!reader.ok()) return std::nullopt;
  EthernetView out{{}, {}, type, reader.rest()};
  std::copy(destination.begin(), destination.end(), out.destination.begin());
  std::copy(source.begin(), source.end(), out.source.begin());
  return out;
}

Bytes encode_ethernet(const MacAddress& destination, const MacAddress& source, std::uint16_t type,
                      BytesView payload) {
  ByteWriter out;
  out.append(destination);
  out.append(source);
  out.u16(type);
  out.append(payload);
  return out.take();
}

std::optional<Address> destination_address(BytesView frame) {
  const auto ethernet = decode_ethernet(frame);
  if (!ethernet) return std::nullopt;
  if (ethernet->type == ether_type::ipv4 && ethernet->payload.size() >= ipv4_header) {
    return Address::from_octets(ethernet->payload.subspan(16, 4));
  }
  if (ethernet->type == ether_type::ipv6 && ethernet->payload.size() >= ipv6_header) {
    return Address::from_octets(ethernet->payload.subspan(24, 16));
  }
  return std::nullopt;
}

}  // namespace finack
