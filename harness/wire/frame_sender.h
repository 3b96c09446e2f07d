// SPDX-License-Identifier: Apache-2.0
// Ethernet frames to a link, as they are.
#pragma once

#include <utility>

#include "base/bytes.h"
#include "base/descriptor.h"
#include "base/result.h"

namespace finack {

// An AF_PACKET socket on one link of the namespace it was opened in. It hears nothing.
class FrameSender {
 public:
  static Result<FrameSender> open(unsigned link);

  // Sends one whole Ethernet frame past the queueing discipline. Waits, a second at most, only while the kernel
  // holds more of what was sent before than the socket may have.
  Result<void> send(BytesView frame);

 private:
  explicit FrameSender(Descriptor socket) : socket_(std::move(socket)) {}

  Descriptor socket_;
};

}  // namespace finack
