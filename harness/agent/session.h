// SPDX-License-Identifier: Apache-2.0
// The agent's loop: lines in, calls, lines out, until the harness is gone.
#pragma once

#include <vector>

#include "agent/agent.h"
#include "agent/output.h"
#include "agent/poller.h"
#include "target/protocol.h"

namespace finack::agent {

class Session {
 public:
  // Does not own the descriptors, which may be one and the same.
  Session(int in, int out);

  // Returns when the input has ended or nobody reads the output.
  void run();

 private:
  bool alive() const { return alive_; }
  void read_input();
  // Takes the calls that have come, as long as the replies find room.
  void take_calls();
  void flush() { alive_ = output_.flush() && alive_; }
  void wait();
  void block(bool blocked);

  int in_;
  int out_;
  bool alive_ = true;
  bool always_readable_ = false;  // a regular file
  bool calls_left_ = false;       // lines that came and were not taken for want of room
  bool blocked_ = false;          // the poller waits for room in the output, not for input
  LineBuffer lines_;
  Poller poller_;
  Output output_;
  Agent agent_;
  std::vector<Ready> ready_;
};

}  // namespace finack::agent
