// SPDX-License-Identifier: Apache-2.0
// A host of the model lives through any packets, calls and times, in bounded memory, and what it sends is
// whole.
#include <algorithm>
#include <cstdlib>

#include "packet/codec.h"
#include "world/model_world.h"

namespace {

using namespace finack;

constexpr std::string_view calls[] = {
    "socket s=1 family=inet",
    "bind s=1 address=192.0.2.1 port=1024",
    "listen s=1 backlog=3",
    "accept s=1 as=2",
    "connect s=1 address=198.18.0.1 port=49152",
    "send s=2 seed=1 offset=0 length=5000",
    "send s=2 seed=1 offset=0 length=10 urgent=yes",
    "receive s=2 seed=1 offset=0 length=3000",
    "receive-urgent s=2 seed=1 offset=0",
    "shutdown s=2 how=send",
    "shutdown s=2 how=both",
    "close s=2",
    "abort s=2",
    "destroy s=2",
    "dup s=2 as=3",
    "close s=3",
    "option s=2 name=keepalive value=1",
    "option s=2 name=linger value=3",
    "option s=1 name=oobinline value=0",
    "watch s=2",
    "close s=1",
    "option s=1 name=reuseaddr value=1",
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ModelWorld world;
  const Seat seat = *world.take_seat(Family::ipv4, {});
  ByteReader reader(BytesView(data, size));
  Seq theirs;  // the next number of the model, as far as it is known
  Seq theirs_acked;
  std::uint64_t id = 0;
  std::size_t frames = 0;
  while (reader.left() > 0 && id < 300) {
    const std::uint8_t what = reader.u8();
    ++id;
    if (what < 64) {  // octets as they are
      const BytesView packet = reader.take(std::min<std::size_t>(reader.u8(), reader.left()));
      static_cast<void>(world.inject(seat, what % 2 == 0 ? Family::ipv4 : Family::ipv6, packet));
    } else if (what < 160) {  // a segment near the numbers of the connection
      Segment segment;
      segment.source = seat.pair.peer;
      segment.destination = seat.pair.target;
      segment.flags = Flags(reader.u8());
      segment.seq = theirs_acked + reader.u16() - 100;
      segment.ack = theirs + reader.u8() - 8;
      segment.window = static_cast<std::uint16_t>(reader.u8() << (what % 9));
      segment.urgent = reader.u8();
      segment.payload.resize(reader.u8());
      if (what % 5 == 0)
        segment.options = {mss_option(700),
                           {option_kind::sack_permitted},
                           timestamps_option(static_cast<std::uint32_t>(id), 0)};
      static_cast<void>(world.inject(seat, Family::ipv4, *encode_packet(segment)));
    } else if (what < 220) {
      Line line;
      std::string why;
      const std::string text = std::to_string(id) + " " + std::string(calls[what % std::size(calls)]);
      if (!parse_line(text, line, why)) abort();
      static_cast<void>(world.call(seat, line));
    } else {
      static_cast<void>(world.wait(world.now() + std::chrono::milliseconds(1u << (what % 16))));
    }
    const auto happenings = world.wait(world.now() + 1ms);
    if (!happenings) continue;
    for (const Happening& one : happenings->list) {
      const auto* frame = std::get_if<FrameCame>(&one);
      if (!frame) continue;
      const auto segment = decode_packet(decode_ethernet(frame->frame)->payload);
      if (!segment || segment->bad_checksum) abort();
      theirs = segment->end();
      if (segment->flags.has(flag::ack)) theirs_acked = segment->ack;
      if (++frames > 100'000) abort();
    }
    if (world.records() > 64) abort();
  }
  world.leave_seat(seat);
  return 0;
}
