// SPDX-License-Identifier: Apache-2.0
// Lingering closes on threads that report through a pipe.
#include "agent/closer.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <system_error>
#include <thread>

namespace finack::agent {

namespace {

struct Ended {
  std::uint64_t id;
  int error;
};

}  // namespace

Closer::Closer() {
  if (pipe(ends_) != 0) return;
  fcntl(ends_[0], F_SETFL, O_NONBLOCK);
}

bool Closer::start(std::uint64_t id, int socket) {
  if (ends_[1] < 0 || running_ == limit) return false;
  try {
    std::thread([id, socket, report = ends_[1]] {
      const Ended ended{id, ::close(socket) == 0 ? 0 : errno};
      // Shorter than PIPE_BUF, so whole; and `limit` of them fit into any pipe, so it does not block.
      if (::write(report, &ended, sizeof ended) < 0) return;
    }).detach();
  } catch (const std::system_error&) {
    return false;
  }
  ++running_;
  // close() takes the descriptor away before it waits. Until then a fork would copy it, and the copy would
  // keep this close from being the last and from waiting. Sleeping, not yielding: in virtual time a processor
  // that never idles leaves the clock where it is, and may come back to this thread for ever.
  while (fcntl(socket, F_GETFD) >= 0) std::this_thread::sleep_for(std::chrono::microseconds(1));
  return true;
}

bool Closer::next(std::uint64_t& id, int& error) {
  Ended ended{};
  if (::read(ends_[0], &ended, sizeof ended) != static_cast<ssize_t>(sizeof ended)) return false;
  --running_;
  id = ended.id;
  error = ended.error;
  return true;
}

}  // namespace finack::agent
