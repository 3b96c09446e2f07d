// SPDX-License-Identifier: Apache-2.0
// Closes sockets that linger: close() then waits for the peer, even on a socket that never blocks otherwise.
#pragma once

#include <cstdint>

namespace finack::agent {

// A thread for each such close, so that the agent goes on meanwhile. Exiting the process ends them all.
class Closer {
 public:
  Closer();

  // Readable when a close has ended.
  int fd() const { return ends_[0]; }

  // Takes over the descriptor. False when it cannot: too many under way, or no thread to be had.
  bool start(std::uint64_t id, int socket);

  // The next close that has ended: the id of its call and errno or 0. False when there is none; never blocks.
  bool next(std::uint64_t& id, int& error);

 private:
  static constexpr int limit = 64;

  int ends_[2] = {-1, -1};  // a pipe from the threads; never closed, they may outlive this object
  int running_ = 0;
};

}  // namespace finack::agent
