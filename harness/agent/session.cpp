// SPDX-License-Identifier: Apache-2.0
// The loop over input, output and sockets.
#include "agent/session.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace finack::agent {

namespace {

// No socket has these: their low half is no handle.
constexpr std::uint64_t in_tag = UINT64_MAX - 2;
constexpr std::uint64_t out_tag = UINT64_MAX - 3;

// Pipes and sockets only: a terminal's flags belong to the shell too, and a file never blocks.
void never_block(int fd) {
  struct stat status {};
  if (fstat(fd, &status) != 0 || !(S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode))) return;
  fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
}

}  // namespace

Session::Session(int in, int out) : in_(in), out_(out), output_(out), agent_(poller_, output_) {
  never_block(in_);
  never_block(out_);
  always_readable_ = !poller_.set(in_, readable, in_tag);
}

void Session::run() {
  agent_.hello();
  flush();
  while (alive()) {
    wait();
    bool input = always_readable_;
    for (const Ready& ready : ready_) {
      if (ready.tag == in_tag) {
        input = true;
      } else if (ready.tag != out_tag) {
        agent_.ready(ready);
      }
    }
    // No new calls while the harness does not read the replies to the old ones.
    if (!output_.empty()) flush();
    if (output_.empty()) take_calls();
    if (input && output_.empty()) read_input();
    flush();
  }
}

void Session::wait() {
  if (output_.full()) {
    // Not even what the sockets report is wanted now.
    pollfd slot{out_, POLLOUT, 0};
    ::poll(&slot, 1, -1);
    ready_.clear();
    return;
  }
  block(!output_.empty());
  const bool at_once = !blocked_ && (always_readable_ || calls_left_);
  poller_.wait(ready_, at_once ? 0 : -1);
}

void Session::block(bool blocked) {
  if (blocked == blocked_) return;
  const unsigned input = blocked ? 0U : readable;
  const unsigned output = blocked ? writable : 0U;
  if (!always_readable_) poller_.set(in_, input, in_tag);
  poller_.set(out_, output, out_tag);
  blocked_ = blocked;
}

void Session::read_input() {
  char buffer[64 * 1024];
  const ssize_t count = ::read(in_, buffer, sizeof buffer);
  if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) return;
  if (count <= 0) {
    alive_ = false;
    return;
  }
  lines_.append(buffer, static_cast<std::size_t>(count));
  take_calls();
}

void Session::take_calls() {
  std::string_view text;
  calls_left_ = true;
  for (;;) {
    if (output_.full()) flush();
    if (output_.full() || !alive_) return;
    switch (lines_.next(text)) {
      case LineBuffer::Next::line:
        agent_.call(text);
        break;
      case LineBuffer::Next::too_long:
        output_.refused(0, "the line is too long");
        break;
      case LineBuffer::Next::none:
        calls_left_ = false;
        return;
    }
  }
}

}  // namespace finack::agent
