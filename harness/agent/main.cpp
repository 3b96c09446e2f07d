// SPDX-License-Identifier: Apache-2.0
// finack-agent: the application side of the TCP stack under test, driven over standard input and output.
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>

#include "agent/session.h"

int main(int argc, char**) {
  if (argc > 1) {
    std::fputs("usage: finack-agent\nIt takes calls on standard input: see docs/agent-protocol.md.\n",
               stderr);
    return 2;
  }
  std::signal(SIGPIPE, SIG_IGN);
  // As many sockets as the system lets us have; without that, as many as there are.
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
  }
  finack::agent::Session session(STDIN_FILENO, STDOUT_FILENO);
  session.run();
}
