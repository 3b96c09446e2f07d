// SPDX-License-Identifier: Apache-2.0
// Flags that come together in nearly every exchange.
#pragma once

#include "packet/segment.h"

namespace finack {

constexpr Flags syn_ack = flag::syn + flag::ack, fin_ack = flag::fin + flag::ack,
                rst_ack = flag::rst + flag::ack;

}  // namespace finack
