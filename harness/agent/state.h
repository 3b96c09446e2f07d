// SPDX-License-Identifier: Apache-2.0
// The state of a connection as the stack itself tells it, where the system has a way to ask.
#pragma once

#include <string>

#include "agent/address.h"

namespace finack::agent {

class StateReader {
 public:
  StateReader();
  ~StateReader();
  StateReader(const StateReader&) = delete;
  StateReader& operator=(const StateReader&) = delete;

  bool available() const { return fd_ >= 0; }

  // `state` gets a name of RFC 9293 3.3.2; CLOSED when the stack knows no such connection. A pair without
  // peer asks for a listener. Gives 0 or an errno value.
  int read(const AddressPair& pair, std::string& state);

 private:
  int fd_ = -1;
  unsigned sequence_ = 0;
};

}  // namespace finack::agent
