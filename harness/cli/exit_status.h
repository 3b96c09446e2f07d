// SPDX-License-Identifier: Apache-2.0
// Exit statuses beside those that a summary leads to (judge/event.h).
#pragma once

namespace finack {

inline constexpr int exit_usage = 2;        // wrong usage, or a broken scenario
inline constexpr int exit_environment = 3;  // this machine does not let us work

// For `git bisect run`, which takes 1 to 124 for a bad commit and 125 for one that cannot be tested.
constexpr int bisect_status(int status) {
  return status >= 2 && status <= 4 ? 125 : status;
}

}  // namespace finack
