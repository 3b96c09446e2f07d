// SPDX-License-Identifier: Apache-2.0
// The poller over epoll.
#include "agent/poller.h"

#ifdef FINACK_AGENT_EPOLL

#include <sys/epoll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>

namespace finack::agent {

struct Poller::State {
  int fd = epoll_create1(EPOLL_CLOEXEC);
  std::vector<bool> known;  // by descriptor: it was added, and since then maybe closed
  std::array<epoll_event, 256> events{};
};

Poller::Poller() : state_(std::make_unique<State>()) {
  if (state_->fd < 0) {
    std::perror("finack-agent: epoll_create1");
    std::exit(1);
  }
}

Poller::~Poller() {
  ::close(state_->fd);
}

bool Poller::set(int fd, unsigned events, std::uint64_t tag) {
  if (fd < 0) return false;
  const auto place = static_cast<std::size_t>(fd);
  if (place >= state_->known.size()) state_->known.resize(place + 1);
  const bool known = state_->known[place];
  state_->known[place] = events != 0;
  if (events == 0) return epoll_ctl(state_->fd, EPOLL_CTL_DEL, fd, nullptr) == 0;
  epoll_event event{};
  event.data.u64 = tag;
  if (events & readable) event.events |= EPOLLIN;
  if (events & writable) event.events |= EPOLLOUT;
  if (events & peer_closed) event.events |= EPOLLRDHUP;
  if (known && epoll_ctl(state_->fd, EPOLL_CTL_MOD, fd, &event) == 0) return true;
  return epoll_ctl(state_->fd, EPOLL_CTL_ADD, fd, &event) == 0;
}

void Poller::wait(std::vector<Ready>& ready, int timeout) {
  ready.clear();
  const int count =
      epoll_wait(state_->fd, state_->events.data(), static_cast<int>(state_->events.size()), timeout);
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = state_->events[static_cast<std::size_t>(i)];
    unsigned events = 0;
    if (event.events & EPOLLIN) events |= readable;
    if (event.events & EPOLLOUT) events |= writable;
    if (event.events & EPOLLRDHUP) events |= peer_closed;
    if (event.events & EPOLLERR) events |= failed;
    if (event.events & EPOLLHUP) events |= hung_up;
    ready.push_back({event.data.u64, events});
  }
}

}  // namespace finack::agent

#endif
