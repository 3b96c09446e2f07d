// SPDX-License-Identifier: Apache-2.0
// A process that dies with a socket open.
#pragma once

#include <sys/types.h>

namespace finack::agent {

// The child of a fork that keeps one socket and does nothing. It dies by SIGKILL: in kill(), or when the
// agent is gone. It stays in the agent's process group, for a harness that ends the whole of it.
class Mortal {
 public:
  Mortal() = default;
  ~Mortal();
  Mortal(const Mortal&) = delete;
  Mortal& operator=(const Mortal&) = delete;

  // Gives 0 or an errno value. From then on a close of `socket` here is not its last, if the process lives
  // on.
  int start(int socket);

  // Returns when the process is gone, and with it its descriptor. No zombie is left.
  void kill();

 private:
  pid_t pid_ = -1;
  int leash_[2] = {-1,
                   -1};  // a pipe that only the agent could write to; its end tells the child of the agent's
};

}  // namespace finack::agent
