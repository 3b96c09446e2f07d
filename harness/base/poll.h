// SPDX-License-Identifier: Apache-2.0
// Many descriptors watched at a cost that does not grow with their number.
#pragma once

#include <cstdint>
#include <vector>

#include "base/descriptor.h"
#include "base/result.h"
#include "base/time.h"

namespace finack {

class Poll {
 public:
  static Result<Poll> open();

  // `fd` is reported by `tag` while it can be read or, where asked for, written. Asked again, it replaces.
  Result<void> watch(int fd, std::uint64_t tag, bool for_writing = false);

  // The tags of those that are ready, after at most so long; maybe none. Valid until the next call.
  Result<const std::vector<std::uint64_t>*> wait(Duration most);

 private:
  explicit Poll(Descriptor epoll) : epoll_(std::move(epoll)) {}

  Descriptor epoll_;
  std::vector<std::uint64_t> ready_;
};

}  // namespace finack
