// SPDX-License-Identifier: Apache-2.0
// The agent may have threads, so its child makes nothing but calls that are safe after a signal.
#include "agent/mortal.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>

namespace finack::agent {

namespace {

void close_from_to(unsigned first, unsigned last, unsigned open_max) {
  if (first > last) return;
#ifdef SYS_close_range
  if (::syscall(SYS_close_range, first, last, 0U) == 0) return;
#endif
  for (unsigned fd = first; fd <= last && fd < open_max; ++fd) ::close(static_cast<int>(fd));
}

void close_all_but(int one, int other, unsigned open_max) {
  const auto low = static_cast<unsigned>(std::min(one, other));
  const auto high = static_cast<unsigned>(std::max(one, other));
  if (low > 0) close_from_to(0, low - 1, open_max);
  close_from_to(low + 1, high - 1, open_max);
  close_from_to(high + 1, ~0U, open_max);
}

[[noreturn]] void wait_for_death(int socket, int leash, unsigned open_max) {
  // The writing end of the leash too: else the child would hold itself alive.
  close_all_but(socket, leash, open_max);
  char octet;
  while (::read(leash, &octet, 1) < 0 && errno == EINTR) {
  }
  ::kill(::getpid(), SIGKILL);
  ::_exit(1);
}

unsigned open_limit() {
  constexpr rlim_t most = 1U << 20;
  rlimit limit{};
  return static_cast<unsigned>(getrlimit(RLIMIT_NOFILE, &limit) == 0 ? std::min(limit.rlim_cur, most) : most);
}

}  // namespace

int Mortal::start(int socket) {
  if (::pipe(leash_) != 0) return errno;
  const unsigned open_max = open_limit();
  pid_ = ::fork();
  if (pid_ == 0) wait_for_death(socket, leash_[0], open_max);
  return pid_ < 0 ? errno : 0;
}

void Mortal::kill() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  // ECHILD where this process was started with SIGCHLD ignored: waitpid() has waited for it all the same.
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
}

Mortal::~Mortal() {
  kill();
  for (const int end : leash_) {
    if (end >= 0) ::close(end);
  }
}

}  // namespace finack::agent
