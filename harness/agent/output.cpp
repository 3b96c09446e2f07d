// SPDX-License-Identifier: Apache-2.0
// Replies as lines, and the lines into the descriptor.
#include "agent/output.h"

#include <unistd.h>

#include <cerrno>

#include "agent/errno_name.h"

namespace finack::agent {

void Output::ok(std::uint64_t id, Fields fields) {
  line({id, "ok", std::move(fields)});
}

void Output::error(std::uint64_t id, int error, Fields more) {
  more.insert(more.begin(), {"errno", errno_name(error)});
  line({id, "error", std::move(more)});
}

void Output::refused(std::uint64_t id, const std::string& why) {
  line({id, "refused", {{"why", why}}});
}

bool Output::flush() {
  std::size_t done = 0;
  bool alive = true;
  while (done < queue_.size()) {
    const ssize_t count = ::write(fd_, queue_.data() + done, queue_.size() - done);
    if (count < 0) {
      if (errno == EINTR) continue;
      alive = errno == EAGAIN || errno == EWOULDBLOCK;
      break;
    }
    done += static_cast<std::size_t>(count);
  }
  queue_.erase(0, done);
  return alive;
}

}  // namespace finack::agent
