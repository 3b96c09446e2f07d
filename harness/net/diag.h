// SPDX-License-Identifier: Apache-2.0
// Asks the kernel about one TCP socket at a time, and takes sockets away.
#pragma once

#include <optional>

#include "base/address.h"
#include "base/result.h"
#include "net/diag_message.h"
#include "net/namespace.h"
#include "net/netlink_socket.h"

namespace finack {

// An inet_diag socket for the sockets of one namespace; the calling thread may be in another. A reading is
// one system call to ask and one to get the answer, which is there at once.
class Diag {
 public:
  static Result<Diag> open(const NetworkNamespace& where);

  // Nothing when the kernel knows no such connection: it is CLOSED. With 0 for the peer's port: the listener.
  Result<std::optional<SocketReading>> read(const EndpointPair& pair);

  // Ends a connection at once, whoever owns the socket; the target may send a RST for it. None there is fine.
  // Older kernels (6.1 for one) cannot take away what time_wait counts down; it is left to its timer, and
  // that is fine too.
  enum class Destroyed { yes, nothing, not_time_wait };
  Result<Destroyed> destroy(const EndpointPair& pair);
  // The same for the connection and then its listener, with what nobody has accepted, at a third of the cost.
  struct Cleared {
    std::size_t destroyed = 0;  // sockets
    bool leaves_time_wait = false;
  };
  Result<Cleared> clear(const EndpointPair& pair);

 private:
  explicit Diag(NetlinkSocket socket) : socket_(std::move(socket)) {}
  Result<std::optional<DiagAnswer>> find(const EndpointPair& pair);

  NetlinkSocket socket_;
};

}  // namespace finack
