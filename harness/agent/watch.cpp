// SPDX-License-Identifier: Apache-2.0
// From what the poller says to what happened to a socket.
#include "agent/watch.h"

#include <cerrno>

#include "agent/errno_name.h"
#include "agent/poller.h"

namespace finack::agent {

namespace {

void report(const Socket& socket, const char* what, Output& output) {
  output.line({0, "event", {{"s", std::to_string(socket.handle)}, {"what", what}}});
}

void report_data(Socket& socket, Output& output) {
  if (!socket.watch.saw_data) report(socket, "readable", output);
  socket.watch.saw_data = true;
}

// The last thing that can happen to a connection.
void report_error(Socket& socket, int error, Output& output) {
  socket.watch.active = false;
  socket.shared->kept_error = error;
  // Linux says EPIPE of a reset that comes after the end of the stream.
  const char* what = error == ECONNRESET || error == EPIPE ? "reset" : "error";
  output.line(
      {0, "event", {{"s", std::to_string(socket.handle)}, {"what", what}, {"errno", errno_name(error)}}});
}

void look_at_data(Socket& socket, Output& output) {
  char octet;
  const ssize_t count = ::recv(socket.fd, &octet, 1, MSG_PEEK);
  if (count > 0) {
    report_data(socket, output);
  } else if (count == 0) {
    watch_end(socket, output);
  } else if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) {
    report_error(socket, errno, output);
  }
}

}  // namespace

void watch_end(Socket& socket, Output& output) {
  if (!socket.watch.active || socket.watch.saw_end) return;
  socket.watch.saw_end = true;
  report(socket, "end", output);
}

void check_watch(Socket& socket, unsigned events, Output& output) {
  if (socket.shared->phase == Phase::listening) {
    if (events & readable) report_data(socket, output);
  } else {
    int error = 0;
    socklen_t size = sizeof error;
    // Asking for the error takes it from the stack; it is kept for the call that would have met it.
    if (events & failed) getsockopt(socket.fd, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) return report_error(socket, error, output);
    if ((events & readable) && !socket.watch.saw_data) look_at_data(socket, output);
    if (events & peer_closed) watch_end(socket, output);
  }
  // Both directions have ended. Nothing more can be told, and the poller would repeat itself for ever.
  if (events & (hung_up | failed)) socket.watch.active = false;
}

}  // namespace finack::agent
