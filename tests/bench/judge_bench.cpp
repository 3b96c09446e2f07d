// SPDX-License-Identifier: Apache-2.0
// How many observations a second are held against the invariants and followed by the tracker: bench_judge
// [OBSERVATIONS]. The bar is 500,000 a second.
#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <variant>
#include <vector>

#include "base/pattern.h"
#include "judge/invariants.h"
#include "judge/tracker.h"

namespace finack {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint32_t our_isn = 1000, their_isn = 5000, length = 100;
constexpr std::uint64_t seed = 8;

// Observations of one connection on which one end sends and the other acknowledges.
class Stream {
 public:
  explicit Stream(bool target_sends) : target_sends_(target_sends) {}

  std::vector<Observation> handshake() {
    return {injected(flag::syn, 0, 0), arrived(flag::syn + flag::ack, 0, 1), injected(flag::ack, 1, 1)};
  }
  std::vector<Observation> next(std::size_t pairs) {
    std::vector<Observation> out;
    for (std::size_t i = 0; i < pairs; ++i) {
      const std::uint32_t end = seq_ + length;
      if (target_sends_) {
        Observation data = arrived(flag::ack, seq_, 1);
        fill(std::get<Arrived>(data.what).segment);
        out.push_back(std::move(data));
        out.push_back(injected(flag::ack, 1, end));
      } else {
        Observation data = injected(flag::ack, seq_, 1);
        fill(std::get<Injected>(data.what).segment);
        out.push_back(std::move(data));
        out.push_back(arrived(flag::ack, 1, end));
      }
      seq_ = end;
      sent_ += length;
    }
    return out;
  }

 private:
  Observation injected(Flags flags, std::uint32_t seq, std::uint32_t ack) {
    return {now_ += 10us, Injected{segment(flags, our_isn + seq, their_isn + ack)}};
  }
  Observation arrived(Flags flags, std::uint32_t seq, std::uint32_t ack) {
    return {now_ += 10us, Arrived{segment(flags, their_isn + seq, our_isn + ack)}};
  }
  static Segment segment(Flags flags, std::uint32_t seq, std::uint32_t ack) {
    Segment out;
    out.flags = flags;
    out.seq = Seq{seq};
    if (flags.has(flag::ack)) out.ack = Seq{ack};
    out.window = 65535;
    return out;
  }
  void fill(Segment& segment) const {
    segment.payload.resize(length);
    fill_pattern(seed, sent_, segment.payload.data(), length);
  }

  bool target_sends_;
  std::uint32_t seq_ = 1;
  std::uint64_t sent_ = 0;
  Time now_{};
};

// What a judge does with each of them before it looks at the scenario.
class Watch {
 public:
  bool see(const Observation& observation) {
    if (!invariants_.observe(observation).empty()) return false;
    if (const auto* sent = std::get_if<Injected>(&observation.what)) {
      tracker_.injected(observation.at, sent->segment, conversation_);
      conversation_.injected(sent->segment);
    } else if (const auto* came = std::get_if<Arrived>(&observation.what)) {
      conversation_.arrived(came->segment);
      tracker_.arrived(observation.at, came->segment, conversation_);
    }
    return !tracker_.contradiction() && !tracker_.overflowed();
  }

 private:
  static Profile profile() {
    Profile out;
    out.rto = 200ms;
    out.rto_max = 120s;
    out.reaction = out.call = 1s;
    out.processing = 50ms;
    return out;
  }

  Program program_;
  Profile profile_ = profile();
  Invariants invariants_{program_, profile_, seed};
  Tracker tracker_{program_, profile_};
  Conversation conversation_;
};

int measure(const char* name, bool target_sends, std::size_t observations) {
  constexpr std::size_t pairs = 512;
  Stream stream(target_sends);
  Watch watch;
  for (const Observation& each : stream.handshake()) watch.see(each);
  std::size_t seen = 0;
  std::chrono::duration<double> spent{};
  while (seen < observations) {
    const auto batch = stream.next(pairs);
    const Clock::time_point start = Clock::now();
    for (const Observation& each : batch) {
      if (watch.see(each)) continue;
      fmt::print(stderr, "{}: found fault after {} observations\n", name, seen);
      return 1;
    }
    spent += Clock::now() - start;
    seen += batch.size();
  }
  fmt::print("{:<14} {:8} observations {:8.1f} ms {:9.0f} a second\n", name, seen, spent.count() * 1e3,
             static_cast<double>(seen) / spent.count());
  return 0;
}

}  // namespace
}  // namespace finack

int main(int count, char** arguments) {
  const std::size_t observations = count > 1 ? std::strtoul(arguments[1], nullptr, 10) : 1'000'000;
  const int ours = finack::measure("we send", false, observations);
  const int theirs = finack::measure("target sends", true, observations);
  return ours + theirs;
}
