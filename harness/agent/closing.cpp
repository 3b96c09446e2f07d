// SPDX-License-Identifier: Apache-2.0
// The calls that end a socket.
#include <unistd.h>

#include <cerrno>

#include "agent/agent.h"
#include "agent/options.h"

namespace finack::agent {

void Agent::forget(Socket& socket) {
  if (socket.phase == Phase::connecting) output_.error(socket.connect_id, ECANCELED);
  for (const Accept& call : socket.accepts) {
    sockets_.release(call.as);
    output_.error(call.id, ECANCELED);
  }
  for (const Transfer& call : socket.sends) output_.error(call.id, ECANCELED, send_fields(call));
  for (const Transfer& call : socket.receives) output_.error(call.id, ECANCELED, receive_fields(call));
  if (socket.interest != 0) poller_.set(socket.fd, 0, 0);
  sockets_.remove(socket.handle);
}

void Agent::close(Id id, Socket& socket) {
  const int fd = socket.fd;
  if (!socket.linger_asked) set_linger_off(fd);
  if (close_waits(fd)) {
    // Out of the poller before the other thread may close it.
    if (socket.interest != 0) poller_.set(fd, 0, 0);
    socket.interest = 0;
    if (closer_.start(id, fd)) return forget(socket);
    settle(socket);
    return output_.refused(id, "too many closes linger");
  }
  forget(socket);
  if (::close(fd) != 0) return output_.error(id, errno);
  output_.ok(id);
}

void Agent::abort(Id id, Socket& socket) {
  if (!set_linger_zero(socket.fd)) return output_.error(id, errno);
  socket.linger_asked = true;
  close(id, socket);
}

void Agent::drop(Id id, std::uint32_t handle) {
  if (Socket* socket = sockets_.find(handle)) {
    const int fd = socket->fd;
    forget(*socket);
    set_linger_zero(fd);
    ::close(fd);
  }
  output_.ok(id);
}

void Agent::report_closed() {
  Id id = 0;
  int error = 0;
  while (closer_.next(id, error)) {
    if (error == 0) {
      output_.ok(id);
    } else {
      output_.error(id, error);
    }
  }
}

}  // namespace finack::agent
