// SPDX-License-Identifier: Apache-2.0
// One handle of a socket of the stack under test, with the calls that wait on it.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "agent/address.h"
#include "target/protocol.h"

namespace finack::agent {

enum class Phase : std::uint8_t { fresh, connecting, connected, listening };

struct Accept {
  std::uint64_t id = 0;
  std::uint32_t as = 0;  // the handle the connection will get
};

struct Transfer {
  std::uint64_t id = 0;
  std::uint64_t seed = 0;
  std::uint64_t offset = 0;  // of the next octet, in the pattern
  std::uint64_t left = 0;    // octets
  std::uint64_t done = 0;    // octets
  bool urgent = false;       // of a send: its last octet is urgent
  // Of a receive only:
  std::uint64_t digest = digest_start;
  bool mismatched = false;
  std::uint64_t mismatch = 0;  // offset in the pattern of the first octet that departs from it
};

struct Watch {
  bool active = false;
  bool saw_data = false;
  bool saw_end = false;
};

// What POSIX calls the open file description: the socket itself, which all handles that dup made have in
// common.
//
// Until a call says otherwise, linger is zero, so that the end of the program, however it comes, resets its
// connections: an orphan would go on repeating its FIN, and hold its network namespace, for a minute or more.
// The close of the last handle takes that back first; those before it send nothing and leave linger alone.
struct Description {
  std::vector<std::uint32_t> handles;  // those that are open
  Phase phase = Phase::fresh;
  SocketAddress bound;           // since bind
  AddressPair pair;              // since connect, accept or listen
  std::uint64_t connect_id = 0;  // of the connect that waits, or 0
  std::uint32_t connect_by = 0;  // the handle it was called with
  bool linger_asked = false;  // a call has set linger, or the listener that the socket came from had it set
  // An error that the watch had to take from the stack in order to see it. The next call that would have
  // met it gets it.
  int kept_error = 0;
};

// Does not close its descriptor: at the end of the program the system does, and there does not linger.
struct Socket {
  std::uint32_t handle = 0;
  std::uint32_t generation = 0;  // tells it from an earlier socket with the same handle
  int fd = -1;
  int family = AF_INET;
  std::shared_ptr<Description> shared;  // never null
  std::vector<Accept> accepts;          // these three in the order they came
  std::vector<Transfer> sends;
  std::vector<Transfer> receives;
  Watch watch;
  unsigned interest = 0;  // what the poller waits for

  bool is_last() const { return shared->handles.size() == 1; }
};

}  // namespace finack::agent
