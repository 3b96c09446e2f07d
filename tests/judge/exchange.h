// SPDX-License-Identifier: Apache-2.0
// A judge under test and a hand that plays both the run and the target: each test is the exchange it tells.
#pragma once

#include <gtest/gtest.h>

#include <concepts>
#include <string>
#include <vector>

#include "base/pattern.h"
#include "judge/flags.h"
#include "judge/judge.h"
#include "judge/test_profile.h"
#include "scenario/load.h"

namespace finack {

inline Segment with_window(Segment segment, std::uint16_t window) {
  segment.window = window;
  return segment;
}

// The steps of a handshake that we begin, then the given ones, and no preamble.
constexpr std::size_t handshake_steps = 3;

enum class Opening { ours, none };

inline Program program_of(const std::string& steps, Opening opening, std::vector<std::string> covers = {}) {
  const std::string handshake =
      opening == Opening::ours ? "- send: SYN\n- expect: SYN+ACK\n- send: ACK\n" : "";
  const auto scenarios = load_scenario("scenario: test\ngiven: ESTABLISHED\nsteps:\n" + handshake + steps,
                                       "test.yaml", test_profile());
  EXPECT_TRUE(scenarios) << to_string(scenarios.error());
  Program program;
  program.id = "test/ipv4";
  program.covers = std::move(covers);
  if (scenarios) program.steps = scenarios->front().steps;
  return program;
}

class Exchange {
 public:
  static constexpr std::uint32_t our_isn = 1000, their_isn = 0xfffffff0;

  // `options`: of both SYNs; `covers`: what the scenario claims.
  explicit Exchange(const std::string& steps, Opening opening = Opening::ours,
                    std::vector<Option> options = {}, std::vector<std::string> covers = {})
      : program_(program_of(steps, opening, std::move(covers))),
        profile_(test_profile()),
        judge_(program_, profile_, {7, 8}, now_) {
    if (opening == Opening::ours) handshake(options);
  }

  // Numbers are relative to each side's initial sequence number, as in a report.
  Segment ours(Flags flags, std::uint32_t seq, std::uint32_t ack, std::size_t length = 0) const {
    Segment out = segment(flags, Seq{our_isn} + seq, Seq{their_isn} + ack, length, 7, seq);
    out.window = 65535;
    return out;
  }
  Segment theirs(Flags flags, std::uint32_t seq, std::uint32_t ack, std::size_t length = 0) const {
    return segment(flags, Seq{their_isn} + seq, Seq{our_isn} + ack, length, 8, seq);
  }

  void after(Duration duration) { now_ += duration; }
  void inject(const Segment& segment) { judge_.observe({now_, Injected{segment}}); }
  void arrive(const Segment& segment) { judge_.observe({now_, Arrived{segment}}); }
  void arrive_at(Time at, const Segment& segment) { judge_.observe({at, Arrived{segment}}); }
  void arrive_unreadable(std::string why) { judge_.observe({now_, Unreadable{std::move(why)}}); }
  void read(TcpState state) { judge_.observe({now_, Reading{state}}); }
  void read_none() { judge_.observe({now_, Reading{}}); }
  void read_listening() { judge_.observe({now_, Reading{.listening = true}}); }
  void tell(std::string what, std::string socket = std::string(connection_name)) {
    judge_.observe({now_, Told{std::move(socket), std::move(what)}});
  }
  // Steps are counted from the first after the handshake.
  void call(std::size_t step) { judge_.observe({now_, Called{handshake_steps + step}}); }
  void disturb(std::string what) { judge_.observe({now_, Disturbed{std::move(what)}}); }
  void returned(std::size_t step, Returned::Kind kind = Returned::Kind::done, std::string text = {},
                std::optional<std::uint64_t> octets = {}) {
    judge_.observe({now_, Returned{handshake_steps + step, kind, std::move(text), octets}});
  }

  // All that the scenario covers is a SHOULD or less.
  void only_recommends() { program_.recommended_only = true; }

  Want want() { return judge_.advance(now_); }
  Time now() const { return now_; }
  // Lets time pass until the judge wants something else than to wait, or has its verdict; reads `state` when
  // asked to, or without one what a correct target would be in.
  Verdict finish(std::optional<TcpState> state) {
    return finish([=] { return state; });
  }
  Verdict finish() {
    return finish([this]() -> std::optional<TcpState> {
      const TcpState state = judge_.tracker().states().front();
      if (state == TcpState::closed || state == TcpState::listen) return std::nullopt;
      return state;
    });
  }

  const Judge& judge() const { return judge_; }
  Finding finding() const { return judge_.finding().value_or(Finding{}); }

 private:
  template <class ReadState>
  requires std::invocable<ReadState> Verdict finish(ReadState state) {
    for (int i = 0; i < 1000; ++i) {
      const Want next = want();
      if (next.kind == Want::Kind::done) return judge_.verdict();
      if (next.kind == Want::Kind::wait) now_ = next.until;
      if (next.kind == Want::Kind::read_state) judge_.observe({now_, Reading{state()}});
      if (next.kind == Want::Kind::act) {
        ADD_FAILURE() << "step " << next.step << " still wants to act";
        return Verdict::error;
      }
    }
    ADD_FAILURE() << "no verdict";
    return Verdict::error;
  }

  Segment segment(Flags flags, Seq seq, Seq ack, std::size_t length, std::uint64_t seed,
                  std::uint32_t relative) const {
    Segment out;
    out.flags = flags;
    out.seq = seq;
    out.window = 0xffff;
    if (flags.has(flag::ack)) out.ack = ack;
    out.payload.resize(length);
    fill_pattern(seed, relative - 1, out.payload.data(), length);
    return out;
  }
  void handshake(const std::vector<Option>& options) {
    const auto with_options = [&](Segment segment) {
      segment.options = options;
      return segment;
    };
    EXPECT_EQ(want().kind, Want::Kind::act);
    inject(with_options(ours(flag::syn, 0, 0)));
    EXPECT_EQ(want().kind, Want::Kind::wait);
    arrive(with_options(theirs(flag::syn + flag::ack, 0, 1)));
    EXPECT_EQ(want().kind, Want::Kind::act);
    inject(ours(flag::ack, 1, 1));
  }

  Program program_;
  Profile profile_;
  Time now_{};
  Judge judge_;
};

}  // namespace finack
