// SPDX-License-Identifier: Apache-2.0
#include "report/progress.h"

#include <fmt/format.h>

#include <numeric>

#include "report/text_report.h"

namespace finack {

void ProgressLine::take(const Event& event) {
  if (const auto* started = std::get_if<RunStarted>(&event)) {
    so_far_ = {};
    so_far_.total = started->total;
    running_ = true;
  } else if (const auto* finished = std::get_if<InstanceFinished>(&event)) {
    ++so_far_.counts[static_cast<std::size_t>(finished->verdict)];
  } else {
    running_ = false;
    erase();
  }
}

void ProgressLine::erase() {
  if (!shown_) return;
  shown_ = false;
  write_("\r\x1b[K");
}

void ProgressLine::show() {
  if (!running_) return;
  const std::size_t done = std::accumulate(so_far_.counts.begin(), so_far_.counts.end(), std::size_t{});
  // Of a run until something fails nobody knows the end.
  const std::string of = done <= so_far_.total ? fmt::format(" of {}", so_far_.total) : "";
  const std::string counts = done == 0 ? "" : ": " + count_line(so_far_);
  shown_ = true;
  write_(fmt::format("\r{}{}{}\x1b[K", done, of, counts));
}

}  // namespace finack
