// SPDX-License-Identifier: Apache-2.0
// What happens to a watched socket, told without being asked.
#pragma once

#include "agent/output.h"
#include "agent/socket.h"

namespace finack::agent {

// Looks what `events` of the poller mean and reports it; for connected and listening sockets only.
void check_watch(Socket& socket, unsigned events, Output& output);

// The end of the stream was met, by the watch or by a receive.
void watch_end(Socket& socket, Output& output);

}  // namespace finack::agent
