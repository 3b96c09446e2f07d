// SPDX-License-Identifier: Apache-2.0
// The poller over poll(), for systems without epoll.
#include "agent/poller.h"

#ifndef FINACK_AGENT_EPOLL

#include <poll.h>

#include <unordered_map>

#ifndef POLLRDHUP
#define POLLRDHUP 0
#endif

namespace finack::agent {

struct Poller::State {
  std::vector<pollfd> slots;
  std::vector<std::uint64_t> tags;  // parallel to slots
  std::unordered_map<int, std::size_t> index;
};

Poller::Poller() : state_(std::make_unique<State>()) {}
Poller::~Poller() = default;

bool Poller::set(int fd, unsigned events, std::uint64_t tag) {
  State& s = *state_;
  const auto found = s.index.find(fd);
  if (events == 0) {
    if (found == s.index.end()) return false;
    const std::size_t hole = found->second;
    s.index.erase(found);
    if (hole + 1 != s.slots.size()) {
      s.slots[hole] = s.slots.back();
      s.tags[hole] = s.tags.back();
      s.index[s.slots[hole].fd] = hole;
    }
    s.slots.pop_back();
    s.tags.pop_back();
    return true;
  }
  int wanted = 0;
  if (events & readable) wanted |= POLLIN;
  if (events & writable) wanted |= POLLOUT;
  if (events & peer_closed) wanted |= POLLRDHUP;
  const pollfd slot{fd, static_cast<short>(wanted), 0};
  if (found != s.index.end()) {
    s.slots[found->second] = slot;
    s.tags[found->second] = tag;
  } else {
    s.index[fd] = s.slots.size();
    s.slots.push_back(slot);
    s.tags.push_back(tag);
  }
  return true;
}

void Poller::wait(std::vector<Ready>& ready, int timeout) {
  ready.clear();
  State& s = *state_;
  if (::poll(s.slots.data(), static_cast<nfds_t>(s.slots.size()), timeout) <= 0) return;
  for (std::size_t i = 0; i < s.slots.size(); ++i) {
    const int got = s.slots[i].revents;
    if (got == 0) continue;
    unsigned events = 0;
    if (got & POLLIN) events |= readable;
    if (got & POLLOUT) events |= writable;
    if (got & POLLRDHUP) events |= peer_closed;
    if (got & (POLLERR | POLLNVAL)) events |= failed;
    if (got & POLLHUP) events |= hung_up;
    ready.push_back({s.tags[i], events});
  }
}

}  // namespace finack::agent

#endif
