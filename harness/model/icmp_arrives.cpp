// SPDX-License-Identifier: Apache-2.0
#include "model/icmp_arrives.h"

#include <algorithm>

#include "model/segment_arrives.h"
#include "model/sending.h"
#include "packet/checksum.h"

namespace finack::model {

namespace {

using Kind = IcmpReport::Kind;

bool right_checksum(const IpView& packet, bool ipv4) {
  if (!ipv4)
    return transport_checksum(packet.source, packet.destination, ip_protocol::icmpv6, packet.content) == 0;
  ChecksumSum sum;
  sum.add(packet.content);
  return sum.finish() == 0;
}

std::optional<Kind> kind_ipv4(std::uint8_t type, std::uint8_t code) {
  if (type == 3 && code == 4) return Kind::too_big;
  if (type == 3 && (code == 2 || code == 3)) return Kind::hard;
  if (type == 3 || type == 4 || type == 11 || type == 12) return Kind::soft;  // Source Quench is ignored, too
  return std::nullopt;
}

std::optional<Kind> kind_ipv6(std::uint8_t type, std::uint8_t code) {
  if (type == 2) return Kind::too_big;
  if (type == 1 && (code == 1 || code == 4)) return Kind::hard;
  if (type == 1 || type == 4 || (type == 3 && code <= 1)) return Kind::soft;
  return std::nullopt;
}

// The ends and the number of the segment in a quote, which is cut somewhere behind them.
bool read_quote(ByteReader quote, bool ipv4, IcmpReport& out) {
  BytesView source, destination;
  std::uint8_t protocol = 0;
  if (ipv4) {
    const std::uint8_t first = quote.u8();
    quote.take(8);
    protocol = quote.u8();
    quote.take(2);
    source = quote.take(4);
    destination = quote.take(4);
    if (first >> 4 != 4 || first % 16 < 5) return false;
    quote.take(static_cast<std::size_t>(first % 16 - 5) * 4);
  } else {
    const std::uint8_t first = quote.u8();
    quote.take(5);
    protocol = quote.u8();
    quote.take(1);
    source = quote.take(16);
    destination = quote.take(16);
    if (first >> 4 != 6) return false;
  }
  const std::uint16_t source_port = quote.u16(), destination_port = quote.u16();
  out.seq.value = quote.u32();
  if (!quote.ok() || protocol != ip_protocol::tcp) return false;
  out.pair = {{Address::from_octets(source), source_port},
              {Address::from_octets(destination), destination_port}};
  return true;
}

}  // namespace

std::optional<IcmpReport> decode_icmp(const IpView& packet) {
  const bool ipv4 = packet.source.family == Family::ipv4;
  if (packet.protocol != (ipv4 ? ip_protocol::icmp : ip_protocol::icmpv6)) return std::nullopt;
  if (!right_checksum(packet, ipv4)) return std::nullopt;
  ByteReader reader(packet.content);
  const std::uint8_t type = reader.u8(), code = reader.u8();
  reader.take(2);
  IcmpReport out;
  out.mtu = reader.u32();
  if (ipv4) out.mtu &= 0xffff;
  if (!reader.ok()) return std::nullopt;
  const auto kind = ipv4 ? kind_ipv4(type, code) : kind_ipv6(type, code);
  if (!kind || !read_quote(reader, ipv4, out)) return std::nullopt;
  out.kind = *kind;
  return out;
}

void icmp_arrives(Tcb& tcb, Turn& turn, const IcmpReport& report) {
  const TcpState here = tcb.state;
  // RFC 5927 4.1: about something that is on its way
  const bool under_way = tcb.snd_una <= report.seq && report.seq < tcb.snd_nxt;
  const bool ours = under_way || (turn.settings.any_icmp && report.kind == Kind::hard);
  if (!ours) return;
  const bool ipv4 = tcb.pair.peer.address.family == Family::ipv4;
  switch (report.kind) {
    case Kind::hard:
      take(tcb, turn, {Event::hard_error, here, TcpState::closed}, [&] { set_error(tcb, "ECONNREFUSED"); });
      return;
    case Kind::soft:
      if (turn.has(Defect::soft_error_ends)) {
        apply(tcb, turn, {Event::soft_error, here, TcpState::closed});
      } else {
        take(tcb, turn, {Event::soft_error, here, here});
      }
      return;
    case Kind::too_big: {
      // RFC 1191 3 and 5, RFC 8201 4: of IPv6 what asks for less than there is everywhere is dropped
      const std::uint32_t least = ipv4 ? 68 : 1280;
      if (!ipv4 && report.mtu < least) return;
      const std::uint32_t mtu = std::max(report.mtu == 0 ? 576 : report.mtu, least);
      if (mtu >= tcb.path_mtu) return;
      tcb.path_mtu = static_cast<std::uint16_t>(mtu);
      if (synchronized(here)) send_oldest(tcb, turn, {Emission::Kind::oldest});
      return;
    }
  }
}

}  // namespace finack::model
