// SPDX-License-Identifier: Apache-2.0
// A tracker under test and a hand that plays both ends and the application: each test is an exchange.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "judge/exchange.h"
#include "judge/tracker.h"

namespace finack {

class Target {
 public:
  static constexpr std::uint32_t our_isn = 0xffffff00, their_isn = 0x7ffffff0;

  enum class Begin { established, listening };

  // The application listens, we connect, it accepts. Its sockets: `listener` and `connection`.
  explicit Target(Begin begin = Begin::established, std::map<std::string, std::string> sysctls = {})
      : program_(program(std::move(sysctls))) {
    call("socket", "listener");
    call("listen", "listener");
    if (begin == Begin::listening) return;
    handshake();
    accept();
  }
  Target(const Target&) = delete;
  Target& operator=(const Target&) = delete;

  void handshake() {
    send(flag::syn, 0, 0);
    came(flag::syn + flag::ack, 0, 1);
    send(flag::ack, 1, 1);
  }
  void accept() {
    CallStep step = step_of("accept", "listener");
    step.makes = "connection";
    tracker_.called(now_, step);
    tracker_.returned(now_, step, {});
  }
  void call(const std::string& word, const std::string& socket = "connection",
            std::vector<std::pair<std::string, std::string>> fields = {}) {
    CallStep step = step_of(word, socket);
    step.fields = std::move(fields);
    tracker_.called(now_, step);
    tracker_.returned(now_, step, {});
  }
  void connects(const std::string& socket) {
    call("socket", socket);
    call("connect", socket);
    numbers_.connects();
  }
  // A call that has not returned yet.
  void begins(const std::string& word, const std::string& socket = "connection") {
    tracker_.called(now_, step_of(word, socket));
  }
  void shutdown() { call("shutdown", "connection", {{"how", "send"}}); }
  void transfer(const std::string& word, std::uint32_t octets) {
    CallStep step = step_of(word, "connection");
    step.length = octets;
    tracker_.called(now_, step);
    Returned returned{};
    returned.octets = octets;
    tracker_.returned(now_, step, returned);
  }

  void hears_end() {
    const CallStep step = step_of("receive", "connection");
    tracker_.called(now_, step);
    Returned returned{};
    returned.kind = Returned::Kind::end;
    tracker_.returned(now_, step, returned);
  }

  // Numbers are relative to each side's initial sequence number.
  void send(Flags flags, std::uint32_t seq, std::uint32_t ack, std::size_t length = 0) {
    const Segment out = segment(flags, Seq{our_isn} + seq, Seq{their_isn} + ack, length);
    tracker_.injected(now_, out, numbers_);
    numbers_.injected(out);
  }
  // In IPv4 fragments that overlap: it may be dropped whole.
  void send_overlapping(Flags flags, std::uint32_t seq, std::uint32_t ack, std::size_t length) {
    Segment out = segment(flags, Seq{our_isn} + seq, Seq{their_isn} + ack, length);
    out.ip_defects.fragments = Fragments{2, false, true};
    tracker_.injected(now_, out, numbers_);
    numbers_.injected(out);
  }
  void send_with_window(Flags flags, std::uint32_t seq, std::uint32_t ack, std::uint16_t window) {
    Segment out = segment(flags, Seq{our_isn} + seq, Seq{their_isn} + ack, 0);
    out.window = window;
    tracker_.injected(now_, out, numbers_);
    numbers_.injected(out);
  }
  void send_syn(std::size_t length, std::vector<Option> options) {
    Segment out = segment(flag::syn, Seq{our_isn}, {}, length);
    out.options = std::move(options);
    tracker_.injected(now_, out, numbers_);
    numbers_.injected(out);
  }
  Target& came(Flags flags, std::uint32_t seq, std::uint32_t ack, std::size_t length = 0) {
    const Segment in = segment(flags, Seq{their_isn} + seq, Seq{our_isn} + ack, length);
    numbers_.arrived(in);
    tracker_.arrived(now_, in, numbers_);
    return *this;
  }
  void icmp(bool hard) { tracker_.icmp(now_, hard); }
  void after(Duration duration) {
    now_ += duration;
    tracker_.pass(now_);
  }
  void reads(TcpState state) { tracker_.read(now_, Reading{state}); }
  void reads_none() { tracker_.read(now_, Reading{}); }

  // Nothing is wrong so far, nor once all that was owed is due.
  testing::AssertionResult is_right() {
    after(600ms);
    if (tracker_.overflowed()) return testing::AssertionFailure() << "too many possibilities";
    const auto& found = tracker_.contradiction();
    if (!found) return testing::AssertionSuccess();
    return testing::AssertionFailure() << "wanted " << found->wanted << ", got " << found->got;
  }
  std::string signature() const {
    return tracker_.contradiction() ? tracker_.contradiction()->signature : "none";
  }
  bool took(std::string_view edge) const {
    for (const std::uint8_t place : tracker_.edge_places()) {
      if (catalogue_edges()[place].id == edge) return true;
    }
    return false;
  }
  const Tracker& tracker() const { return tracker_; }
  const Profile& profile() const { return profile_; }

 private:
  static CallStep step_of(const std::string& word, const std::string& socket) {
    CallStep out;
    out.word = word;
    out.socket = socket;
    return out;
  }
  static Program program(std::map<std::string, std::string> sysctls) {
    Program out;
    out.sysctls = std::move(sysctls);
    out.steps.push_back({step_of("listen", "listener")});
    return out;
  }
  static Segment segment(Flags flags, Seq seq, Seq ack, std::size_t length) {
    Segment out;
    out.flags = flags;
    out.seq = seq;
    if (flags.has(flag::ack)) out.ack = ack;
    out.window = 65535;
    out.payload.resize(length);
    return out;
  }

  Program program_;
  Profile profile_ = test_profile_with_timers();
  Conversation numbers_;
  Tracker tracker_{program_, profile_};
  Time now_{};
};

inline void close_simultaneously(Target& target) {
  target.call("close");
  target.came(fin_ack, 1, 1);
  target.send(fin_ack, 1, 1);
  target.came(flag::ack, 2, 2);
}

inline void close_actively(Target& target) {
  target.call("close");
  target.came(fin_ack, 1, 1);
  target.send(flag::ack, 1, 2);
  target.send(fin_ack, 1, 2);
  target.came(flag::ack, 2, 2);
  target.reads(TcpState::time_wait);
}

}  // namespace finack
