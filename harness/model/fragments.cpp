// SPDX-License-Identifier: Apache-2.0
#include "model/fragments.h"

#include <algorithm>
#include <utility>

#include "packet/checksum.h"
#include "packet/ip.h"

namespace finack::model {

namespace {

constexpr std::size_t most_datagrams = 256, most_pieces = 64, most_octets = 65'535, most_headers = 8;
constexpr Duration lifetime = 60s;  // RFC 8200 4.5
constexpr std::uint8_t fragment_header = 44;

struct Fragment {
  Address source, destination;
  std::uint32_t id = 0;
  std::uint8_t protocol = 0;
  std::size_t begin = 0;
  bool more = false;
  BytesView octets;
};

std::optional<Fragment> read_ipv4(BytesView packet) {
  ByteReader reader(packet);
  const std::size_t header = std::size_t{reader.u8()} % 16 * 4;
  reader.take(1);
  const std::size_t total = reader.u16();
  Fragment out;
  out.id = reader.u16();
  const std::uint16_t place = reader.u16();
  reader.take(1);
  out.protocol = reader.u8();
  reader.take(2);
  const BytesView source = reader.take(4), destination = reader.take(4);
  if (!reader.ok() || header < 20 || total < header || total > packet.size()) return std::nullopt;
  if ((place & 0x3fff) == 0) return std::nullopt;
  ChecksumSum sum;
  sum.add(packet.first(header));
  if (sum.finish() != 0) return std::nullopt;
  out.source = Address::from_octets(source);
  out.destination = Address::from_octets(destination);
  out.begin = std::size_t{place & 0x1fffu} * 8;
  out.more = (place & 0x2000) != 0;
  out.octets = packet.subspan(header, total - header);
  return out;
}

std::optional<Fragment> read_ipv6(BytesView packet) {
  ByteReader reader(packet);
  reader.take(4);
  const std::size_t length = reader.u16();
  std::uint8_t next = reader.u8();
  reader.take(1);
  const BytesView source = reader.take(16), destination = reader.take(16);
  if (!reader.ok() || reader.left() < length) return std::nullopt;
  ByteReader body(packet.subspan(40, length));
  for (std::size_t passed = 0; next == 0 || next == 43 || next == 60; ++passed) {
    next = body.u8();
    body.take(std::size_t{body.u8()} * 8 + 6);
    if (!body.ok() || passed == most_headers) return std::nullopt;
  }
  if (next != fragment_header) return std::nullopt;
  Fragment out;
  out.protocol = body.u8();
  body.take(1);
  const std::uint16_t place = body.u16();
  out.id = body.u32();
  if (!body.ok()) return std::nullopt;
  out.source = Address::from_octets(source);
  out.destination = Address::from_octets(destination);
  out.begin = place & 0xfff8u;
  out.more = (place & 1) != 0;
  out.octets = body.rest();
  return out;
}

std::optional<Fragment> read_fragment(BytesView packet) {
  if (packet.empty()) return std::nullopt;
  if (packet[0] >> 4 == 4) return read_ipv4(packet);
  if (packet[0] >> 4 == 6) return read_ipv6(packet);
  return std::nullopt;
}

}  // namespace

bool Fragments::is_fragment(BytesView packet) {
  return read_fragment(packet).has_value();
}

void Fragments::make_room(std::vector<Piece>& pieces, std::size_t begin, std::size_t end) {
  std::vector<Piece> kept;
  for (const Piece& old : pieces) {
    const BytesView octets = old.octets;
    const auto keep = [&](std::size_t from, std::size_t to) {
      if (from >= to) return;
      const BytesView part = octets.subspan(from - old.begin, to - from);
      kept.push_back({from, Bytes(part.begin(), part.end())});
    };
    const std::size_t old_end = old.begin + octets.size();
    keep(old.begin, std::min(old_end, begin));
    keep(std::max(old.begin, end), old_end);
  }
  pieces = std::move(kept);
}

bool Fragments::insert(Datagram& datagram, Piece piece) {
  const std::size_t end = piece.begin + piece.octets.size();
  if (datagram.source.family == Family::ipv4) make_room(datagram.pieces, piece.begin, end);
  const auto at =
      std::ranges::find_if(datagram.pieces, [&](const Piece& other) { return other.begin >= piece.begin; });
  const bool same = at != datagram.pieces.end() && at->begin == piece.begin && at->octets == piece.octets;
  if (same) return true;  // it came twice
  const bool overlaps_next = at != datagram.pieces.end() && at->begin < end;
  const bool overlaps_last =
      at != datagram.pieces.begin() && std::prev(at)->begin + std::prev(at)->octets.size() > piece.begin;
  const bool beyond = datagram.size && end > *datagram.size;
  if (overlaps_next || overlaps_last || beyond || datagram.pieces.size() == most_pieces) return false;
  datagram.pieces.insert(at, std::move(piece));
  return true;
}

std::optional<Bytes> Fragments::add(Time now, BytesView packet) {
  const auto fragment = read_fragment(packet);
  if (!fragment || fragment->octets.empty()) return std::nullopt;
  const std::size_t end = fragment->begin + fragment->octets.size();
  if (end > most_octets || (fragment->more && fragment->octets.size() % 8 != 0)) return std::nullopt;
  std::erase_if(datagrams_, [&](const Datagram& old) { return old.until <= now; });
  auto at = std::ranges::find_if(datagrams_, [&](const Datagram& one) {
    return one.id == fragment->id && one.source == fragment->source &&
           one.destination == fragment->destination;
  });
  if (at == datagrams_.end()) {
    if (datagrams_.size() == most_datagrams) datagrams_.erase(datagrams_.begin());
    at = datagrams_.insert(datagrams_.end(), {fragment->source, fragment->destination, fragment->id,
                                              fragment->protocol, now + lifetime});
  }
  if (fragment->begin == 0) at->protocol = fragment->protocol;
  if (!fragment->more) at->size = end;
  if (!insert(*at, {fragment->begin, Bytes(fragment->octets.begin(), fragment->octets.end())})) {
    datagrams_.erase(at);
    return std::nullopt;
  }
  Bytes content;
  for (const Piece& piece : at->pieces) {
    if (piece.begin != content.size()) return std::nullopt;
    content.insert(content.end(), piece.octets.begin(), piece.octets.end());
  }
  if (!at->size || content.size() != *at->size) return std::nullopt;
  const auto whole = encode_ip({at->source, at->destination}, at->protocol, content);
  datagrams_.erase(at);
  if (!whole) return std::nullopt;
  return whole->front();
}

}  // namespace finack::model
