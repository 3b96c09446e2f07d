// SPDX-License-Identifier: Apache-2.0
// Sends and receives in progress: pattern octets out, digest and first mismatch in, nothing kept.
#pragma once

#include <array>
#include <cstdint>

#include "agent/output.h"
#include "agent/socket.h"

namespace finack::agent {

// What a reply says of a receive that has ended, well or not.
Fields receive_fields(const Transfer& receive);
Fields send_fields(const Transfer& send);

class Transfers {
 public:
  // Each goes on with the waiting calls until the stack takes or gives no more, or for so long that the other
  // sockets deserve a turn, and replies to those that are complete.
  void send(Socket& socket, Output& output);
  void receive(Socket& socket, Output& output);

  // Reads the urgent octet, where the stack keeps one out of line, and replies; never waits.
  static void receive_urgent(Socket& socket, Transfer call, Output& output);

 private:
  static constexpr std::uint64_t turn = 1024 * 1024;  // octets

  std::array<std::uint8_t, 64 * 1024> buffer_;
};

}  // namespace finack::agent
