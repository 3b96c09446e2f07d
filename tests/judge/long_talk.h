// SPDX-License-Identifier: Apache-2.0
// A long exchange such as a correct target would have: data both ways, ACKs that are delayed or duplicate,
// segments out of order and sent again, readings of the state, calls; then the target closes. For what must
// not grow, or take longer, with the length of a connection.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/pattern.h"
#include "judge/observation.h"
#include "judge/test_profile.h"
#include "scenario/scenario.h"

namespace finack {

class LongTalk {
 public:
  static constexpr std::uint64_t our_seed = 7, their_seed = 8;

  // `once`: the program has a step for each thing that is done and expected, so that a judge can follow it.
  // Else it has one for each kind of call.
  enum class Steps { shared, once };
  explicit LongTalk(Steps steps) : steps_(steps) {
    if (steps == Steps::shared) {
      for (const char* word : {"socket", "listen", "accept"}) add(call_of(word, "listener"));
      for (const char* word : {"send", "receive"}) add(call_of(word, "connection", 2 * length));
      add(call_of("close", "connection"));
    }
    open();
  }

  const Program& program() const { return program_; }
  // Some rounds more of it; the first time with what opened the connection.
  std::vector<Observation> go_on(int rounds) {
    for (int i = 0; i < rounds; ++i) go_round();
    return std::exchange(said_, {});
  }
  // The last of it: it ends in TIME-WAIT.
  std::vector<Observation> close() {
    call("close");
    came(flag::fin + flag::ack);
    ++theirs_;
    sent(flag::ack, ours_);
    read(TcpState::fin_wait_2);
    sent(flag::fin + flag::ack, ours_);
    taken_ = ++ours_;
    came(flag::ack);
    read(TcpState::time_wait);
    return std::exchange(said_, {});
  }
  static Profile profile() {
    Profile out = test_profile_with_timers();
    out.reaction = out.state = 1s;
    out.lateness = 1s;
    return out;
  }

 private:
  static constexpr std::uint32_t our_isn = 0xffff0000, their_isn = 0x7fff0000;
  static constexpr std::uint32_t length = 500;

  void open() {
    call("socket", "listener");
    call("listen", "listener");
    sent(flag::syn, 0);
    ours_ = taken_ = 1;
    came(flag::syn + flag::ack);
    ++theirs_;
    sent(flag::ack, ours_);
    call("accept", "listener");
  }

  void go_round() {
    ++round_;
    for (int i = 0; i < 2; ++i) sent(flag::ack, ours_, length);  // one ACK for both
    came(flag::ack);
    if (round_ % 4 == 0) read(TcpState::established);
    call("send", "connection", 2 * length);
    for (int i = 0; i < 2; ++i) {
      came(flag::ack, length);
      sent(flag::ack, ours_);
    }
    call("receive", "connection", 2 * length);
    if (round_ % 8 == 0) {  // in the wrong order
      const std::uint32_t hole = ours_;
      for (const std::uint32_t at : {hole + length, hole}) {
        sent(flag::ack, at, length);
        came(flag::ack);
      }
      call("receive", "connection", 2 * length);
    }
    if (round_ % 16 == 0) {  // once more
      sent(flag::ack, ours_ - length, length);
      came(flag::ack);
    }
  }

  void sent(Flags flags, std::uint32_t at, std::uint32_t octets = 0) {
    Segment out = segment(flags, our_isn + at, their_isn + theirs_, octets);
    if (octets > 0) fill_pattern(our_seed, at - 1, out.payload.data(), octets);
    const bool old = octets > 0 && at < taken_;
    // What the target echoes: that of the segment which its next ACK acknowledges first (RFC 7323 4.3).
    if (!old && at <= acknowledged_) echo_ = clock();
    add_options(out, clock(), their_clock_);
    ours_ = std::max(ours_, at + octets);
    if (at <= taken_) taken_ = ours_;
    SendStep step;
    step.segment.flags = flags;
    step.segment.length = octets;
    add(step);
    said_.push_back({tick(), Injected{std::move(out)}});
  }
  void came(Flags flags, std::uint32_t octets = 0) {
    Segment in = segment(flags, their_isn + theirs_, our_isn + taken_, octets);
    if (octets > 0) fill_pattern(their_seed, theirs_ - 1, in.payload.data(), octets);
    their_clock_ = clock();
    add_options(in, their_clock_, echo_);
    acknowledged_ = taken_;
    theirs_ += octets;
    ExpectStep step;
    step.segment.flags = flags;
    step.segment.length = octets;
    add(step);
    said_.push_back({tick(), Arrived{std::move(in)}});
  }
  void read(TcpState state) {
    add(StateStep{state});
    said_.push_back({tick(), Reading{state}});
  }
  void call(std::string word, std::string socket = "connection", std::uint64_t octets = 0) {
    const std::size_t place = add(call_of(std::move(word), std::move(socket), octets));
    said_.push_back({tick(), Called{place}});
    Returned returned{place};
    if (octets > 0) returned.octets = octets;
    said_.push_back({tick(), returned});
  }

  static CallStep call_of(std::string word, std::string socket, std::uint64_t octets = 0) {
    CallStep step;
    step.word = std::move(word);
    step.socket = std::move(socket);
    if (step.word == "accept") step.makes = "connection";
    if (octets > 0) step.length = octets;
    return step;
  }

  // Where in the program such a step stands.
  template <class Body>
  std::size_t add(const Body& body) {
    if (steps_ == Steps::shared) {
      for (std::size_t i = 0; i < program_.steps.size(); ++i) {
        if (is_call(program_.steps[i].body, body)) return i;
      }
      if (!std::is_same_v<Body, CallStep>) return 0;
    }
    program_.steps.push_back({body});
    return program_.steps.size() - 1;
  }
  template <class Variant, class Body>
  static bool is_call(const Variant& known, const Body& body) {
    if constexpr (std::is_same_v<Body, CallStep>) {
      const auto* call = std::get_if<CallStep>(&known);
      return call && call->word == body.word;
    }
    return false;
  }

  static Segment segment(Flags flags, std::uint32_t seq, std::uint32_t ack, std::uint32_t octets) {
    Segment out;
    out.source = out.destination = {Address::ipv4(0xc0000201), 80};
    out.flags = flags;
    out.seq = Seq{seq};
    if (flags.has(flag::ack)) out.ack = Seq{ack};
    out.window = 65535;
    out.payload.resize(octets);
    return out;
  }
  static void add_options(Segment& segment, std::uint32_t value, std::uint32_t echo) {
    segment.options.push_back(timestamps_option(value, echo));
    if (!segment.flags.has(flag::syn)) return;
    segment.options.push_back(mss_option(1460));
    segment.options.push_back({option_kind::window_scale, {7}});
  }
  Time tick() { return now_ += 20us; }
  std::uint32_t clock() const { return static_cast<std::uint32_t>(now_.time_since_epoch() / 1ms) + 1; }

  Steps steps_;
  Program program_;
  std::vector<Observation> said_;
  Time now_{};
  unsigned round_ = 0;
  std::uint32_t ours_ = 0, theirs_ = 0;       // due next, relative to the initial numbers
  std::uint32_t taken_ = 0;                   // of ours in order
  std::uint32_t acknowledged_ = 0;            // of ours by the target, so far
  std::uint32_t their_clock_ = 0, echo_ = 0;  // timestamps
};

}  // namespace finack
