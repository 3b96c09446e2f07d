// SPDX-License-Identifier: Apache-2.0
// This machine's kernel as a world, for tests that need nothing more of finack.
#pragma once

#include <memory>
#include <stdexcept>
#include <type_traits>
#include <utility>

#include "world/kernel_world.h"

namespace finack {

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(to_string(result.error()));
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

// One for the whole program: a process can move into a private space once.
inline World& live_world() {
  static const std::unique_ptr<World> world = must(KernelWorld::open(FINACK_AGENT));
  return *world;
}

}  // namespace finack
