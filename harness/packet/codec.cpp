// SPDX-License-Identifier: Apache-2.0
#include "packet/codec.h"

#include <fmt/format.h>

#include <algorithm>

#include "packet/ip.h"

namespace finack {

namespace {

constexpr std::size_t ipv4_header = 20, ipv6_header = 40, tcp_header = 20, most_options = 40;

Result<Bytes> encode_tcp(const Segment& segment) {
  Bytes options = encode_options(segment.options);
  while (options.size() % 4 != 0) options.push_back(option_kind::end);
  if (options.size() > most_options)
    return fail(fmt::format("{} octets of options; a TCP header holds 40", options.size()));
  const auto words = static_cast<std::uint8_t>((tcp_header + options.size()) / 4);

  ByteWriter out(tcp_header + options.size() + segment.payload.size());
  out.u16(segment.source.port);
  out.u16(segment.destination.port);
  out.u32(segment.seq.value);
  out.u32(segment.ack.value);
  out.u8(static_cast<std::uint8_t>(segment.defects.data_offset.value_or(words) << 4 |
                                   (segment.reserved & 0x0f)));
  out.u8(segment.flags.bits());
  out.u16(segment.window);
  out.u16(0);
  out.u16(segment.urgent);
  out.append(options);
  out.append(segment.payload);
  const std::uint16_t right =
      transport_checksum(segment.source.address, segment.destination.address, ip_protocol::tcp, out.bytes());
  const auto wrong = static_cast<std::uint16_t>(right ^ 0x5555);
  out.patch_u16(16, segment.defects.checksum.value_or(segment.bad_checksum ? wrong : right));
  return out.take();
}

}  // namespace

Result<std::vector<Bytes>> encode_packets(const Segment& segment) {
  const auto tcp = encode_tcp(segment);
  if (!tcp) return pass_on(tcp.error());
  return encode_ip({segment.source.address, segment.destination.address, segment.ip, segment.ip_defects},
                   ip_protocol::tcp, *tcp);
}

Result<Bytes> encode_packet(const Segment& segment) {
  if (segment.ip_defects.fragments) return fail("a segment sent as fragments is more than one packet");
  auto packets = encode_packets(segment);
  if (!packets) return pass_on(packets.error());
  return std::move(packets->front());
}

bool arrives_as_written(const Segment& segment) {
  const auto odd = [](const Option& option) { return option.raw || option.length; };
  return !segment.other_connection && !segment.bad_checksum && !segment.has_defects() &&
         segment.ip.extensions.empty() && std::ranges::none_of(segment.options, odd);
}

bool may_be_dropped(const Segment& segment) {
  const auto& fragments = segment.ip_defects.fragments;
  return fragments && fragments->overlapping && segment.source.address.family == Family::ipv4;
}

std::optional<Segment> as_received(const Segment& segment) {
  if (segment.other_connection || segment.bad_checksum) return std::nullopt;
  if (arrives_as_written(segment)) return segment;
  Segment whole = segment;  // a receiver puts fragments together, in whatever order they come
  const auto& fragments = segment.ip_defects.fragments;
  if (fragments && segment.ip_defects.length) return std::nullopt;  // they leave holes
  if (fragments && fragments->overlapping && !may_be_dropped(segment)) return std::nullopt;  // RFC 8200 4.5
  whole.ip_defects.fragments.reset();
  const auto packet = encode_packet(whole);
  if (!packet) return std::nullopt;
  auto seen = decode_packet(*packet);
  if (!seen || seen->bad_checksum || seen->source != segment.source ||
      seen->destination != segment.destination)
    return std::nullopt;
  return std::move(*seen);
}

const Segment* as_received(const Segment& segment, std::optional<Segment>& changed) {
  if (arrives_as_written(segment)) return &segment;
  changed = as_received(segment);
  return changed ? &*changed : nullptr;
}

Result<Segment> decode_packet(BytesView packet) {
  auto ip = decode_ip(packet);
  if (!ip) return pass_on(ip.error());
  if (ip->protocol != ip_protocol::tcp) {
    return fail(fmt::format("{} {}, not TCP",
                            ip->source.family == Family::ipv4 ? "IP protocol" : "IPv6 next header",
                            ip->protocol));
  }

  ByteReader header(ip->content);
  Segment out;
  out.source = {ip->source, header.u16()};
  out.destination = {ip->destination, header.u16()};
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
  if (header_size < tcp_header || header_size > ip->content.size()) {
    return fail(
        fmt::format("the TCP data offset says {} octets; there are {}", header_size, ip->content.size()));
  }
  OptionList options = decode_options(header.take(header_size - tcp_header));
  out.options = std::move(options.options);
  out.malformed_options = options.malformed;
  const BytesView payload = header.rest();
  out.payload.assign(payload.begin(), payload.end());
  out.bad_checksum = transport_checksum(ip->source, ip->destination, ip_protocol::tcp, ip->content) != 0;
  out.ip = std::move(ip->header);
  out.received = true;
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
  ByteWriter out(destination.size() + source.size() + sizeof type + payload.size());
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
