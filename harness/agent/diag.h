// SPDX-License-Identifier: Apache-2.0
// What the stack itself knows of its connections, and its administrator's way to end one, where the system
// has them.
#pragma once

#include <string>

#include "agent/address.h"

namespace finack::agent {

class Diag {
 public:
  Diag();
  ~Diag();
  Diag(const Diag&) = delete;
  Diag& operator=(const Diag&) = delete;

  bool can_read() const { return fd_ >= 0; }
  // Whether the kernel let us destroy a socket of our own, which was tried once.
  bool can_destroy() const { return can_destroy_; }

  // `state` gets a name of RFC 9293 3.3.2; CLOSED when the stack knows no such connection. A pair without
  // peer asks for a listener. Gives 0 or an errno value.
  int read(const AddressPair& pair, std::string& state);

  // Ends the connection of `socket`, whose ends are `pair`, as if it had failed; the descriptor stays open.
  // Gives 0 or an errno value: ENOENT when there is nothing to destroy, EPERM, EOPNOTSUPP.
  int destroy(int socket, const AddressPair& pair);

 private:
  bool try_destroy();

  int fd_ = -1;
  bool can_destroy_ = false;
  unsigned sequence_ = 0;
};

}  // namespace finack::agent
