// SPDX-License-Identifier: Apache-2.0
// Exit statuses beside those that a summary leads to (judge/event.h).
#pragma once

namespace finack {

inline constexpr int exit_usage = 2;        // wrong usage, or a broken scenario
inline constexpr int exit_environment = 3;  // this machine does not let us work

}  // namespace finack
