// SPDX-License-Identifier: Apache-2.0
// Handles given out, taken back and remembered.
#include "agent/socket_table.h"

#include <algorithm>

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
  socket->shared = std::make_shared<Description>();
  socket->shared->handles.push_back(handle);
  return *(sockets_[handle] = std::move(socket));
}

Socket& SocketTable::add_dup(std::uint32_t handle, int fd, const Socket& of) {
  const std::shared_ptr<Description> shared = of.shared;
  Socket& socket = add(handle, fd, of.family);
  socket.shared = shared;
  shared->handles.push_back(handle);
  return socket;
}

void SocketTable::remove(std::uint32_t handle) {
  const auto found = sockets_.find(handle);
  if (found == sockets_.end()) return;
  const Socket& socket = *found->second;
  std::vector<std::uint32_t>& handles = socket.shared->handles;
  handles.erase(std::remove(handles.begin(), handles.end(), handle), handles.end());
  const AddressPair& pair = socket.shared->pair;
  if (pair.local.any.sa_family != AF_UNSPEC) {
    closed_[handle] = {pair, socket.generation};
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
    const AddressPair& pair = socket->shared->pair;
    return pair.local.any.sa_family == AF_UNSPEC ? nullptr : &pair;
  }
  const auto found = closed_.find(handle);
  return found == closed_.end() ? nullptr : &found->second.pair;
}

}  // namespace finack::agent
