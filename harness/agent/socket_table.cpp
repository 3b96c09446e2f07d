// SPDX-License-Identifier: Apache-2.0
// Handles given out, taken back and remembered.
#include "agent/socket_table.h"

namespace finack::agent {

Socket* SocketTable::find(std::uint32_t handle) {
  const auto found = sockets_.find(handle);
  return found == sockets_.end() ? nullptr : found->second.get();
}

bool SocketTable::is_free(std::uint32_t handle) const {
  return sockets_.count(handle) == 0 && reserved_.count(handle) == 0;
}

Socket& SocketTable::add(std::uint32_t handle, int fd, int family) {
  release(handle);
  closed_.erase(handle);
  auto socket = std::make_unique<Socket>();
  socket->handle = handle;
  socket->generation = ++generation_;
  socket->fd = fd;
  socket->family = family;
  return *(sockets_[handle] = std::move(socket));
}

void SocketTable::remove(std::uint32_t handle) {
  const auto found = sockets_.find(handle);
  if (found == sockets_.end()) return;
  const Socket& socket = *found->second;
  if (socket.pair.local.any.sa_family != AF_UNSPEC) {
    closed_[handle] = {socket.pair, socket.generation};
    closed_order_.emplace_back(handle, socket.generation);
    if (closed_order_.size() > remembered) {
      const auto [oldest, generation] = closed_order_.front();
      closed_order_.pop_front();
      const auto entry = closed_.find(oldest);
      if (entry != closed_.end() && entry->second.generation == generation) closed_.erase(entry);
    }
  }
  sockets_.erase(found);
}

const AddressPair* SocketTable::last_pair(std::uint32_t handle) {
  if (const Socket* socket = find(handle)) {
    return socket->pair.local.any.sa_family == AF_UNSPEC ? nullptr : &socket->pair;
  }
  const auto found = closed_.find(handle);
  return found == closed_.end() ? nullptr : &found->second.pair;
}

}  // namespace finack::agent
