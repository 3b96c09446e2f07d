// SPDX-License-Identifier: Apache-2.0
// An exchange told by hand, with the state that the target was in for sure, to look for evidence in.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "judge/evidence.h"

namespace finack {

class Tale {
 public:
  static constexpr std::uint32_t our_isn = 1000, their_isn = 0xfffffff0;

  // The target has opened the connection and is in ESTABLISHED. `options`: of both SYNs.
  explicit Tale(std::vector<Option> options = {}) : options_(std::move(options)) {
    profile_.msl = 30s;
    profile_.processing = 50ms;
    profile_.reaction = 1s;
    profile_.granularity = 100ms;
    call("socket");
    call("connect");
    theirs(flag::syn, 0, 0, 0, options_);
    ours(flag::syn + flag::ack, 0, 1, 0, options_);
    theirs(flag::ack, 1, 1, 0, options_);
    in(TcpState::established);
  }

  // From here on, and at the last observation.
  Tale& in(TcpState state) {
    state_ = state;
    states_.back() = state;
    return *this;
  }
  Tale& after(Duration duration) {
    now_ += duration;
    return *this;
  }
  // Numbers are relative to each side's initial sequence number.
  Tale& ours(Flags flags, std::uint32_t seq, std::uint32_t ack, std::size_t length = 0,
             std::vector<Option> options = {}) {
    Segment out = segment(flags, Seq{our_isn} + seq, Seq{their_isn} + ack, length, std::move(options));
    out.window = our_window_;
    return add(Injected{out});
  }
  Tale& theirs(Flags flags, std::uint32_t seq, std::uint32_t ack, std::size_t length = 0,
               std::vector<Option> options = {}) {
    Segment out = segment(flags, Seq{their_isn} + seq, Seq{our_isn} + ack, length, std::move(options));
    out.window = their_window_;
    return add(Arrived{out});
  }
  Tale& our_window(std::uint16_t window) {
    our_window_ = window;
    return *this;
  }
  Tale& their_window(std::uint16_t window) {
    their_window_ = window;
    return *this;
  }
  Tale& call(const std::string& word, std::uint64_t length = 0,
             std::vector<std::pair<std::string, std::string>> fields = {}) {
    CallStep step;
    step.word = word;
    step.fields = std::move(fields);
    if (length > 0) step.length = length;
    program_.steps.push_back({step});
    return add(Called{program_.steps.size() - 1});
  }
  Tale& option(const std::string& name, const std::string& value) {
    return call("option", 0, {{"name", name}, {"value", value}});
  }
  // What the last call came to, or the one before it by so many.
  Tale& returns(Returned::Kind kind = Returned::Kind::done, std::uint64_t octets = 0, std::string text = {},
                std::size_t before = 0) {
    Returned out{program_.steps.size() - 1 - before};
    out.kind = kind;
    out.text = std::move(text);
    out.octets = octets;
    return add(out);
  }
  Tale& told(std::string what) { return add(Told{"connection", std::move(what)}); }
  Tale& read() { return add(Reading{state_ == TcpState::closed ? std::nullopt : std::optional(state_)}); }

  std::vector<TcpState> shown(std::string_view rule) const { return claim(rule).shown; }
  std::string missing(std::string_view rule) const { return claim(rule).missing; }

 private:
  Claim claim(std::string_view rule) const {
    const Story story(program_, profile_, trace_, states_);
    const auto at = std::ranges::find(catalogue_rules(), rule, &CatalogueRule::id);
    const auto evidence = std::ranges::find(rule_evidence(), rule, &RuleEvidence::rule);
    EXPECT_NE(evidence, rule_evidence().end()) << rule;
    return claim_by_evidence(*at, *evidence, story);
  }
  static Segment segment(Flags flags, Seq seq, Seq ack, std::size_t length, std::vector<Option> options) {
    Segment out;
    out.flags = flags;
    out.seq = seq;
    if (flags.has(flag::ack)) out.ack = ack;
    out.payload.resize(length);
    out.options = std::move(options);
    return out;
  }
  template <class What>
  Tale& add(What what) {
    now_ += 1ms;
    trace_.push_back({now_, std::move(what)});
    states_.push_back(state_);
    return *this;
  }

  std::vector<Option> options_;
  Program program_;
  Profile profile_;
  Time now_{};
  TcpState state_ = TcpState::closed;
  std::uint16_t our_window_ = 65535, their_window_ = 65535;
  Trace trace_;
  SureStates states_;
};

}  // namespace finack
