// SPDX-License-Identifier: Apache-2.0
// Runs a program: bounded time, what it said, how it ended.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "base/descriptor.h"

namespace finack {

using Milliseconds = std::chrono::milliseconds;

struct Start {
  std::vector<std::string> arguments;      // the first is the program, looked for in PATH
  std::function<void()> before_exec = {};  // in the child; may throw
  bool own_group = false;                  // lead a process group, as a job of a shell does
};

struct Outcome {
  std::optional<int> exit_status;  // nothing: ended by a signal
  int signal = 0;
  bool timed_out = false;  // it was still running at the limit, and was killed
  std::string out, err;
};

std::ostream& operator<<(std::ostream& stream, const Outcome& outcome);

// Killed at the end of its own life, and when the test dies.
class Process {
 public:
  explicit Process(const Start& start);
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process();

  // Not to be used any more once it has been waited for.
  pid_t pid() const { return pid_; }
  bool ended_within(Milliseconds limit);
  // Whether it has written so to its standard output, at once or within the limit.
  bool says_within(const std::string& text, Milliseconds limit);
  // Until it ends; at the limit it is killed.
  Outcome wait(Milliseconds limit = Milliseconds(30'000));

 private:
  pid_t pid_ = -1;
  Descriptor handle_, out_, err_;
};

Outcome run_program(const Start& start, Milliseconds limit = Milliseconds(30'000));

// The path of a program that the tests need. Throws a sentence when this machine lacks it.
std::string require_tool(const std::string& name, const std::string& package);

}  // namespace finack
