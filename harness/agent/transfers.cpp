// SPDX-License-Identifier: Apache-2.0
// Pattern octets to and from the stack, through one buffer.
#include "agent/transfers.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "agent/watch.h"

#ifndef MSG_MORE
#define MSG_MORE 0
#endif
#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0
#endif

namespace finack::agent {

namespace {

// EINPROGRESS: the send made the connection (fast open) and took no octet.
bool try_later(int error) {
  return error == EAGAIN || error == EWOULDBLOCK || error == EINPROGRESS;
}

void note(Transfer& receive, const std::uint8_t* octets, std::size_t count) {
  receive.digest = digest_add(receive.digest, octets, count);
  if (!receive.mismatched) {
    const std::size_t same = pattern_mismatch(receive.seed, receive.offset, octets, count);
    receive.mismatched = same != count;
    receive.mismatch = receive.offset + same;
  }
}

void advance(Transfer& transfer, std::size_t count) {
  transfer.offset += count;
  transfer.done += count;
  transfer.left -= count;
}

// `end`: no more octets will ever come.
void reply_received(Socket& socket, bool end, Output& output) {
  Fields fields = receive_fields(socket.receives.front());
  fields.insert(fields.begin() + 1, {"end", end ? "yes" : "no"});
  output.ok(socket.receives.front().id, std::move(fields));
  socket.receives.erase(socket.receives.begin());
}

}  // namespace

Fields receive_fields(const Transfer& receive) {
  return {{"octets", std::to_string(receive.done)},
          {"digest", digest_text(receive.digest)},
          {"mismatch", receive.mismatched ? std::to_string(receive.mismatch) : "none"}};
}

Fields send_fields(const Transfer& send) {
  return {{"octets", std::to_string(send.done)}};
}

void Transfers::send(Socket& socket, Output& output) {
  for (std::uint64_t total = 0; !socket.sends.empty() && total < turn;) {
    Transfer& call = socket.sends.front();
    std::size_t size = static_cast<std::size_t>(std::min<std::uint64_t>(buffer_.size(), call.left));
    // The urgent octet goes after the others. With them the stack would set its mark behind those that it has
    // taken, if it does not take all.
    if (call.urgent && size == call.left && size > 1) --size;
    const int urgent = call.urgent && call.left == 1 ? MSG_OOB : 0;
    fill_pattern(call.seed, call.offset, buffer_.data(), size);
    // To the stack a call is one write: the buffer's end must not show as a short segment.
    const int more = size < call.left ? MSG_MORE : 0;
    const ssize_t count = ::send(socket.fd, buffer_.data(), size, MSG_NOSIGNAL | more | urgent);
    if (count < 0) {
      int error = errno;
      if (error == EINTR) continue;
      if (try_later(error)) return;
      if (error == EPIPE && socket.shared->kept_error != 0)
        error = std::exchange(socket.shared->kept_error, 0);
      output.error(call.id, error, send_fields(call));
      socket.sends.erase(socket.sends.begin());
      continue;
    }
    total += static_cast<std::uint64_t>(count);
    advance(call, static_cast<std::size_t>(count));
    if (call.left == 0) {
      output.ok(call.id, send_fields(call));
      socket.sends.erase(socket.sends.begin());
    }
  }
}

void Transfers::receive(Socket& socket, Output& output) {
  for (std::uint64_t total = 0; !socket.receives.empty() && total < turn;) {
    Transfer& call = socket.receives.front();
    const std::size_t size = static_cast<std::size_t>(std::min<std::uint64_t>(buffer_.size(), call.left));
    const ssize_t count = ::recv(socket.fd, buffer_.data(), size, 0);
    if (count > 0) {
      total += static_cast<std::uint64_t>(count);
      note(call, buffer_.data(), static_cast<std::size_t>(count));
      advance(call, static_cast<std::size_t>(count));
      if (call.left == 0) reply_received(socket, false, output);
      continue;
    }
    int error = count < 0 ? errno : 0;
    if (error == EINTR) continue;
    if (try_later(error)) return;
    if (error == 0) error = std::exchange(socket.shared->kept_error, 0);
    if (error == 0) {
      reply_received(socket, true, output);
      watch_end(socket, output);
      continue;
    }
    output.error(call.id, error, receive_fields(call));
    socket.receives.erase(socket.receives.begin());
  }
}

void Transfers::receive_urgent(Socket& socket, Transfer call, Output& output) {
  std::uint8_t octet = 0;
  ssize_t count = -1;
  do {
    count = ::recv(socket.fd, &octet, 1, MSG_OOB);
  } while (count < 0 && errno == EINTR);
  if (count < 0) return output.error(call.id, errno);
  note(call, &octet, static_cast<std::size_t>(count));
  call.done = static_cast<std::uint64_t>(count);
  output.ok(call.id, receive_fields(call));
}

}  // namespace finack::agent
