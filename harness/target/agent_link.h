// SPDX-License-Identifier: Apache-2.0
// The harness's end of the line to an agent.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/descriptor.h"
#include "base/result.h"
#include "target/agent_child.h"
#include "target/agent_hello.h"
#include "target/protocol.h"

namespace finack {

// Nothing but start() waits. The agent is lost when it ends or does not speak the protocol: receive() tells,
// once it has handed over what came before, and from then on every call fails with that error. Until then
// fd() stays readable, so that a loop comes to see it.
class AgentLink {
 public:
  // Starts the program and waits for its hello. Start it from a thread that outlives the link: see
  // start_agent().
  static Result<AgentLink> start(const AgentStart& start);

  const AgentHello& hello() const { return hello_; }
  // -1 once the agent is known to have ended.
  pid_t pid() const { return child_.pid(); }

  // To wait for lines; also for room when wants_write().
  int fd() const { return socket_.get(); }
  bool wants_write() const { return !queue_.empty(); }

  // Writes the line, or as much as the agent takes now; the rest waits for flush(). Fails, without losing the
  // agent, when too much waits already or the line is longer than the protocol allows; such a line is not
  // sent.
  Result<void> send(const Line& line);
  // The same, but flush() writes the first of it, too: of many calls together this costs one.
  Result<void> queue(const Line& line);
  // Goes on writing what waits.
  Result<void> flush();

  // The whole lines that have come, maybe none. A flood comes in portions of about `portion` octets.
  Result<std::vector<Line>> receive();

 private:
  static constexpr std::size_t queue_limit = 4 * 1024 * 1024;
  static constexpr std::size_t portion = 1024 * 1024;
  static constexpr std::size_t most_read = 64 * 1024;  // at a time

  explicit AgentLink(StartedAgent agent) : child_(std::move(agent.child)), socket_(std::move(agent.socket)) {}

  Result<AgentHello> wait_for_hello(Duration limit);
  Result<void> read_some(std::size_t& count);
  Result<void> take_lines(std::vector<Line>& lines);
  tl::unexpected<Error> lost(std::string message);
  tl::unexpected<Error> lost_by_end();

  AgentChild child_;  // before socket_, which is closed first: that is what ends the child
  Descriptor socket_;
  AgentHello hello_;
  LineBuffer buffer_;
  std::string queue_;
  std::optional<Error> lost_;
};

}  // namespace finack
