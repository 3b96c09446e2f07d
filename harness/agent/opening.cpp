// SPDX-License-Identifier: Apache-2.0
// The calls that lead from no socket to a connection.
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "agent/agent.h"
#include "agent/options.h"

namespace finack::agent {

namespace {

// Descriptors that never block, and that no child inherits.
#if defined(SOCK_NONBLOCK) && defined(SOCK_CLOEXEC)
int open_socket(int family) {
  return ::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

int take_connection(int listener, SocketAddress& peer, socklen_t& size) {
  return ::accept4(listener, &peer.any, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
}
#else
int never_blocking(int fd) {
  if (fd < 0) return fd;
  fcntl(fd, F_SETFL, O_NONBLOCK);
  fcntl(fd, F_SETFD, FD_CLOEXEC);
  return fd;
}

int open_socket(int family) {
  return never_blocking(::socket(family, SOCK_STREAM, 0));
}

int take_connection(int listener, SocketAddress& peer, socklen_t& size) {
  return never_blocking(::accept(listener, &peer.any, &size));
}
#endif

}  // namespace

void Agent::socket(Id id, const Arguments& a) {
  if (!sockets_.is_free(a.s)) return output_.refused(id, "the handle is in use");
  if (*a.family != "inet" && *a.family != "inet6") return output_.refused(id, "family is inet or inet6");
  const int family = *a.family == "inet" ? AF_INET : AF_INET6;
  const int fd = open_socket(family);
  if (fd < 0) return output_.error(id, errno);
  // Accepted sockets inherit both.
  set_linger_zero(fd);
  // Otherwise urgent octets would be missing from the stream (RFC 6093 section 4).
  set_urgent_inline(fd);
  sockets_.add(a.s, fd, family);
  output_.ok(id);
}

void Agent::dup(Id id, Socket& socket, const Arguments& a) {
  if (!sockets_.is_free(a.as)) return output_.refused(id, "the handle is in use");
  const int fd = fcntl(socket.fd, F_DUPFD_CLOEXEC, 0);
  if (fd < 0) return output_.error(id, errno);
  sockets_.add_dup(a.as, fd, socket);
  output_.ok(id);
}

void Agent::bind(Id id, Socket& socket, const Arguments& a) {
  SocketAddress address;
  if (!parse_address(*a.address, socket.family, a.port, address)) {
    return output_.refused(id, "not an address of the socket's family");
  }
  if (::bind(socket.fd, &address.any, address.size()) != 0) return output_.error(id, errno);
  const SocketAddress local = local_address_of(socket.fd);
  socket.shared->bound = local;
  output_.ok(id, {{"local", address_text(local)}, {"local-port", std::to_string(local.port())}});
}

void Agent::listen(Id id, Socket& socket, const Arguments& a) {
  if (::listen(socket.fd, a.backlog) != 0) return output_.error(id, errno);
  socket.shared->phase = Phase::listening;
  const SocketAddress& bound = socket.shared->bound;
  const bool is_bound = bound.any.sa_family != AF_UNSPEC;
  socket.shared->pair = {is_bound ? bound : local_address_of(socket.fd), SocketAddress()};
  output_.ok(id);
  settle_all(socket);
}

void Agent::accept(Id id, Socket& socket, const Arguments& a) {
  if (!sockets_.is_free(a.as)) return output_.refused(id, "the handle is in use");
  if (socket.accepts.size() == max_pending) return output_.refused(id, "too many calls wait on this socket");
  sockets_.reserve(a.as);
  socket.accepts.push_back({id, a.as});
  if (socket.accepts.size() == 1) finish_accepts(socket);
  settle(socket);
}

void Agent::finish_accepts(Socket& socket) {
  while (!socket.accepts.empty()) {
    const Accept call = socket.accepts.front();
    SocketAddress peer;
    socklen_t size = sizeof peer;
    const int fd = take_connection(socket.fd, peer, size);
    if (fd < 0 && errno == EINTR) continue;
    if (fd < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
    socket.accepts.erase(socket.accepts.begin());
    if (fd < 0) {
      sockets_.release(call.as);
      output_.error(call.id, errno);
      continue;
    }
    Socket& connection = sockets_.add(call.as, fd, socket.family);
    Description& shared = *connection.shared;
    shared.phase = Phase::connected;
    shared.linger_asked = socket.shared->linger_asked;
    // The peer as accept() gave it: a connection reset since has none.
    const SocketAddress& local = socket.shared->pair.local;
    shared.pair = {is_any(local) ? local_address_of(fd) : local, peer};
    output_.ok(call.id, address_fields(shared.pair));
  }
}

void Agent::connect(Id id, Socket& socket, const Arguments& a) {
  SocketAddress peer;
  if (!parse_address(*a.address, socket.family, a.port, peer)) {
    return output_.refused(id, "not an address of the socket's family");
  }
  Description& shared = *socket.shared;
  // The stack may have ended the connect that waits, and would tell it to this one.
  if (shared.phase == Phase::connecting) finish_connect(socket);
  if (shared.connect_id != 0) return output_.error(id, EALREADY);
  const int result = ::connect(socket.fd, &peer.any, peer.size());
  if (result != 0 && errno != EINPROGRESS && errno != EINTR) return output_.error(id, errno);
  shared.pair = {local_address_of(socket.fd), peer};
  shared.phase = result == 0 ? Phase::connected : Phase::connecting;
  if (result == 0) {
    output_.ok(id, address_fields(shared.pair));
  } else {
    shared.connect_id = id;
    shared.connect_by = socket.handle;
  }
  settle_all(socket);
}

void Agent::finish_connect(Socket& socket) {
  Description& shared = *socket.shared;
  pollfd slot{socket.fd, POLLOUT, 0};
  const bool over = ::poll(&slot, 1, 0) != 0;
  int error = 0;
  socklen_t size = sizeof error;
  if (getsockopt(socket.fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
  SocketAddress peer;
  size = sizeof peer;
  if (error == 0 && getpeername(socket.fd, &peer.any, &size) == 0) {
    // Linux takes the connection for made only when connect() has returned 0; until then a further connect
    // would not fail with EISCONN as it does after a blocking one.
    const SocketAddress& to = shared.pair.peer;
    if (::connect(socket.fd, &to.any, to.size()) != 0 && errno != EISCONN) error = errno;
    if (error == EALREADY || error == EINPROGRESS || error == EINTR) return;
  } else if (error == 0 && !over) {
    return;
  }
  shared.phase = error == 0 ? Phase::connected : Phase::fresh;
  if (error == 0) shared.pair.local = local_address_of(socket.fd);
  // 0 where the handle that called connect was closed since.
  const Id id = std::exchange(shared.connect_id, 0);
  if (id != 0 && error != 0) output_.error(id, error);
  if (id != 0 && error == 0) output_.ok(id, address_fields(shared.pair));
  settle_all(socket);
}

}  // namespace finack::agent
