// SPDX-License-Identifier: Apache-2.0
// A child process that runs an agent on one end of a socket pair.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/descriptor.h"
#include "base/result.h"
#include "base/time.h"

namespace finack {

struct AgentStart {
  std::string program;                      // a path, or a name to look for in PATH
  std::vector<std::string> arguments = {};  // without the program's name
  int network_namespace = -1;               // entered by the child before it starts; stays the caller's
  Duration hello_within = 5s;               // from start to the agent's hello
};

// Ends the child at the end of its own life. It gets a short time to end by itself, for which the other end
// of the socket pair should be closed by then; after that it is killed. Never hangs.
class AgentChild {
 public:
  AgentChild() = default;
  explicit AgentChild(pid_t pid) : pid_(pid) {}
  AgentChild(AgentChild&& other) noexcept : pid_(std::exchange(other.pid_, -1)), status_(other.status_) {}
  AgentChild& operator=(AgentChild&& other) noexcept {
    std::swap(pid_, other.pid_);
    std::swap(status_, other.status_);
    return *this;
  }
  AgentChild(const AgentChild&) = delete;
  AgentChild& operator=(const AgentChild&) = delete;
  ~AgentChild();

  pid_t pid() const { return pid_; }
  // Waits until it has ended, at most so long. How it ended, as waitpid() tells it.
  std::optional<int> ended_within(Duration limit);

 private:
  pid_t pid_ = -1;  // -1 once it has ended and was waited for
  std::optional<int> status_;
};

struct StartedAgent {
  AgentChild child;
  Descriptor socket;  // our end; does not block
};

// The child has standard input and output on the pair, our standard error, and nothing else of ours. It dies
// with the thread that calls this, so call it from one that lives as long as the agent is needed. It has a
// process group of its own: an interrupt typed at the terminal reaches us alone, and we end it when we are
// done with it.
Result<StartedAgent> start_agent(const AgentStart& start);

// "exit status 3", "killed by signal 9"
std::string describe_exit(int status);

}  // namespace finack
