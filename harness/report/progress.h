// SPDX-License-Identifier: Apache-2.0
// One line at the foot of a terminal that counts while a run goes on.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "judge/event.h"

namespace finack {

// Takes the events of a run, and must be told around everything else that is printed on that terminal:
// erase() before it, show() after it. `write` gets carriage returns and escape sequences; it is only for
// terminals.
class ProgressLine {
 public:
  explicit ProgressLine(std::function<void(std::string_view)> write) : write_(std::move(write)) {}
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;
  ~ProgressLine() { erase(); }

  void take(const Event& event);
  void erase();
  void show();

 private:
  std::function<void(std::string_view)> write_;
  Summary so_far_;
  bool running_ = false;
  bool shown_ = false;
};

}  // namespace finack
