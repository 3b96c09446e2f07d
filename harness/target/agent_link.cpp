// SPDX-License-Identifier: Apache-2.0
// Lines to and from the agent, and how its loss is told.
#include "target/agent_link.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <utility>

#include "base/text.h"

namespace finack {

Result<AgentLink> AgentLink::start(const AgentStart& start) {
  auto started = start_agent(start);
  if (!started) return pass_on(std::move(started.error()));
  AgentLink link(std::move(*started));
  auto hello = link.wait_for_hello(start.hello_within);
  if (!hello) return pass_on(std::move(hello.error()));
  link.hello_ = std::move(*hello);
  return link;
}

Result<AgentHello> AgentLink::wait_for_hello(Duration limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  for (;;) {
    std::vector<Line> lines;
    // Up to its newline and no further: for what comes behind it, fd() shall be readable.
    char octets[max_line];
    const ssize_t seen = ::recv(socket_.get(), octets, sizeof octets, MSG_PEEK);
    const char* newline = seen > 0 ? std::find(octets, octets + seen, '\n') : octets;
    std::size_t count = static_cast<std::size_t>(newline - octets) + 1;
    if (auto done = read_some(count); !done) return pass_on(done.error());
    if (auto done = take_lines(lines); !done) return pass_on(done.error());
    if (!lines.empty()) return read_hello(lines.front());
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) {
      return fail(fmt::format("the agent sent no hello within {}", to_text(limit)), "is it a finack-agent?");
    }
    pollfd slot{socket_.get(), POLLIN, 0};
    ::poll(&slot, 1, static_cast<int>(std::min<std::int64_t>(left.count(), 60'000)));
  }
}

Result<void> AgentLink::send(const Line& line) {
  // What waits already is for the poller to tell of room.
  const bool idle = queue_.empty();
  return queue(line).and_then([&] { return idle ? flush() : Result<void>(); });
}

Result<void> AgentLink::queue(const Line& line) {
  if (lost_) return pass_on(*lost_);
  const std::string text = format_line(line);
  if (text.size() > max_line) {
    return fail(
        fmt::format("a line of {} octets is too long for an agent, which takes {}", text.size(), max_line));
  }
  if (queue_.size() + text.size() > queue_limit) {
    return fail(fmt::format("the agent reads no more calls: {} octets wait for it", queue_.size()));
  }
  queue_ += text;
  return {};
}

Result<void> AgentLink::flush() {
  if (lost_) return pass_on(*lost_);
  std::size_t done = 0;
  while (done < queue_.size()) {
    const ssize_t count = ::send(socket_.get(), queue_.data() + done, queue_.size() - done, MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) break;
    // Its last words may still be unread: leave it to receive() to find out that it is lost.
    if (count < 0) {
      queue_.clear();
      return {};
    }
    done += static_cast<std::size_t>(count);
  }
  queue_.erase(0, done);
  return {};
}

Result<std::vector<Line>> AgentLink::receive() {
  std::vector<Line> lines;
  Result<void> done;
  // A buffer that is not filled was all there is.
  for (std::size_t total = 0, count = most_read; done && count == most_read && total < portion;
       total += count) {
    done = read_some(count);
    if (done) done = take_lines(lines);
  }
  // What came before the loss goes first.
  if (!done && lines.empty()) return pass_on(done.error());
  return lines;
}

// Takes the most octets to read and gives those that came: 0 when none are there now.
Result<void> AgentLink::read_some(std::size_t& count) {
  const std::size_t most = std::exchange(count, 0);
  if (lost_) return pass_on(*lost_);
  char octets[most_read];
  ssize_t got = 0;
  do {
    got = ::recv(socket_.get(), octets, std::min(most, sizeof octets), 0);
  } while (got < 0 && errno == EINTR);
  if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return {};
  if (got <= 0) return lost_by_end();
  count = static_cast<std::size_t>(got);
  buffer_.append(octets, count);
  return {};
}

Result<void> AgentLink::take_lines(std::vector<Line>& lines) {
  std::string_view text;
  for (;;) {
    const LineBuffer::Next next = buffer_.next(text);
    if (next == LineBuffer::Next::none) return {};
    if (next == LineBuffer::Next::too_long) {
      return lost(fmt::format("the agent sent a line of more than {} octets", max_line));
    }
    std::string why;
    if (!parse_line(text, lines.emplace_back(), why)) {
      lines.pop_back();
      return lost(fmt::format("the agent sent \"{}\", which is not a line of the protocol: {}",
                              printable(text), why));
    }
  }
  return {};
}

tl::unexpected<Error> AgentLink::lost(std::string message) {
  // From now on the descriptor reads as ended, so that a loop comes back for the error.
  ::shutdown(socket_.get(), SHUT_RDWR);
  queue_.clear();
  lost_ = Error{std::move(message)};
  return pass_on(*lost_);
}

tl::unexpected<Error> AgentLink::lost_by_end() {
  // A process closes its descriptors a moment before it can be waited for.
  const std::optional<int> status = child_.ended_within(500ms);
  if (status) return lost(fmt::format("the agent ended ({})", describe_exit(*status)));
  return lost("the agent closed its output");
}

}  // namespace finack
