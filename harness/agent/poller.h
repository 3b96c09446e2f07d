// SPDX-License-Identifier: Apache-2.0
// Waits for descriptors: epoll where present, poll() elsewhere, level-triggered in both.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

// FINACK_AGENT_POLL asks for poll() where epoll is present, so that the other half is tested too.
#if defined(__linux__) && !defined(FINACK_AGENT_POLL)
#define FINACK_AGENT_EPOLL 1
#endif

namespace finack::agent {

// Bits. failed and hung_up are reported whether asked for or not, so a descriptor for which nobody waits must
// be taken out of the poller, or it would wake the agent for ever.
enum Events : unsigned {
  readable = 1,
  writable = 2,
  peer_closed = 4,  // end of stream arrived, even behind data not yet read; only where the system tells
  failed = 8,
  hung_up = 16,
};

struct Ready {
  std::uint64_t tag;
  unsigned events;
};

class Poller {
 public:
  Poller();
  ~Poller();

  // Waits for `events` on `fd` from now on, in place of what was asked before; 0 takes it out. False when the
  // system cannot wait for this kind of descriptor (a regular file under epoll: it is always ready).
  bool set(int fd, unsigned events, std::uint64_t tag);

  // Fills `ready`; returns at the latest after `timeout` ms, -1 for no limit.
  void wait(std::vector<Ready>& ready, int timeout);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace finack::agent
