// SPDX-License-Identifier: Apache-2.0
// Each instance as a pcapng capture, its calls and states in comments of the frames.
#pragma once

#include <functional>
#include <string>

#include "base/bytes.h"
#include "judge/event.h"

namespace finack {

// Calls `write` with the instance's id as a path ("close/active-close/ipv4.pcapng") and the
// content.
EventSink capture_report(std::function<void(const std::string&, const Bytes&)> write);

}  // namespace finack
