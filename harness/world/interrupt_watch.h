// SPDX-License-Identifier: Apache-2.0
// SIGINT, SIGTERM and SIGALRM as something to wait for.
#pragma once

#include <optional>
#include <utility>

#include "base/descriptor.h"
#include "base/result.h"
#include "world/world.h"

namespace finack {

class InterruptWatch {
 public:
  // From now on these signals do not end the process. Call it before any thread is started.
  static Result<InterruptWatch> open();

  // Readable when one came.
  int fd() const { return signals_.get(); }
  // What came since the last time, one after the other.
  std::optional<Interrupted> take();

 private:
  explicit InterruptWatch(Descriptor signals) : signals_(std::move(signals)) {}

  Descriptor signals_;
};

}  // namespace finack
