// SPDX-License-Identifier: Apache-2.0
// The calls that end a socket.
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "agent/agent.h"
#include "agent/mortal.h"
#include "agent/options.h"

namespace finack::agent {

void Agent::forget(Socket& socket) {
  Description& shared = *socket.shared;
  if (shared.connect_id != 0 && shared.connect_by == socket.handle) {
    output_.error(std::exchange(shared.connect_id, 0), ECANCELED);
  }
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
  const bool last = socket.is_last(), asked = socket.shared->linger_asked;
  if (last && !asked) set_linger_off(fd);
  if (last && asked && close_waits(fd)) {
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
  socket.shared->linger_asked = true;
  close(id, socket);
}

void Agent::drop(Id id, std::uint32_t handle) {
  if (Socket* socket = sockets_.find(handle)) {
    const int fd = socket->fd;
    // Where nobody has asked for anything else it is zero already.
    const bool reset = socket->is_last() && socket->shared->linger_asked;
    forget(*socket);
    if (reset) set_linger_zero(fd);
    ::close(fd);
  }
  output_.ok(id);
}

void Agent::die(Id id, Socket& socket) {
  Mortal mortal;
  const int fd = socket.fd;
  if (const int error = mortal.start(fd); error != 0) return output_.error(id, error);
  if (socket.is_last() && !socket.shared->linger_asked) set_linger_off(fd);
  forget(socket);
  // The process that is to die still holds the socket: nothing is sent, and linger does not wait.
  ::close(fd);
  mortal.kill();
  output_.ok(id);
}

void Agent::destroy(Id id, Socket& socket) {
  if (!diag_.can_destroy()) return output_.refused(id, "this agent cannot destroy sockets");
  // By the ends the connection had when it was made: the stack tells no peer before and after.
  AddressPair pair = socket.shared->pair;
  if (pair.local.any.sa_family == AF_UNSPEC) pair = addresses_of(socket.fd);
  if (const int error = diag_.destroy(socket.fd, pair); error != 0) return output_.error(id, error);
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
