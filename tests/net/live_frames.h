// SPDX-License-Identifier: Apache-2.0
// Hand-made TCP frames for the live test, so that it depends on no other codec.
#pragma once

#include <cstdint>
#include <optional>

#include "base/address.h"
#include "base/bytes.h"
#include "net/links.h"

namespace finack {

inline constexpr std::uint8_t fin = 0x01, syn = 0x02, ack = 0x10;

struct TestSegment {
  Endpoint from;
  Endpoint to;
  std::uint8_t flags = 0;
  std::uint32_t seq = 0;
  std::uint32_t acknowledged = 0;
  std::uint16_t text = 0;  // octets, when sending
};

inline std::uint32_t add_words(BytesView bytes, std::uint32_t sum) {
  for (std::size_t i = 0; i < bytes.size(); ++i)
    sum += static_cast<std::uint32_t>(bytes[i] << (i % 2 == 0 ? 8 : 0));
  return sum;
}
inline std::uint16_t fold(std::uint32_t sum) {
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<std::uint16_t>(~sum);
}
inline std::uint16_t tcp_checksum(const Address& from, const Address& to, BytesView tcp) {
  const std::uint32_t pseudo =
      add_words(to.view(), add_words(from.view(), 6 + static_cast<std::uint32_t>(tcp.size())));
  return fold(add_words(tcp, pseudo));
}

inline Bytes frame_of(const TestSegment& segment, const MacAddress& to, const MacAddress& from) {
  ByteWriter tcp;
  tcp.u16(segment.from.port);
  tcp.u16(segment.to.port);
  tcp.u32(segment.seq);
  tcp.u32(segment.acknowledged);
  tcp.u16(static_cast<std::uint16_t>(0x5000 | segment.flags));
  tcp.u16(65535);
  tcp.u32(0);
  tcp.append(Bytes(segment.text, 'x'));
  tcp.patch_u16(16, tcp_checksum(segment.from.address, segment.to.address, tcp.bytes()));

  ByteWriter ip;
  const bool v4 = segment.from.address.family == Family::ipv4;
  if (v4) {
    ip.u32(0x45000028u + segment.text);
    ip.u32(0x00004000);
    ip.u32(0x40060000);
  } else {
    ip.u32(0x60000000);
    ip.u32(0x00140640u + (std::uint32_t{segment.text} << 16));
  }
  ip.append(segment.from.address.view());
  ip.append(segment.to.address.view());
  if (v4) ip.patch_u16(10, fold(add_words(ip.bytes(), 0)));

  ByteWriter frame;
  frame.append(to);
  frame.append(from);
  frame.u16(v4 ? 0x0800 : 0x86dd);
  frame.append(ip.bytes());
  frame.append(tcp.bytes());
  return frame.take();
}

// The TCP segment in a frame; nothing when there is none or its checksum is wrong.
inline std::optional<TestSegment> segment_in(BytesView frame) {
  ByteReader reader(frame);
  reader.take(12);
  const bool v4 = reader.u16() == 0x0800;
  std::size_t length = 0;
  if (v4) {
    reader.u16();
    length = reader.u16() - std::size_t{20};
    reader.take(5);
  } else {
    reader.u32();
    length = reader.u16();
  }
  const std::uint8_t protocol = reader.u8();
  if (v4) {
    reader.u16();
  } else {
    reader.u8();
  }
  TestSegment out;
  const BytesView from = reader.take(v4 ? 4 : 16);
  const BytesView to = reader.take(v4 ? 4 : 16);
  const BytesView tcp = reader.take(length);
  if (!reader.ok() || protocol != 6) return std::nullopt;
  out.from.address = Address::from_octets(from);
  out.to.address = Address::from_octets(to);
  if (tcp_checksum(out.from.address, out.to.address, tcp) != 0) return std::nullopt;
  ByteReader header(tcp);
  out.from.port = header.u16();
  out.to.port = header.u16();
  out.seq = header.u32();
  out.acknowledged = header.u32();
  out.flags = static_cast<std::uint8_t>(header.u16() & 0x3f);
  return out;
}

}  // namespace finack
