// SPDX-License-Identifier: Apache-2.0
// The sockets by handle, and the addresses of those that are closed.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <unordered_map>
#include <unordered_set>

#include "agent/socket.h"

namespace finack::agent {

class SocketTable {
 public:
  // Null when there is none.
  Socket* find(std::uint32_t handle);

  // Neither a socket nor promised to an accept that waits.
  bool is_free(std::uint32_t handle) const;
  void reserve(std::uint32_t handle) { reserved_.insert(handle); }
  void release(std::uint32_t handle) { reserved_.erase(handle); }

  // The handle must be free, or reserved by the caller.
  Socket& add(std::uint32_t handle, int fd, int family);
  // Another handle of the same socket.
  Socket& add_dup(std::uint32_t handle, int fd, const Socket& of);
  // Forgets the socket but for its addresses; leaves the descriptor open.
  void remove(std::uint32_t handle);

  // The addresses of the last socket with this handle, closed or not. Null when it never had a connection, or
  // when more than `remembered` others closed since.
  const AddressPair* last_pair(std::uint32_t handle);

 private:
  static constexpr std::size_t remembered = 65536;

  struct Closed {
    AddressPair pair;
    std::uint32_t generation = 0;
  };

  std::unordered_map<std::uint32_t, std::unique_ptr<Socket>> sockets_;
  std::unordered_set<std::uint32_t> reserved_;
  std::unordered_map<std::uint32_t, Closed> closed_;
  std::deque<std::pair<std::uint32_t, std::uint32_t>> closed_order_;  // handle, generation
  std::uint32_t generation_ = 0;
};

}  // namespace finack::agent
