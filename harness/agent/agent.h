// SPDX-License-Identifier: Apache-2.0
// The agent: makes the calls it is told to make and reports how they ended.
#pragma once

#include <cstdint>
#include <string_view>

#include "agent/arguments.h"
#include "agent/closer.h"
#include "agent/diag.h"
#include "agent/output.h"
#include "agent/poller.h"
#include "agent/socket_table.h"
#include "agent/transfers.h"

namespace finack::agent {

class Agent {
 public:
  // Both must outlive the agent.
  Agent(Poller& poller, Output& output);

  void hello();
  // One line of the harness, without its newline.
  void call(std::string_view text);
  // The poller's report for a tag that this agent gave it.
  void ready(const Ready& ready);

 private:
  using Id = std::uint64_t;

  // agent.cpp
  void dispatch(const Line& line, const Arguments& arguments);
  Fields describe() const;
  void watch(Id id, Socket& socket);
  void state(Id id, const Arguments& arguments);
  // Goes on with all that waits on the socket.
  void progress(Socket& socket);
  // Tells the poller what the socket waits for now.
  void settle(Socket& socket);
  // The same for every handle of it.
  void settle_all(const Socket& socket);

  // opening.cpp: from no socket to a connection
  void socket(Id id, const Arguments& arguments);
  void bind(Id id, Socket& socket, const Arguments& arguments);
  void listen(Id id, Socket& socket, const Arguments& arguments);
  void accept(Id id, Socket& socket, const Arguments& arguments);
  void connect(Id id, Socket& socket, const Arguments& arguments);
  void finish_connect(Socket& socket);
  void finish_accepts(Socket& socket);

  // calls.cpp: on a connection
  void send(Id id, Socket& socket, const Arguments& arguments);
  void receive(Id id, Socket& socket, const Arguments& arguments);
  void receive_urgent(Id id, Socket& socket, const Arguments& arguments);
  void shutdown(Id id, Socket& socket, const Arguments& arguments);
  void option(Id id, Socket& socket, const Arguments& arguments);
  void name(Id id, Socket& socket);
  void dup(Id id, Socket& socket, const Arguments& arguments);

  // closing.cpp: away with it
  void close(Id id, Socket& socket);
  void abort(Id id, Socket& socket);
  void drop(Id id, std::uint32_t handle);
  void die(Id id, Socket& socket);
  void destroy(Id id, Socket& socket);
  // Replies ECANCELED to all that waits, forgets the socket, leaves the descriptor open.
  void forget(Socket& socket);
  void report_closed();

  Poller& poller_;
  Output& output_;
  SocketTable sockets_;
  Transfers transfers_;
  Diag diag_;
  Closer closer_;
};

}  // namespace finack::agent
