// SPDX-License-Identifier: Apache-2.0
#include "wire/frame_sender.h"

#include <fmt/format.h>
#include <linux/if_packet.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <cerrno>

#include "base/failure.h"

namespace finack {

namespace {

// Frames that the kernel has not yet handed over count against the socket. It has had a second for them.
constexpr timeval patience{.tv_sec = 1, .tv_usec = 0};

}  // namespace

Result<FrameSender> FrameSender::open(unsigned link) {
  // Protocol 0 hears nothing.
  Descriptor socket(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));
  if (!socket) return cannot("open a packet socket");
  const int yes = 1;
  if (::setsockopt(socket.get(), SOL_PACKET, PACKET_QDISC_BYPASS, &yes, sizeof yes) != 0)
    return cannot("bypass the queueing discipline on a packet socket");
  if (::setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience) != 0)
    return cannot("limit how long a packet socket waits");
  sockaddr_ll where{};
  where.sll_family = AF_PACKET;
  where.sll_ifindex = static_cast<int>(link);
  if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&where), sizeof where) != 0)
    return cannot(fmt::format("bind a packet socket to link {}", link));
  return FrameSender(std::move(socket));
}

Result<void> FrameSender::send(BytesView frame) {
  ssize_t sent;
  do {
    sent = ::send(socket_.get(), frame.data(), frame.size(), 0);
  } while (sent < 0 && errno == EINTR);
  if (sent < 0) return cannot(fmt::format("send a frame of {} octets", frame.size()));
  return {};
}

}  // namespace finack
