// SPDX-License-Identifier: Apache-2.0
// An exchange as a picture in text: time runs down, we stand left, the target right.
#pragma once

#include <string>

#include "judge/event.h"

namespace finack {

inline constexpr std::size_t ladder_column = 44;  // how far the target stands from us
// A segment on its way to the target, and from it.
std::string ladder_sent(const std::string& segment);
std::string ladder_received(const std::string& segment);

// A line an observation, each ended by a newline; times are seconds since the start of the instance.
//
//      0.000127  SYN seq=0 win=65535 <mss 1460>  ------------>
//      0.000141               <------------  SYN+ACK seq=0 ack=1 win=64240 <mss 1460>
//      0.000152                                              [close]
//
// At most `most_lines` of them, the last ones.
std::string ladder(const InstanceFinished& instance, std::size_t most_lines = 60);

}  // namespace finack
