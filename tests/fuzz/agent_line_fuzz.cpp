// SPDX-License-Identifier: Apache-2.0
// Anything on the line from an agent: framing, parsing, the hello, and what the run makes of reports.
#include <string>
#include <string_view>

#include "run/application.h"
#include "target/agent_hello.h"
#include "target/protocol.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace finack;
  Application application({0, {}}, {1, 2}, false);
  CallStep call;
  call.word = "receive";
  call.length = 10;
  const Line asked = application.line_for(0, call);
  LineBuffer buffer;
  buffer.append(reinterpret_cast<const char*>(data), size);
  std::string_view text;
  for (auto next = buffer.next(text); next != LineBuffer::Next::none; next = buffer.next(text)) {
    if (next == LineBuffer::Next::too_long) continue;
    Line line;
    std::string why;
    if (!parse_line(text, line, why)) continue;
    static_cast<void>(format_line(line));
    static_cast<void>(read_hello(line));
    static_cast<void>(application.read_event(line));
    static_cast<void>(application.read(line));
    line.id = asked.id;
    // The digest of a long transfer takes time that finds no defects.
    if (const std::string* octets = line.find("octets"); octets && octets->size() > 4) continue;
    static_cast<void>(application.read(line));
  }
  return 0;
}
