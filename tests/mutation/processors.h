// SPDX-License-Identifier: Apache-2.0
// The same for all of many things, on all processors.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <thread>
#include <vector>

namespace finack {

// What `make` makes of each, in their order. It is called by several threads at once.
template <class Out, class In, class Make>
std::vector<Out> on_all_processors(const std::vector<In>& in, const Make& make) {
  std::vector<Out> out(in.size());
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < in.size(); i = next++) out[i] = make(in[i]);
  };
  std::vector<std::thread> others(std::max(1u, std::thread::hardware_concurrency()) - 1);
  for (std::thread& other : others) other = std::thread(work);
  work();
  for (std::thread& other : others) other.join();
  return out;
}

}  // namespace finack
