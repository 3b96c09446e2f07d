// SPDX-License-Identifier: Apache-2.0
// What watches a connection is no larger after many observations than after a few;
// tests/bench/judge_bench.cpp has a million of them.
#include <gtest/gtest.h>
#include <malloc.h>

#include "judge/exchange.h"
#include "judge/invariants.h"
#include "judge/tracker.h"

namespace finack {
namespace {

constexpr std::uint64_t seed = 8;
constexpr std::size_t length = 10;

class Watch {
 public:
  Watch() {
    inject(segment(flag::syn, 0, 0));
    arrive(segment(flag::syn + flag::ack, 0, 1));
    inject(segment(flag::ack, 1, 1));
  }
  // One end sends, the other acknowledges.
  void exchange(bool target_sends) {
    std::uint32_t& seq = target_sends ? theirs_ : ours_;
    const std::uint32_t other = target_sends ? ours_ : theirs_;
    data_.seq = Seq{seq};
    data_.ack = Seq{other};
    if (target_sends) fill_pattern(seed, sent_, data_.payload.data(), length);
    if (target_sends) sent_ += length;
    seq += length;
    ack_.seq = Seq{other};
    ack_.ack = Seq{seq};
    target_sends ? arrive(data_) : inject(data_);
    target_sends ? inject(ack_) : arrive(ack_);
  }
  bool is_content() const { return broken_ == 0 && !tracker_.contradiction() && !tracker_.overflowed(); }

 private:
  static Segment segment(Flags flags, std::uint32_t seq, std::uint32_t ack, std::size_t octets = 0) {
    Segment out;
    out.flags = flags;
    out.seq = Seq{seq};
    out.ack = Seq{ack};
    out.window = 65535;
    out.payload.resize(octets);
    return out;
  }
  void inject(const Segment& sent) {
    now_ += 10us;
    broken_ += invariants_.observe({now_, Injected{sent}}).size();
    tracker_.injected(now_, sent, conversation_);
    conversation_.injected(sent);
  }
  void arrive(const Segment& came) {
    now_ += 10us;
    broken_ += invariants_.observe({now_, Arrived{came}}).size();
    conversation_.arrived(came);
    tracker_.arrived(now_, came, conversation_);
  }

  Program program_;
  Profile profile_ = test_profile();
  Invariants invariants_{program_, profile_, seed};
  Tracker tracker_{program_, profile_};
  Conversation conversation_;
  Segment data_ = segment(flag::ack, 1, 1, length), ack_ = segment(flag::ack, 1, 1);
  std::uint32_t ours_ = 1, theirs_ = 1;
  std::uint64_t sent_ = 0;
  std::size_t broken_ = 0;
  Time now_{};
};

TEST(Watching, TakesNoMoreMemoryAfterManyObservations) {
  constexpr int warm = 2'000, all = 20'000;  // of two observations each
  for (const bool target_sends : {false, true}) {
    Watch watch;
    for (int i = 0; i < warm; ++i) watch.exchange(target_sends);
    const std::size_t before = mallinfo2().uordblks;
    for (int i = 0; i < all - warm; ++i) watch.exchange(target_sends);
    EXPECT_LT(mallinfo2().uordblks, before + 16'384);
    EXPECT_TRUE(watch.is_content());
  }
}

}  // namespace
}  // namespace finack
