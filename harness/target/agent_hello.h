// SPDX-License-Identifier: Apache-2.0
// What an agent says of itself in its first line.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "target/protocol.h"

namespace finack {

struct AgentHello {
  int protocol = 0;
  std::string agent;   // its version, as it likes to write it
  std::string system;  // "Linux/6.18.4"
  std::vector<std::string> capabilities;

  bool can(std::string_view capability) const;

  friend bool operator==(const AgentHello&, const AgentHello&) = default;
};

// Fails when the line is no hello, or of another protocol version than ours.
Result<AgentHello> read_hello(const Line& line);

}  // namespace finack
