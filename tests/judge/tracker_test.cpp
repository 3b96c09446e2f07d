// SPDX-License-Identifier: Apache-2.0
// The tracker on the ways in which a connection may end.
#include "judge/tracker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "judge/target.h"

namespace finack {
namespace {

using testing::ElementsAre;

TEST(TrackerPasses, AnActiveCloseOfFourSegments) {
  Target target;
  target.reads(TcpState::established);  // else it may have closed before it looked at our ACK
  target.call("close");
  target.came(fin_ack, 1, 1);
  target.reads(TcpState::fin_wait_1);
  target.send(flag::ack, 1, 2);
  target.reads(TcpState::fin_wait_2);
  target.send(fin_ack, 1, 2);
  target.came(flag::ack, 2, 2);
  target.reads(TcpState::time_wait);
  EXPECT_TRUE(target.is_right());
  for (const char* edge : {"T-006", "T-014", "T-022", "T-029", "T-037"})
    EXPECT_TRUE(target.took(edge)) << edge;
  EXPECT_FALSE(target.took("T-030"));
  EXPECT_THAT(target.tracker().states(), ElementsAre(TcpState::time_wait));
}

TEST(TrackerPasses, APassiveClose) {
  Target target;
  target.send(fin_ack, 1, 1);
  target.came(flag::ack, 1, 2);
  target.reads(TcpState::close_wait);
  target.call("close");
  target.came(fin_ack, 1, 2);
  target.reads(TcpState::last_ack);
  target.send(flag::ack, 2, 2);
  target.reads_none();
  EXPECT_TRUE(target.is_right());
  for (const char* edge : {"T-023", "T-043", "T-054"}) EXPECT_TRUE(target.took(edge)) << edge;
}

TEST(TrackerPasses, ASimultaneousClose) {
  Target target;
  close_simultaneously(target);
  target.reads(TcpState::closing);
  target.send(flag::ack, 2, 2);
  target.reads(TcpState::time_wait);
  EXPECT_TRUE(target.is_right());
  for (const char* edge : {"T-030", "T-049"}) EXPECT_TRUE(target.took(edge)) << edge;
}

TEST(TrackerPasses, AFinThatAcknowledgesTheFin) {
  Target target;
  target.call("close");
  target.came(fin_ack, 1, 1);
  target.send(fin_ack, 1, 2);
  target.came(flag::ack, 2, 2);
  target.reads(TcpState::time_wait);
  EXPECT_TRUE(target.is_right());
  EXPECT_TRUE(target.took("T-031"));
}

TEST(TrackerPasses, AFinWithData) {
  Target target;
  target.send(fin_ack, 1, 1, 10);
  target.came(flag::ack, 1, 12);
  target.transfer("receive", 10);
  target.transfer("send", 20);
  target.call("close");
  target.came(fin_ack, 1, 12, 20);
  target.send(flag::ack, 12, 22);
  target.reads_none();
  EXPECT_TRUE(target.is_right());
}

TEST(TrackerPasses, AHalfClose) {
  Target target;
  target.shutdown();
  target.came(fin_ack, 1, 1);
  target.send(flag::ack, 1, 2, 100);
  target.came(flag::ack, 2, 101);
  target.reads(TcpState::fin_wait_2);
  target.send(fin_ack, 101, 2);
  target.came(flag::ack, 2, 102);
  EXPECT_TRUE(target.is_right());

  Target keeps_sending;
  keeps_sending.send(fin_ack, 1, 1);
  keeps_sending.came(flag::ack, 1, 2);
  keeps_sending.transfer("send", 30);
  keeps_sending.came(flag::ack, 1, 2, 30);
  keeps_sending.reads(TcpState::close_wait);
  EXPECT_TRUE(keeps_sending.is_right());
}

TEST(TrackerPasses, AResetOfOurs) {
  Target target;
  target.send(flag::rst, 1, 0);
  target.reads_none();
  EXPECT_TRUE(target.is_right());
  EXPECT_TRUE(target.took("T-024"));
  target.send(flag::ack, 1, 1);
  target.came(flag::rst, 1, 0);
  EXPECT_TRUE(target.is_right()) << "a listener answers an ACK with a reset";
}

TEST(TrackerPasses, AnAbort) {
  Target target;
  target.call("abort");
  target.came(rst_ack, 1, 1);
  target.reads_none();
  EXPECT_TRUE(target.is_right());

  Target lingers;
  lingers.call("option", "connection", {{"name", "linger"}, {"value", "0"}});
  lingers.call("close");
  lingers.came(rst_ack, 1, 1);
  EXPECT_TRUE(lingers.is_right());
}

TEST(TrackerPasses, UnreadDataThatTurnsACloseIntoAResetOrNot) {
  for (const bool resets : {true, false}) {
    Target target;
    target.send(flag::ack, 1, 1, 10);
    target.came(flag::ack, 1, 11);
    target.call("close");
    target.came(resets ? rst_ack : fin_ack, 1, 11);
    EXPECT_TRUE(target.is_right()) << resets;
    EXPECT_EQ(target.took("T-028"), resets);
  }
}

TEST(TrackerPasses, AResetWhereSomethingIsLeftUnreadAfterAShutdown) {
  Target target;
  target.shutdown();
  target.came(fin_ack, 1, 1);
  target.send(flag::ack, 1, 2, 10);
  target.came(flag::ack, 2, 11);
  target.call("close");
  target.came(rst_ack, 2, 11);
  EXPECT_TRUE(target.is_right());
  EXPECT_TRUE(target.took("T-079"));
}

TEST(TrackerPasses, AResetForEachSegmentBehindAnAbort) {
  Target target;
  target.shutdown();
  target.came(fin_ack, 1, 1);
  target.send(fin_ack, 1, 2);
  target.came(flag::ack, 2, 2);
  target.reads(TcpState::time_wait);
  target.call("abort");
  target.send(flag::ack, 2, 2);
  target.came(flag::rst, 2, 0);
  EXPECT_TRUE(target.is_right()) << "it answers the ACK, though the abort might have been the cause";
}

TEST(TrackerPasses, AFinBehindAWindowThatOnlyWhatIsRefusedWouldOpen) {
  Target target;
  target.send_with_window(flag::ack, 1, 1, 0);
  target.call("close");
  target.send_with_window(flag::rst + flag::ack, 5000, 1, 500);
  target.came(flag::ack, 1, 1);
  target.reads(TcpState::fin_wait_1);
  target.after(2s);
  EXPECT_TRUE(target.is_right());
}

TEST(TrackerPasses, AFinBehindMoreThanTheWindowTakes) {
  Target target;
  target.send_with_window(flag::ack, 1, 1, 1000);
  target.transfer("send", 5000);
  target.call("close");
  target.reads(TcpState::fin_wait_1);
  EXPECT_TRUE(target.is_right()) << "nothing may leave that is less than a segment";
  target.after(2s);
  target.came(flag::ack, 1, 1, 1000);
  target.send(flag::ack, 1, 1001);
  EXPECT_FALSE(target.is_right()) << "now it can leave";
}

TEST(TrackerPasses, TheEndOfTheStreamToldBeforeWhatWasSentEarlierComes) {
  Target target;
  target.shutdown();
  target.send(fin_ack, 1, 1);
  target.hears_end();
  target.came(fin_ack, 1, 1);
  target.came(flag::ack, 2, 2);
  EXPECT_TRUE(target.is_right());
}

TEST(TrackerPasses, ASecondStretchBeyondASecondHole) {
  Target target;
  target.send(flag::ack, 101, 1, 100);
  target.send(flag::ack, 301, 1, 100);
  target.came(flag::ack, 1, 1);
  target.came(flag::ack, 1, 1);
  target.send(flag::ack, 1, 1, 100);
  target.came(flag::ack, 1, 201);
  target.send(flag::ack, 201, 1, 100);
  target.came(flag::ack, 1, 401);
  EXPECT_TRUE(target.is_right());
}

TEST(TrackerPasses, AnAbortBeforeWhatWasSentSinceIsLookedAt) {
  Target target;
  target.send(fin_ack, 1, 1);
  target.came(flag::ack, 1, 2);
  target.reads(TcpState::close_wait);
  target.begins("abort");
  target.send(flag::ack, 2, 0);
  target.came(rst_ack, 1, 2);
  target.came(flag::rst, 0, 0);
  EXPECT_TRUE(target.is_right()) << "the ACK finds nobody any more";
}

TEST(TrackerPasses, AConnectionThatIsAcceptedWhileItsListenerCloses) {
  Target target(Target::Begin::listening);
  target.handshake();
  target.begins("accept", "listener");
  target.call("close", "listener");
  target.reads(TcpState::established);
  EXPECT_TRUE(target.is_right());
}

TEST(TrackerPasses, AResetForDataAfterACloseBothWays) {
  Target target;
  target.call("close");
  target.came(fin_ack, 1, 1);
  target.send(flag::ack, 1, 2, 10);
  target.came(flag::rst, 2, 0);
  target.reads_none();
  EXPECT_TRUE(target.is_right());
}

TEST(TrackerPasses, ARepetitionOfItsFin) {
  Target target;
  target.call("close");
  target.came(fin_ack, 1, 1);
  target.after(200ms);
  target.came(fin_ack, 1, 1);
  EXPECT_TRUE(target.is_right());
  EXPECT_TRUE(target.took("S-103"));
}

// Up to TIME-WAIT, by the four segments.
TEST(TrackerPasses, TwiceTheMslInTimeWait) {
  Target target;
  close_actively(target);
  target.after(59s);
  target.reads(TcpState::time_wait);
  target.after(1100ms);
  target.reads_none();
  EXPECT_TRUE(target.is_right());
  EXPECT_TRUE(target.took("T-059"));
}

TEST(TrackerPasses, AFinInTimeWaitThatBeginsItAnew) {
  Target target;
  close_actively(target);
  target.after(59s);
  target.send(fin_ack, 1, 2);
  target.came(flag::ack, 2, 2);
  target.after(50s);
  target.reads(TcpState::time_wait);
  EXPECT_TRUE(target.is_right());
  EXPECT_TRUE(target.took("S-100"));
}

TEST(TrackerPasses, OldDataInTimeWaitThatBeginsItAnewOrNot) {
  for (const bool anew : {false, true}) {
    Target target;
    target.send(flag::ack, 1, 1, 100);
    target.came(flag::ack, 1, 101);
    target.call("close");
    target.came(fin_ack, 1, 101);
    target.send(fin_ack, 101, 2);
    target.came(flag::ack, 2, 102);
    target.after(59s);
    target.send(flag::ack, 1, 2, 100);
    target.came(flag::ack, 2, 102);
    target.after(10s);
    anew ? target.reads(TcpState::time_wait) : target.reads_none();
    EXPECT_TRUE(target.is_right());
  }
}

TEST(TrackerPasses, AFinBehindTheWindowThatDoesNothing) {
  for (const std::uint32_t taken : {65536u, 1u}) {  // what fits, or nothing
    Target target;
    target.send(fin_ack, 1, 1, 70000);
    target.came(flag::ack, 1, taken);
    target.reads(TcpState::established);
    EXPECT_TRUE(target.is_right());
  }
}

TEST(TrackerPasses, ASecondConnectionThatTheTargetOpens) {
  Target target(Target::Begin::listening);
  target.connects("first");
  target.came(flag::syn, 0, 0);
  target.send(flag::syn + flag::ack, 0, 1);
  target.came(flag::ack, 1, 1);
  target.send(fin_ack, 1, 1);
  target.came(flag::ack, 1, 2);
  target.call("close", "first");
  target.came(fin_ack, 1, 2);
  target.send(flag::ack, 2, 2);
  target.reads_none();
  target.connects("second");
  target.came(flag::syn, 70000, 0);
  target.send(flag::syn + flag::ack, 0, 70001);
  target.came(flag::ack, 70001, 1);
  target.reads(TcpState::established);
  EXPECT_TRUE(target.is_right());
  EXPECT_NE(target.came(fin_ack, 2, 2).signature(), "none") << "of the first one";
}

TEST(TrackerPasses, ACloseThatWaitsForTheHandshake) {
  Target target(Target::Begin::listening);
  target.call("socket", "connection");
  target.call("connect");
  target.came(flag::syn, 0, 0);
  target.send(flag::syn, 0, 0);
  target.came(flag::syn + flag::ack, 0, 1);
  target.transfer("send", 100);
  target.call("close");
  target.after(100ms);  // else it may have closed after it looked at our ACK
  target.reads(TcpState::syn_received);
  target.send(flag::ack, 1, 1);
  target.came(fin_ack, 1, 1, 100);
  target.reads(TcpState::fin_wait_1);
  EXPECT_TRUE(target.is_right());
  for (const char* edge : {"S-014", "T-022"}) EXPECT_TRUE(target.took(edge)) << edge;
}

// RFC 9293 figure 8, lines 5 to 7.
void answer_a_crossing_syn(Target& target, std::uint32_t seq, std::size_t length = 0) {
  target.call("socket", "connection");
  target.call("connect");
  target.came(flag::syn, 0, 0);
  target.send(flag::syn, 0, 0);
  target.came(flag::syn + flag::ack, 0, 1);
  target.send(flag::syn + flag::ack, seq, 1, length);
  target.reads(TcpState::established);
}

TEST(TrackerPasses, ASynAckThatAnswersACrossingSyn) {
  for (const bool answers : {true, false}) {
    Target target(Target::Begin::listening);
    answer_a_crossing_syn(target, 0);
    if (answers) target.came(flag::ack, 1, 1);
    EXPECT_TRUE(target.is_right()) << answers;
    EXPECT_TRUE(target.took("T-014"));
  }
  Target with_text(Target::Begin::listening);
  answer_a_crossing_syn(with_text, 0, 10);
  with_text.came(flag::ack, 1, 11);
  EXPECT_TRUE(with_text.is_right());
}

TEST(TrackerRefuses, ASynAckThatAnswersNoCrossingSyn) {
  Target elsewhere(Target::Begin::listening);
  answer_a_crossing_syn(elsewhere, -1u);
  EXPECT_EQ(elsewhere.signature(), "reads ESTABLISHED");
  Target passive(Target::Begin::listening);
  passive.send(flag::syn, 0, 0);
  passive.came(flag::syn + flag::ack, 0, 1);
  passive.send(flag::syn + flag::ack, 0, 1);
  passive.reads(TcpState::established);
  EXPECT_EQ(passive.signature(), "reads ESTABLISHED");
}

TEST(TrackerPasses, ASendAfterTheFinThatIsRefused) {
  Target target;
  target.shutdown();
  target.came(fin_ack, 1, 1);
  target.transfer("send", 0);
  target.after(100ms);
  target.reads(TcpState::fin_wait_1);
  EXPECT_TRUE(target.is_right());
  EXPECT_TRUE(target.took("S-111"));
}

TEST(TrackerPasses, ASendBehindTheResetThatEndedTheConnection) {
  Target target;
  target.shutdown();
  target.came(fin_ack, 1, 1);
  target.send(flag::rst, 1, 0);
  target.reads(TcpState::listen);
  target.transfer("send", 0);
  target.after(2s);
  EXPECT_TRUE(target.is_right());
}

// RFC 7413 4.2
TEST(TrackerPasses, AServerThatTakesTheOctetsOfASyn) {
  Target target(Target::Begin::listening, {{"net.ipv4.tcp_fastopen", "1538"}});
  target.send(flag::syn, 0, 0, 10);
  target.came(flag::syn + flag::ack, 0, 11);
  target.reads(TcpState::syn_received);
  target.accept();
  target.transfer("send", 5);
  target.came(flag::ack, 1, 11, 5);
  target.call("close");
  target.came(fin_ack, 6, 11);
  target.reads(TcpState::fin_wait_1);
  target.send(flag::ack, 11, 7);
  target.reads(TcpState::fin_wait_2);
  EXPECT_TRUE(target.is_right());
  EXPECT_TRUE(target.took("T-015"));
}

TEST(TrackerPasses, ASynThatReopensTimeWait) {
  Target target;
  close_actively(target);
  target.send(flag::syn, 5000, 0);
  target.came(flag::syn + flag::ack, 90000, 5001);
  EXPECT_TRUE(target.is_right());
  EXPECT_TRUE(target.took("T-062"));
}

// RFC 9293 3.6.1, MAY-2: then the numbers are those of the connection before.
TEST(TrackerPasses, AResetThatBringsTimeWaitBack) {
  Target target;
  close_actively(target);
  target.send(flag::syn, 5000, 0);
  target.came(flag::syn + flag::ack, 90000, 5001);
  target.send(flag::rst, 5001, 0);
  target.reads(TcpState::time_wait);
  EXPECT_TRUE(target.is_right());
  EXPECT_TRUE(target.took("T-064"));
  target.send(fin_ack, 1, 2);
  target.came(flag::ack, 2, 2);
  EXPECT_TRUE(target.is_right());
}

TEST(TrackerPasses, AResetInTimeWaitHeededOrNot) {
  for (const bool ignored : {true, false}) {
    Target target;
    close_actively(target);
    target.send(flag::rst, 2, 0);
    target.after(100ms);
    if (ignored) target.reads(TcpState::time_wait);
    if (!ignored) target.reads_none();
    EXPECT_TRUE(target.is_right()) << ignored;
    EXPECT_EQ(target.took("S-083"), ignored);
    EXPECT_EQ(target.took("T-060"), !ignored);
  }
}

TEST(TrackerPasses, AHardErrorHeededOrNot) {
  for (const bool ignored : {true, false}) {
    Target target;
    target.icmp(true);
    target.after(100ms);
    if (ignored) target.reads(TcpState::established);
    if (!ignored) target.reads_none();
    EXPECT_TRUE(target.is_right()) << ignored;
  }
}

TEST(TrackerPasses, AnOrphanInFinWait2ThatIsForgotten) {
  Target target;
  target.call("close");
  target.came(fin_ack, 1, 1);
  target.send(flag::ack, 1, 2);
  target.reads(TcpState::fin_wait_2);
  target.after(60s);
  target.reads_none();
  EXPECT_TRUE(target.is_right());
}

TEST(TrackerPasses, WhatAnUnseenApplicationMayDo) {
  const Program program;
  const Profile profile = test_profile();
  Tracker tracker(program, profile);
  Conversation numbers;
  Segment syn;
  syn.flags = flag::syn;
  syn.window = 1000;
  numbers.arrived(syn);
  tracker.arrived(Time{}, syn, numbers);
  EXPECT_FALSE(tracker.contradiction()) << "it may have connected";
  EXPECT_THAT(tracker.states(), ElementsAre(TcpState::syn_sent));
  tracker.read(Time{}, Reading{});
  EXPECT_FALSE(tracker.contradiction()) << "and closed again";
}

}  // namespace
}  // namespace finack
