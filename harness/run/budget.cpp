// SPDX-License-Identifier: Apache-2.0
#include "run/budget.h"

#include <algorithm>
#include <cstdint>
#include <set>
#include <string>

namespace finack {

namespace {

// Of a judge with its tracker, and of the kernel for the sockets of an instance, as measured; and of each
// step, for what it brings into the trace.
constexpr std::size_t memory_of_instance = 24 * 1024, memory_of_step = 2 * 1024;
// More would only make each wait for the others.
constexpr std::size_t most_at_once = 4096;

}  // namespace

Weight weight_of(const Program& program) {
  Weight weight{0, 1, memory_of_instance + memory_of_step * program.steps.size()};
  std::set<std::string> sockets;
  for (const Step& step : program.steps) {
    // Octets of ours stay in the trace; those of the target are counted where its application sends them.
    if (const auto* stream = std::get_if<StreamStep>(&step.body))
      weight.memory += 2 * static_cast<std::size_t>(stream->sent.value_or(StreamStep::Part{}).octets);
    const auto* call = std::get_if<CallStep>(&step.body);
    if (!call) continue;
    sockets.insert(call->socket);
    if (!call->makes.empty()) sockets.insert(call->makes);
    // As segments, in the trace and while they wait for a step.
    weight.memory += 3 * static_cast<std::size_t>(call->length.value_or(0));
  }
  weight.descriptors = sockets.size();
  return weight;
}

std::size_t bearable(const std::vector<Program>& programs, const Capacity& capacity) {
  constexpr std::size_t no_limit = SIZE_MAX;
  Weight least{no_limit, 1, no_limit};
  for (const Program& program : programs) {
    const Weight weight = weight_of(program);
    least.descriptors = std::min(least.descriptors, std::max<std::size_t>(weight.descriptors, 1));
    least.memory = std::min(least.memory, weight.memory);
  }
  const std::size_t count = std::min({capacity.descriptors / least.descriptors, capacity.time_waits,
                                      capacity.memory / least.memory, most_at_once});
  return std::max<std::size_t>(count, 1);
}

bool Budget::fits(const Weight& weight) const {
  return taken_.descriptors + weight.descriptors <= capacity_.descriptors &&
         taken_.time_waits + weight.time_waits <= capacity_.time_waits &&
         taken_.memory + weight.memory <= capacity_.memory;
}

void Budget::take(const Weight& weight) {
  taken_.descriptors += weight.descriptors;
  taken_.time_waits += weight.time_waits;
  taken_.memory += weight.memory;
}

void Budget::give(const Weight& weight, Time now, Duration rest) {
  taken_.descriptors -= weight.descriptors;
  taken_.memory -= weight.memory;
  if (rest > Duration{}) {
    resting_.push_back({now + rest, weight.time_waits});
  } else {
    taken_.time_waits -= weight.time_waits;
  }
}

void Budget::pass(Time now) {
  while (!resting_.empty() && resting_.front().until <= now) {
    taken_.time_waits -= resting_.front().time_waits;
    resting_.pop_front();
  }
}

}  // namespace finack
