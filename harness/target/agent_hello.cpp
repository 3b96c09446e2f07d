// SPDX-License-Identifier: Apache-2.0
// The hello, read with care: its agent may be of any make.
#include "target/agent_hello.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

#include "base/text.h"

namespace finack {

bool AgentHello::can(std::string_view capability) const {
  return std::find(capabilities.begin(), capabilities.end(), capability) != capabilities.end();
}

Result<AgentHello> read_hello(const Line& line) {
  if (line.id != 0 || line.word != "hello") {
    return fail(fmt::format("the agent's first line is \"{} {}\", not \"0 hello\"", line.id, line.word));
  }
  const std::string* protocol = line.find("protocol");
  std::uint64_t version = 0;
  if (protocol == nullptr || !parse_number(*protocol, 1'000'000, version)) {
    return fail("the agent's hello names no protocol version");
  }
  if (version != protocol_version) {
    return fail(
        fmt::format("the agent speaks protocol version {}, this finack speaks {}", version, protocol_version),
        "use a finack-agent of the same release as finack");
  }
  AgentHello hello;
  hello.protocol = static_cast<int>(version);
  if (const std::string* agent = line.find("agent")) hello.agent = printable(*agent);
  if (const std::string* system = line.find("system")) hello.system = printable(*system);
  if (const std::string* list = line.find("capabilities")) {
    for (std::string_view rest = *list; !rest.empty();) {
      const std::size_t comma = rest.find(',');
      if (comma != 0) hello.capabilities.emplace_back(rest.substr(0, comma));
      rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
    }
  }
  return hello;
}

}  // namespace finack
