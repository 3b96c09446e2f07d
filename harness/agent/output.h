// SPDX-License-Identifier: Apache-2.0
// The lines on their way to the harness: collected, then written at once, never waited for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "target/protocol.h"

namespace finack::agent {

using Fields = std::vector<std::pair<std::string, std::string>>;

class Output {
 public:
  // Does not own `fd`, which should not block.
  explicit Output(int fd) : fd_(fd) {}

  void ok(std::uint64_t id, Fields fields = {});
  // `error` is an errno value.
  void error(std::uint64_t id, int error, Fields more = {});
  // The harness is at fault, not the stack.
  void refused(std::uint64_t id, const std::string& why);
  void line(const Line& line) { queue_ += format_line(line); }

  // Writes what the descriptor takes. False when nobody will ever read it.
  bool flush();

  bool empty() const { return queue_.empty(); }
  // So much waits that no more calls must be taken, or memory would grow with a reader that sleeps.
  bool full() const { return queue_.size() >= limit; }

 private:
  static constexpr std::size_t limit = 64 * 1024;

  int fd_;
  std::string queue_;
};

}  // namespace finack::agent
