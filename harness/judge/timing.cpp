// SPDX-License-Identifier: Apache-2.0
#include "judge/timing.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace finack {

namespace {

// Below 32 ns a bucket each; from there on 32 to each doubling.
constexpr unsigned steps = 32, step_bits = 5;
constexpr std::size_t buckets = (64 - step_bits) * steps;

std::size_t bucket_of(std::uint64_t ns) {
  if (ns < steps) return ns;
  const auto exponent = static_cast<unsigned>(std::bit_width(ns)) - 1;
  return std::size_t{exponent - step_bits + 1} * steps + ((ns >> (exponent - step_bits)) & (steps - 1));
}

// The largest value in it.
std::uint64_t end_of(std::size_t bucket) {
  if (bucket < steps) return bucket;
  const std::size_t shift = bucket / steps - 1;
  return ((steps + bucket % steps + 1) << shift) - 1;
}

}  // namespace

void Distribution::add(Duration duration) {
  if (buckets_.empty()) buckets_.resize(buckets);
  const Duration counted = std::max(duration, Duration{});
  ++buckets_[bucket_of(static_cast<std::uint64_t>(counted.count()))];
  ++count_;
  most_ = std::max(most_, counted);
}

void Distribution::add(const Distribution& other) {
  if (other.count_ == 0) return;
  buckets_.resize(buckets);
  for (std::size_t i = 0; i < buckets; ++i) buckets_[i] += other.buckets_[i];
  count_ += other.count_;
  most_ = std::max(most_, other.most_);
}

Duration Distribution::quantile(double part) const {
  const auto wanted = static_cast<std::size_t>(std::ceil(part * static_cast<double>(count_)));
  std::size_t seen = 0;
  for (std::size_t i = 0; i < buckets_.size(); ++i) {
    seen += buckets_[i];
    if (seen >= std::max<std::size_t>(wanted, 1))
      return std::min(most_, Duration(static_cast<std::int64_t>(end_of(i))));
  }
  return {};
}

void Timing::add(const Trace& trace) {
  const Observation* before = nullptr;
  for (const Observation& each : trace) {
    if (const auto* injected = std::get_if<Injected>(&each.what)) {
      lateness.add(injected->late);
      const bool answers = before && std::holds_alternative<Arrived>(before->what);
      const Time out = each.at + injected->took;
      // It was due when that segment came, and not some time after.
      if (answers && out - before->at == injected->late) reaction.add(injected->late);
    }
    before = &each;
  }
}

void Timing::add(const Timing& other) {
  reaction.add(other.reaction);
  lateness.add(other.lateness);
}

}  // namespace finack
