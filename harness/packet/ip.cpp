// SPDX-License-Identifier: Apache-2.0
#include "packet/ip.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "packet/checksum.h"

namespace finack {

namespace {

constexpr std::size_t ipv4_header = 20, ipv6_header = 40, extension_size = 8, most_options = 40;
constexpr std::size_t most_extensions = 16;
constexpr std::uint8_t fragment_header = 44;
constexpr std::uint16_t more_fragments_ipv4 = 0x2000, dont_fragment_ipv4 = 0x4000, more_fragments_ipv6 = 1;

struct NamedExtension {
  std::string_view name;
  ExtensionHeader header;
};
constexpr std::array<NamedExtension, 4> extension_names = {{{"hop-by-hop", ExtensionHeader::hop_by_hop},
                                                            {"destination", ExtensionHeader::destination},
                                                            {"routing", ExtensionHeader::routing},
                                                            {"source-route", ExtensionHeader::source_route}}};

constexpr std::uint8_t number_of(ExtensionHeader header) {
  switch (header) {
    case ExtensionHeader::hop_by_hop:
      return 0;
    case ExtensionHeader::destination:
      return 60;
    case ExtensionHeader::routing:
    case ExtensionHeader::source_route:
      break;
  }
  return 43;
}

std::optional<ExtensionHeader> known_extension(std::uint8_t number) {
  for (const NamedExtension& known : extension_names) {
    if (number_of(known.header) == number) return known.header;
  }
  return std::nullopt;
}

// A piece of the content, and where it begins there.
struct Piece {
  std::size_t at;
  BytesView octets;
  bool more;  // others follow
};

// All but the last a multiple of eight octets long (RFC 791 3.2, RFC 8200 4.5).
Result<std::vector<Piece>> pieces_of(BytesView content, const Fragments& fragments) {
  const std::size_t count = fragments.count;
  const std::size_t units = (content.size() + 7) / 8;
  if (units < count) {
    return fail(fmt::format("{} octets make at most {} fragments, not {}", content.size(), units, count),
                "each but the last holds a multiple of eight octets");
  }
  std::vector<Piece> out;
  for (std::size_t i = 0, unit = 0; i < count; ++i) {
    const std::size_t end = unit + units / count + (i < units % count ? 1 : 0);
    const std::size_t at = (fragments.overlapping && unit > 0 ? unit - 1 : unit) * 8;
    out.push_back({at, content.subspan(at, std::min(end * 8, content.size()) - at), i + 1 < count});
    unit = end;
  }
  return out;
}

Result<Bytes> ipv4_packet(const Carriage& carriage, std::uint8_t protocol, const Piece& piece) {
  const IpHeader& header = carriage.header;
  const IpDefects& defects = carriage.defects;
  Bytes options = header.options;
  options.resize((options.size() + 3) / 4 * 4);
  if (options.size() > most_options)
    return fail(fmt::format("{} octets of IPv4 options; a header holds 40", options.size()));
  const std::size_t header_size = ipv4_header + options.size();
  if (header_size + piece.octets.size() > 0xffff)
    return fail(fmt::format("{} octets do not fit an IP packet", piece.octets.size()));

  ByteWriter out(header_size + piece.octets.size());
  const std::size_t words = defects.header_length.value_or(static_cast<std::uint8_t>(header_size / 4));
  out.u8(static_cast<std::uint8_t>((defects.version.value_or(4) & 0x0fu) << 4 | (words & 0x0f)));
  out.u8(header.tos);
  out.u16(defects.length.value_or(static_cast<std::uint16_t>(header_size + piece.octets.size())));
  out.u16(header.id);
  out.u16(static_cast<std::uint16_t>(piece.at / 8 | (piece.more ? more_fragments_ipv4 : 0u) |
                                     (header.dont_fragment ? dont_fragment_ipv4 : 0u)));
  out.u8(header.ttl);
  out.u8(defects.protocol.value_or(protocol));
  out.u16(0);
  out.append(carriage.source.view());
  out.append(carriage.destination.view());
  out.append(options);
  out.append(piece.octets);
  // Right for the header that the receiver sees, so that a wrong length is not hidden behind a wrong
  // checksum.
  ChecksumSum sum;
  const bool plausible = words * 4 >= ipv4_header && words * 4 <= out.size();
  sum.add(BytesView(out.bytes()).first(plausible ? words * 4 : header_size));
  out.patch_u16(10, static_cast<std::uint16_t>(sum.finish() ^ (defects.bad_checksum ? 0x5555u : 0u)));
  return out.take();
}

// Eight octets that ask for nothing, but for a source route. Hop-by-hop and destination options: six octets
// of padding. Routing: no segments left, of a type for experiments, which a receiver has to pass over (RFC
// 8200 4.4, RFC 4727 3.4).
void write_extension(ByteWriter& out, ExtensionHeader header, std::uint8_t next, const Address& onward) {
  constexpr std::uint8_t pad_n = 1, experimental_type = 253;
  out.u8(next);
  if (header == ExtensionHeader::source_route) {
    out.u8(2);  // in units of eight octets, the first not counted: one address
    out.u8(0);
    out.u8(1);
    out.u32(0);
    out.append(onward.view());
    return;
  }
  out.u8(0);
  const bool routing = header == ExtensionHeader::routing;
  out.u8(routing ? experimental_type : pad_n);
  out.u8(routing ? 0 : 4);
  out.u32(0);
}

// Writes a chain of extension headers; `after` is the number of what follows it, `onward` where a source
// route leads.
void write_chain(ByteWriter& out, std::span<const ExtensionHeader> chain, std::uint8_t after,
                 const Address& onward) {
  for (std::size_t i = 0; i < chain.size(); ++i)
    write_extension(out, chain[i], i + 1 < chain.size() ? number_of(chain[i + 1]) : after, onward);
}

std::uint8_t first_of(std::span<const ExtensionHeader> chain, std::uint8_t after) {
  return chain.empty() ? after : number_of(chain.front());
}

// `body` is what stands after the IPv6 header, `next` its number.
Result<Bytes> ipv6_packet(const Carriage& carriage, std::uint8_t next, BytesView body) {
  if (body.size() > 0xffff) return fail(fmt::format("{} octets do not fit an IP packet", body.size()));
  const IpHeader& header = carriage.header;
  const IpDefects& defects = carriage.defects;
  ByteWriter out(ipv6_header + body.size());
  out.u32((defects.version.value_or(6) & 0x0fu) << 28 | std::uint32_t{header.tos} << 20 |
          (header.flow & 0xfffff));
  out.u16(defects.length.value_or(static_cast<std::uint16_t>(body.size())));
  out.u8(next);
  out.u8(header.ttl);
  out.append(carriage.source.view());
  out.append(carriage.destination.view());
  out.append(body);
  return out.take();
}

Result<std::vector<Bytes>> encode_ipv6(const Carriage& carriage, std::uint8_t protocol, BytesView content) {
  const std::span<const ExtensionHeader> chain = carriage.header.extensions;
  if (chain.size() > most_extensions)
    return fail(fmt::format("{} extension headers; at most {} are sent", chain.size(), most_extensions));
  const std::uint8_t last = carriage.defects.protocol.value_or(protocol);
  ByteWriter whole;
  if (!carriage.defects.fragments) {
    write_chain(whole, chain, last, carriage.source);
    whole.append(content);
    auto packet = ipv6_packet(carriage, first_of(chain, last), whole.bytes());
    if (!packet) return pass_on(packet.error());
    return std::vector<Bytes>{std::move(*packet)};
  }
  // Each fragment repeats the headers that routers on the way read (RFC 8200 4.5).
  std::size_t repeated = chain.size();
  while (repeated > 0 && chain[repeated - 1] == ExtensionHeader::destination) --repeated;
  write_chain(whole, chain.subspan(repeated), last, carriage.source);
  whole.append(content);
  const auto pieces = pieces_of(whole.bytes(), *carriage.defects.fragments);
  if (!pieces) return pass_on(pieces.error());
  std::vector<Bytes> out;
  for (const Piece& piece : *pieces) {
    ByteWriter body;
    write_chain(body, chain.first(repeated), fragment_header, carriage.source);
    body.u8(first_of(chain.subspan(repeated), last));
    body.u8(0);
    body.u16(static_cast<std::uint16_t>(piece.at | (piece.more ? more_fragments_ipv6 : 0u)));
    body.u32(carriage.header.id);
    body.append(piece.octets);
    auto packet = ipv6_packet(carriage, first_of(chain.first(repeated), fragment_header), body.bytes());
    if (!packet) return pass_on(packet.error());
    out.push_back(std::move(*packet));
  }
  return out;
}

Result<std::vector<Bytes>> encode_ipv4(const Carriage& carriage, std::uint8_t protocol, BytesView content) {
  std::vector<Piece> pieces = {{0, content, false}};
  if (carriage.defects.fragments) {
    auto several = pieces_of(content, *carriage.defects.fragments);
    if (!several) return pass_on(several.error());
    pieces = std::move(*several);
  }
  std::vector<Bytes> out;
  for (const Piece& piece : pieces) {
    auto packet = ipv4_packet(carriage, protocol, piece);
    if (!packet) return pass_on(packet.error());
    out.push_back(std::move(*packet));
  }
  return out;
}

Result<IpView> decode_ipv4(BytesView packet) {
  IpView out;
  ByteReader header(packet);
  const std::size_t header_size = std::size_t{header.u8()} % 16 * 4;
  out.header.tos = header.u8();
  const std::size_t total = header.u16();
  out.header.id = header.u16();
  const std::uint16_t fragment = header.u16();
  out.header.dont_fragment = (fragment & dont_fragment_ipv4) != 0;
  out.header.ttl = header.u8();
  out.protocol = header.u8();
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
  out.source = Address::from_octets(source);
  out.destination = Address::from_octets(destination);
  const BytesView options = header.take(header_size - ipv4_header);
  out.header.options.assign(options.begin(), options.end());
  out.content = packet.subspan(header_size, total - header_size);
  return out;
}

// Walks the extension headers at the front of the content.
Result<void> pass_extensions(IpView& view) {
  for (std::size_t passed = 0;; ++passed) {
    const auto known = known_extension(view.protocol);
    const bool fragment = view.protocol == fragment_header;
    if (!known && !fragment) return {};
    if (passed == most_extensions)
      return fail(fmt::format("over {} IPv6 extension headers", most_extensions));
    ByteReader reader(view.content);
    const std::uint8_t next = reader.u8();
    const std::size_t length = reader.u8();
    const std::size_t size = fragment ? extension_size : (length + 1) * 8;
    const std::uint16_t offset_and_more = reader.u16();
    if (!reader.ok() || size > view.content.size()) return fail("an IPv6 extension header is cut short");
    if (known == ExtensionHeader::routing && (offset_and_more & 0xff) != 0)
      return fail("an IPv6 routing header with somewhere to go");  // not followed here (RFC 5095 3)
    if (known) {
      view.header.extensions.push_back(*known);
    } else if ((offset_and_more & 0xfff9) != 0) {  // else it is whole all the same (RFC 6946)
      return fail("an IPv6 fragment");
    }
    view.protocol = next;
    view.content = view.content.subspan(size);
  }
}

Result<IpView> decode_ipv6(BytesView packet) {
  IpView out;
  ByteReader header(packet);
  const std::uint32_t first = header.u32();
  out.header.tos = static_cast<std::uint8_t>(first >> 20);
  out.header.flow = first & 0xfffff;
  const std::size_t length = header.u16();
  out.protocol = header.u8();
  out.header.ttl = header.u8();
  const BytesView source = header.take(16);
  const BytesView destination = header.take(16);
  if (!header.ok()) return fail("the IPv6 header is cut short");
  if (length > header.left()) {
    return fail(fmt::format("the IPv6 payload length {} exceeds the {} octets there", length, header.left()));
  }
  out.source = Address::from_octets(source);
  out.destination = Address::from_octets(destination);
  out.content = packet.subspan(ipv6_header, length);
  if (auto done = pass_extensions(out); !done) return pass_on(done.error());
  return out;
}

}  // namespace

std::string_view to_string(ExtensionHeader header) {
  for (const NamedExtension& known : extension_names) {
    if (known.header == header) return known.name;
  }
  return "unknown";
}

std::optional<ExtensionHeader> parse_extension_header(std::string_view name) {
  for (const NamedExtension& known : extension_names) {
    if (known.name == name) return known.header;
  }
  return std::nullopt;
}

Result<std::vector<Bytes>> encode_ip(const Carriage& carriage, std::uint8_t protocol, BytesView content) {
  auto packets = carriage.source.family == Family::ipv4 ? encode_ipv4(carriage, protocol, content)
                                                        : encode_ipv6(carriage, protocol, content);
  if (!packets) return packets;
  const std::size_t cut = carriage.defects.cut;
  Bytes& last = packets->back();
  if (cut >= last.size())
    return fail(fmt::format("`cut={}` leaves nothing of a packet of {} octets", cut, last.size()));
  last.resize(last.size() - cut);
  if (carriage.defects.fragments && carriage.defects.fragments->reversed) std::ranges::reverse(*packets);
  return packets;
}

Result<IpView> decode_ip(BytesView packet) {
  if (packet.empty()) return fail("an empty packet");
  const int version = packet[0] >> 4;
  if (version != 4 && version != 6) return fail(fmt::format("IP version {}", version));
  return version == 4 ? decode_ipv4(packet) : decode_ipv6(packet);
}

std::uint16_t transport_checksum(const Address& source, const Address& destination, std::uint8_t protocol,
                                 BytesView octets) {
  ChecksumSum sum;
  sum.add(source.view());
  sum.add(destination.view());
  sum.add(static_cast<std::uint32_t>(octets.size()));
  sum.add(std::uint32_t{protocol});
  sum.add(octets);
  return sum.finish();
}

}  // namespace finack
