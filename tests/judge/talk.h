// SPDX-License-Identifier: Apache-2.0
// Invariants under test, and a hand that plays both ends of a connection: no judge, no scenario.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "base/pattern.h"
#include "judge/flags.h"
#include "judge/invariants.h"

namespace finack {

using Broken = std::vector<std::string>;  // signatures

inline Option timestamps(std::uint32_t value, std::uint32_t echo = 0) {
  return timestamps_option(value, echo);
}
inline Option window_scale(std::uint8_t shift) {
  return {option_kind::window_scale, {shift}};
}
inline const Option sack_permitted{option_kind::sack_permitted, {}};

class Talk {
 public:
  static constexpr std::uint32_t our_isn = 0xffffff00, their_isn = 0x7fffff80;

  enum class Begin { open, nothing };

  // We open, with a window of 10,000, or nobody has done anything yet.
  explicit Talk(std::vector<Option> ours_of_syn = {mss_option(1460)}, std::vector<Option> theirs_of_syn = {},
                Begin begin = Begin::open) {
    if (begin == Begin::nothing) return;
    inject(with(ours(flag::syn, 0, 0), std::move(ours_of_syn)));
    EXPECT_EQ(arrive(with(theirs(flag::syn + flag::ack, 0, 1), std::move(theirs_of_syn))), Broken{});
    inject(ours(flag::ack, 1, 1));
  }
  explicit Talk(Begin begin) : Talk({}, {}, begin) {}
  Talk(const Talk&) = delete;
  Talk& operator=(const Talk&) = delete;

  // Numbers are relative to each side's initial sequence number.
  Segment ours(Flags flags, std::uint32_t seq, std::uint32_t ack, std::size_t length = 0) const {
    return segment(flags, Seq{our_isn} + seq, Seq{their_isn} + ack, length, 7, seq);
  }
  Segment theirs(Flags flags, std::uint32_t seq, std::uint32_t ack, std::size_t length = 0) const {
    return segment(flags, Seq{their_isn} + seq, Seq{our_isn} + ack, length, 8, seq);
  }
  static Segment with(Segment segment, std::vector<Option> options) {
    segment.options = std::move(options);
    return segment;
  }
  static Segment with_window(Segment segment, std::uint16_t window) {
    segment.window = window;
    return segment;
  }
  // Blocks of relative numbers of ours.
  static Option sack(std::initializer_list<std::uint32_t> edges) {
    ByteWriter out;
    for (const std::uint32_t edge : edges) out.u32(our_isn + edge);
    return {option_kind::sack, out.take()};
  }

  void after(Duration duration) { now_ += duration; }
  void inject(const Segment& segment) { observe({now_, Injected{segment}}); }
  Broken arrive(const Segment& segment) { return observe({now_, Arrived{segment}}); }
  Broken arrive_stamped(Duration earlier, const Segment& segment) {
    return observe({now_ - earlier, Arrived{segment}});
  }
  Broken observe(const Observation& observation) {
    found_ = invariants_.observe(observation);
    Broken out;
    for (const Violation& each : found_) out.push_back(each.signature);
    return out;
  }
  void call_connect() { observe({now_, Called{0}}); }
  void call_send(std::uint32_t octets) {
    std::get<CallStep>(program_.steps[1].body).length = octets;
    observe({now_, Called{1}});
  }
  // The first that the last observation broke.
  Violation found() const { return found_.empty() ? Violation{} : found_[0]; }
  Time now() const { return now_; }

 private:
  static Profile profile() {
    Profile out;
    out.processing = 50ms;
    out.rto_max = 120s;
    return out;
  }
  static Program program() {
    Program out;
    CallStep connect;
    connect.word = "connect";
    out.steps.push_back({connect});
    CallStep send;
    send.word = "send";
    out.steps.push_back({send});
    return out;
  }
  static Segment segment(Flags flags, Seq seq, Seq ack, std::size_t length, std::uint64_t seed,
                         std::uint32_t relative) {
    Segment out;
    out.flags = flags;
    out.seq = seq;
    if (flags.has(flag::ack)) out.ack = ack;
    out.window = 10000;
    out.payload.resize(length);
    fill_pattern(seed, relative - 1, out.payload.data(), length);
    return out;
  }

  Program program_ = program();
  Profile profile_ = profile();
  Time now_{};
  Invariants invariants_{program_, profile_, 8};
  std::vector<Violation> found_;
};

}  // namespace finack
