// SPDX-License-Identifier: Apache-2.0
#include "wire/packet_ring.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstdint>
#include <iterator>

#include "base/failure.h"

namespace finack {
namespace {

constexpr std::size_t preferred_block = 64 * 1024;  // pages the kernel must find in one piece, if it can

template <class T>
bool set_option(int fd, int option, const T& value) {
  return ::setsockopt(fd, SOL_PACKET, option, &value, sizeof value) == 0;
}

bool hear_outgoing_alone(int fd) {
  sock_filter steps[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(SKF_AD_OFF + SKF_AD_PKTTYPE)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PACKET_OUTGOING, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
      BPF_STMT(BPF_RET | BPF_K, 0),
  };
  const sock_fprog program{std::size(steps), steps};
  return ::setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) == 0;
}

Result<tpacket_req> request_for(RingSize size) {
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  const std::size_t total = std::size_t{size.slots} * size.slot_octets;
  if (!std::has_single_bit(size.slots) || !std::has_single_bit(size.slot_octets) || size.slot_octets < 256 ||
      total < page || total > std::size_t{1} << 30) {
    return fail(fmt::format("a packet ring cannot have {} slots of {} octets", size.slots, size.slot_octets));
  }
  const std::size_t block = std::min(total, std::max({page, preferred_block, std::size_t{size.slot_octets}}));
  tpacket_req out{};
  out.tp_block_size = static_cast<unsigned>(block);
  out.tp_block_nr = static_cast<unsigned>(total / block);
  out.tp_frame_size = size.slot_octets;
  out.tp_frame_nr = size.slots;
  return out;
}

}  // namespace

Result<PacketRing> PacketRing::open(unsigned link, RingSize size) {
  const auto request = request_for(size);
  if (!request) return pass_on(request.error());
  // Protocol 0 hears nothing; only bind() starts it, on the one link. Opened with ETH_P_ALL it would take
  // frames of every link until then, and cost 9 ms.
  Descriptor socket(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));
  if (!socket) return cannot("open a packet socket");
  const int fd = socket.get();
  if (!set_option(fd, PACKET_VERSION, int{TPACKET_V2})) return cannot("choose the format of a packet ring");
  if (!hear_outgoing_alone(fd)) return cannot("ignore incoming frames on a packet socket");
  if (!set_option(fd, PACKET_RX_RING, *request)) return cannot("make a packet ring");

  const std::size_t octets = std::size_t{size.slots} * size.slot_octets;
  MappedMemory ring(::mmap(nullptr, octets, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0), octets);
  if (!ring) return cannot("map a packet ring");
  // An agent has no use for it, and a fork would copy two thousand entries of the page table.
  ::madvise(ring.data(), octets, MADV_DONTFORK);

  sockaddr_ll where{};
  where.sll_family = AF_PACKET;
  where.sll_protocol = htons(ETH_P_ALL);
  where.sll_ifindex = static_cast<int>(link);
  if (::bind(fd, reinterpret_cast<const sockaddr*>(&where), sizeof where) != 0) {
    return cannot(fmt::format("bind a packet socket to link {}", link));
  }
  return PacketRing(std::move(socket), std::move(ring), size);
}

tpacket2_hdr* PacketRing::slot() const {
  return reinterpret_cast<tpacket2_hdr*>(ring_.data() + next_ * size_.slot_octets);
}

std::optional<CapturedFrame> PacketRing::front() const {
  tpacket2_hdr* header = slot();
  // The kernel writes the status last: what it acquires is the rest of the slot.
  const std::uint32_t status = std::atomic_ref(header->tp_status).load(std::memory_order_acquire);
  if ((status & TP_STATUS_USER) == 0) return std::nullopt;
  CapturedFrame frame;
  frame.bytes = {reinterpret_cast<const std::uint8_t*>(header) + header->tp_mac, header->tp_snaplen};
  frame.realtime_ns = std::int64_t{header->tp_sec} * 1'000'000'000 + header->tp_nsec;
  frame.truncated = header->tp_snaplen < header->tp_len;
  frame.checksum_unfinished = (status & TP_STATUS_CSUMNOTREADY) != 0;
  return frame;
}

void PacketRing::pop() {
  std::atomic_ref(slot()->tp_status).store(TP_STATUS_KERNEL, std::memory_order_release);
  next_ = (next_ + 1) % size_.slots;
}

std::uint64_t PacketRing::take_drops() {
  tpacket_stats stats{};
  socklen_t size = sizeof stats;
  // Reading sets the kernel's counter back. If it cannot be read, frames may well be missing.
  if (::getsockopt(socket_.get(), SOL_PACKET, PACKET_STATISTICS, &stats, &size) != 0) return 1;
  return stats.tp_drops;
}

}  // namespace finack
