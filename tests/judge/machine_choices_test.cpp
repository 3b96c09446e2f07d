// SPDX-License-Identifier: Apache-2.0
// Where the texts leave the target a choice, the machine follows all ways.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "judge/endpoint.h"

namespace finack {
namespace {

using testing::ElementsAre;
using testing::UnorderedElementsAre;

TEST(Act, KeepsOrDropsWhatCameWithASyn) {
  using enum TcpState;
  const Hypothesis listens = endpoint_in(listen);
  Stimulus syn = segment_to(listens, flag::syn + flag::fin, 5000, 0, 10);
  Hypothesis received = after(listens, syn).at(0);
  EXPECT_EQ(received.rcv_nxt, syn.seq + 1) << "not before ESTABLISHED (RFC 9293 3.10.7.2)";
  received.known = true;
  received.iss = received.snd_una = endpoint_iss;
  received.snd_nxt = endpoint_iss + 1;
  std::set<std::pair<TcpState, std::int32_t>> seen;
  for (const Hypothesis& each : after(received, segment_to(received, flag::ack)))
    seen.insert({each.state, each.rcv_nxt - received.rcv_nxt});
  EXPECT_EQ(seen, (std::set<std::pair<TcpState, std::int32_t>>{{close_wait, 11}, {established, 0}}));

  Hypothesis sent = endpoint_in(syn_sent);
  sent.rcv_edge = sent.rcv_nxt + receive_window;
  seen.clear();
  for (const Hypothesis& each : after(sent, segment_to(sent, flag::syn + flag::ack, 5000, 0, 10)))
    seen.insert({each.state, each.rcv_nxt - each.irs});
  EXPECT_EQ(seen, (std::set<std::pair<TcpState, std::int32_t>>{{established, 11}, {established, 1}}));
}

TEST(Act, CountsTheWindowOfItsSynFromOurs) {
  Hypothesis sent = endpoint_in(TcpState::syn_sent);
  sent.rcv_edge = sent.rcv_nxt + 500;
  for (const Seq isn : {Seq{5}, Seq{0x80000005}}) {
    Stimulus syn = segment_to(sent, flag::syn);
    syn.seq = isn;
    EXPECT_EQ(after(sent, syn).at(0).rcv_edge, isn + 501);
  }
}

TEST(Act, LeavesOpenWhichTimestampIsTheLatest) {
  Hypothesis endpoint = endpoint_in(TcpState::established);
  endpoint.timestamps = true;
  endpoint.ts_recent = endpoint.ts_most = 100;
  Stimulus without_ack = segment_to(endpoint, flag::fin);
  without_ack.timestamp = 110;
  endpoint = after(endpoint, without_ack).at(0);
  const auto follow = [&](std::uint32_t timestamp) {
    Stimulus data = segment_to(endpoint, flag::ack, 0, 0, 10);
    data.timestamp = timestamp;
    data.acknowledged = endpoint.rcv_nxt;
    std::set<std::int32_t> out;
    for (const Hypothesis& each : after(endpoint, data)) out.insert(each.rcv_nxt - endpoint.rcv_nxt);
    return out;
  };
  EXPECT_THAT(follow(99), ElementsAre(0));
  EXPECT_THAT(follow(105), ElementsAre(0, 10)) << "RFC 7323 5.3 R3 takes 110, and some do not";
  EXPECT_THAT(follow(110), ElementsAre(10));
}

TEST(Act, MayPassOverWhatHasNoTimestamp) {
  Hypothesis endpoint = endpoint_in(TcpState::established);
  endpoint.timestamps = true;
  std::set<std::int32_t> seen;
  for (const Hypothesis& each : after(endpoint, segment_to(endpoint, flag::ack, 0, 0, 10)))
    seen.insert(each.rcv_nxt - endpoint.rcv_nxt);
  EXPECT_THAT(seen, ElementsAre(0, 10));
}

TEST(Act, NeedNotAnswerAnOldAck) {
  EXPECT_THAT(successors(TcpState::established, flag::ack, 0, -70000),
              UnorderedElementsAre(to(TcpState::established), to(TcpState::established, {Deed::send_ack})));
}

TEST(Act, MayResetWhatAcknowledgesAnotherSynWhereverItLies) {
  using enum TcpState;
  EXPECT_THAT(
      successors(syn_received, flag::ack, -5, 7),
      UnorderedElementsAre(to(syn_received, {Deed::send_ack}), to(syn_received, {Deed::send_rst_at_ack})));
  EXPECT_THAT(successors(syn_received, flag::ack, -5), ElementsAre(to(syn_received, {Deed::send_ack})));
  EXPECT_THAT(successors(syn_received, flag::syn),
              UnorderedElementsAre(to(listen), to(listen, {Deed::send_rst})))
      << "RFC 793 resets, the listener listens on";
}

TEST(Act, MayResetWhereSomethingIsLeftUnread) {
  using enum TcpState;
  for (const TcpState state : {fin_wait_1, fin_wait_2, closing, last_ack, time_wait}) {
    EXPECT_THAT(successors_of(state, {Fact::close, Fact::both_ways}),
                UnorderedElementsAre(to(state), to(listen, {Deed::send_rst})))
        << to_string(state);
    EXPECT_THAT(successors_of(state, {Fact::close}), ElementsAre(to(state))) << to_string(state);
  }
}

TEST(Act, MayEndForAHardErrorFromTheSynOn) {
  using enum TcpState;
  Stimulus error;
  error.kind = Stimulus::Kind::icmp;
  error.facts = {Fact::icmp_hard};
  EXPECT_THAT(successors(endpoint_in(syn_sent), error), UnorderedElementsAre(to(syn_sent), to(closed)));
  EXPECT_THAT(successors(endpoint_in(syn_received), error),
              UnorderedElementsAre(to(syn_received), to(listen)));
}

TEST(Act, MayLeaveTimeWaitToItselfWhereItIsAborted) {
  EXPECT_THAT(successors_of(TcpState::time_wait, {Fact::abort}),
              UnorderedElementsAre(to(TcpState::time_wait), to(TcpState::listen, {Deed::may_rst})));
}

TEST(Act, LeavesAConnectionAloneThatTheApplicationHasNotGot) {
  Hypothesis second = endpoint_in(TcpState::established);
  second.begun = 2;
  Stimulus call;
  call.kind = Stimulus::Kind::call;
  call.facts = {Fact::close};
  call.accepted = 1;
  EXPECT_THAT(successors(second, call),
              UnorderedElementsAre(to(TcpState::established), to(TcpState::fin_wait_1, {Deed::send_fin})));
  call.accepted = 2;
  EXPECT_THAT(successors(second, call), ElementsAre(to(TcpState::fin_wait_1, {Deed::send_fin})));
}

}  // namespace
}  // namespace finack
