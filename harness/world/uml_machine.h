// SPDX-License-Identifier: Apache-2.0
// A running User-mode Linux: a process and its helpers, of which nothing stays behind.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/descriptor.h"
#include "base/result.h"
#include "base/time.h"

namespace finack {

struct UmlStart {
  std::filesystem::path program;  // absolute
  std::vector<std::string> arguments;
  std::filesystem::path folder;  // where it starts; is removed at the end, however that comes
};

// A watcher stands between us and the kernel. When we die, by whatever signal, it kills the kernel and
// removes the folder; when the watcher dies, the kernel dies and the folder is left to us.
class UmlMachine {
 public:
  // Removes the folder when it fails, too. Call it before any thread is started.
  static Result<UmlMachine> start(const UmlStart& start);

  UmlMachine(UmlMachine&&) noexcept = default;
  UmlMachine& operator=(UmlMachine&&) = delete;
  ~UmlMachine();

  // A line for process 1, which reads it from /dev/tty0.
  void tell(std::string_view line);
  // The end of all processes of the kernel, at once.
  void kill();
  // Waits so long at most, takes what the kernel prints, and returns as waitpid() does how it ended, once all
  // its processes have.
  std::optional<int> ended_within(Duration limit);
  // What it has printed last.
  const std::string& console() const { return console_; }

 private:
  UmlMachine() = default;
  void read_console();

  std::filesystem::path folder_;
  pid_t watcher_ = -1;
  Descriptor leash_;    // closed: the watcher ends everything; an octet: the kernel, no more
  Descriptor outcome_;  // the watcher tells how the kernel ended
  Descriptor input_, output_;
  std::string console_;
  std::optional<int> status_;
};

}  // namespace finack
