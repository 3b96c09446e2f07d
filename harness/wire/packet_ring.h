// SPDX-License-Identifier: Apache-2.0
// Ethernet frames that leave by a link, through a ring shared with the kernel.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "base/bytes.h"
#include "base/descriptor.h"
#include "base/result.h"
#include "wire/mapped_memory.h"

struct tpacket2_hdr;

namespace finack {

// `slot_octets` holds one frame and about 80 octets of the kernel's; a longer frame arrives truncated. Both
// are powers of two, slots of at least 256 octets, the whole of at least one page.
struct RingSize {
  unsigned slots = 4096;
  unsigned slot_octets = 2048;
};

struct CapturedFrame {
  BytesView bytes;               // in the ring: gone when the callback returns
  std::int64_t realtime_ns = 0;  // CLOCK_REALTIME when the kernel gave the frame to the link
  bool truncated = false;
  bool checksum_unfinished = false;  // the sender left the TCP checksum to hardware that is not there
};

// An AF_PACKET socket on one link of the namespace it was opened in. Frames that go out on the link wait in
// the ring; those that come in are not seen. It is opened at the sender's end, for only there a connection's
// segments are in the order in which its TCP sent them: they are handed over one by one. A veth pair puts
// each into the backlog of the processor that it was sent from, and from two of these they arrive in any
// order. The link may have no IP address at all. Closing costs 13 to 15 ms inside the kernel, so keep one for
// many exchanges.
class PacketRing {
 public:
  static Result<PacketRing> open(unsigned link, RingSize size = {});

  // Readable when a frame waits, and in error when the link goes down.
  int fd() const { return socket_.get(); }

  // Hands each waiting frame, at most `limit` of them, to `on_frame(const CapturedFrame&)` in the order of
  // sending and gives its place back to the kernel afterwards. Does not wait. Returns how many there were.
  template <class Callback>
  std::size_t receive(Callback&& on_frame, std::size_t limit = 256) {
    std::size_t count = 0;
    for (; count < limit; ++count) {
      const std::optional<CapturedFrame> frame = front();
      if (!frame) break;
      on_frame(*frame);
      pop();
    }
    return count;
  }

  // Frames that found the ring full since the last call.
  std::uint64_t take_drops();

 private:
  PacketRing(Descriptor socket, MappedMemory ring, RingSize size)
      : socket_(std::move(socket)), ring_(std::move(ring)), size_(size) {}

  tpacket2_hdr* slot() const;
  std::optional<CapturedFrame> front() const;
  void pop();

  Descriptor socket_;
  MappedMemory ring_;
  RingSize size_;
  std::size_t next_ = 0;  // the slot the kernel fills next, as far as we have read
};

}  // namespace finack
