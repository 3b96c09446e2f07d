// SPDX-License-Identifier: Apache-2.0
#include "base/poll.h"

#include <fmt/format.h>
#include <sys/epoll.h>

#include <cerrno>
#include <cstring>
#include <ctime>

namespace finack {

Result<Poll> Poll::open() {
  Descriptor epoll(::epoll_create1(EPOLL_CLOEXEC));
  if (!epoll) return fail(fmt::format("cannot make an epoll: {}", std::strerror(errno)));
  return Poll(std::move(epoll));
}

Result<void> Poll::watch(int fd, std::uint64_t tag, bool for_writing) {
  epoll_event event{};
  event.data.u64 = tag;
  event.events = EPOLLIN;
  if (for_writing) event.events |= EPOLLOUT;
  if (::epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, fd, &event) == 0) return {};
  if (errno == ENOENT && ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) == 0) return {};
  return fail(fmt::format("cannot watch a descriptor: {}", std::strerror(errno)));
}

Result<const std::vector<std::uint64_t>*> Poll::wait(Duration most) {
  epoll_event events[64];
  const timespec timeout = {most.count() / 1'000'000'000, most.count() % 1'000'000'000};
  int count = ::epoll_pwait2(epoll_.get(), events, std::size(events), &timeout, nullptr);
  if (count < 0 && errno == ENOSYS) {  // before Linux 5.11: to the millisecond, and rather too late
    const auto ms = std::chrono::ceil<std::chrono::milliseconds>(most).count();
    count = ::epoll_wait(epoll_.get(), events, std::size(events), static_cast<int>(ms));
  }
  ready_.clear();
  if (count < 0 && errno != EINTR) return fail(fmt::format("cannot wait: {}", std::strerror(errno)));
  // A copy each: the structure is packed, and what is in it lies anywhere.
  for (int i = 0; i < count; ++i) ready_.push_back(std::uint64_t{events[i].data.u64});
  return &ready_;
}

}  // namespace finack
