// SPDX-License-Identifier: Apache-2.0
// What the target held before a run and after it, and what it kept.
#pragma once

#include <string>

#include "judge/resources.h"

namespace finack {

// A small table.
std::string resources_text(const Resources& resources);

// The lines below a verdict: where, what was wanted, what was there, and what that points to.
std::string details(const Leak& leak);

}  // namespace finack
