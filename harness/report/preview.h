// SPDX-License-Identifier: Apache-2.0
// A scenario as a picture in text before it runs: time runs down, we stand left, the target right.
#pragma once

#include <string>
#include <vector>

#include "scenario/scenario.h"

namespace finack {

// The steps of a program, a line each: the way to `given` marked with `|`, those of the author numbered.
//
//      |  SYN ---------------------------------------->
//      |  <------------------------------------------- SYN+ACK
//      1                                               [close]
//      2  <------------------------------------------- FIN+ACK
//      3                                               [state FIN-WAIT-1]
std::string preview_steps(const Program& program);

// The programs of one scenario with their ids, title, place and what they cover. Programs that play alike are
// shown once.
std::string preview(const std::vector<Program>& programs);

}  // namespace finack
