// SPDX-License-Identifier: Apache-2.0
// The calls on a connection.
#include <sys/socket.h>

#include <cerrno>
#include <utility>

#include "agent/agent.h"
#include "agent/errno_name.h"
#include "agent/options.h"

namespace finack::agent {

namespace {

Transfer make_transfer(std::uint64_t id, const Arguments& a) {
  Transfer transfer;
  transfer.id = id;
  transfer.seed = a.seed;
  transfer.offset = a.offset;
  transfer.left = a.length;
  transfer.urgent = a.urgent;
  return transfer;
}

}  // namespace

void Agent::send(Id id, Socket& socket, const Arguments& a) {
  if (socket.sends.size() == max_pending) return output_.refused(id, "too many calls wait on this socket");
  socket.sends.push_back(make_transfer(id, a));
  if (socket.sends.size() == 1) transfers_.send(socket, output_);
  settle(socket);
}

void Agent::receive(Id id, Socket& socket, const Arguments& a) {
  if (socket.receives.size() == max_pending) return output_.refused(id, "too many calls wait on this socket");
  socket.receives.push_back(make_transfer(id, a));
  if (socket.receives.size() == 1) transfers_.receive(socket, output_);
  settle(socket);
}

void Agent::receive_urgent(Id id, Socket& socket, const Arguments& a) {
  transfers_.receive_urgent(socket, make_transfer(id, a), output_);
}

void Agent::shutdown(Id id, Socket& socket, const Arguments& a) {
  int how = 0;
  if (*a.how == "send") {
    how = SHUT_WR;
  } else if (*a.how == "receive") {
    how = SHUT_RD;
  } else if (*a.how == "both") {
    how = SHUT_RDWR;
  } else {
    return output_.refused(id, "how is send, receive or both");
  }
  if (::shutdown(socket.fd, how) != 0) return output_.error(id, errno);
  output_.ok(id);
  // What waits may have nothing left to wait for.
  if (socket.shared->phase != Phase::connecting) progress(socket);
}

void Agent::option(Id id, Socket& socket, const Arguments& a) {
  std::string got;
  const bool ask = a.value == nullptr;
  const bool linger = *a.name == "linger";
  if (linger && ask && !socket.shared->linger_asked) return output_.ok(id, {{"value", "off"}});
  if (ask && *a.name == "error") {
    // A connect that has failed gets its own error.
    if (socket.shared->phase == Phase::connecting) finish_connect(socket);
    if (const int kept = std::exchange(socket.shared->kept_error, 0); kept != 0) {
      return output_.ok(id, {{"value", errno_name(kept)}});
    }
  }
  switch (ask ? get_option(socket.fd, *a.name, got) : set_option(socket.fd, *a.name, *a.value)) {
    case OptionResult::done:
      socket.shared->linger_asked |= linger;
      return output_.ok(id, ask ? Fields{{"value", got}} : Fields());
    case OptionResult::failed:
      return output_.error(id, errno);
    case OptionResult::unknown_name:
      return output_.refused(id, "unknown option");
    case OptionResult::read_only:
      return output_.refused(id, "the option can only be read");
    case OptionResult::bad_value:
      return output_.refused(id, "bad value of value");
  }
}

void Agent::name(Id id, Socket& socket) {
  const AddressPair pair = addresses_of(socket.fd);
  if (pair.local.any.sa_family == AF_UNSPEC) return output_.error(id, errno);
  output_.ok(id, address_fields(pair));
}

}  // namespace finack::agent
