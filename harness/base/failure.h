// SPDX-License-Identifier: Apache-2.0
// A system call that failed, as a sentence.
#pragma once

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <string_view>

#include "base/result.h"

namespace finack {

// "cannot WHAT: REASON"; call it before anything else can change errno.
inline tl::unexpected<Error> cannot(std::string_view what, int error_number = errno) {
  return fail(fmt::format("cannot {}: {}", what, std::strerror(error_number)));
}

}  // namespace finack
