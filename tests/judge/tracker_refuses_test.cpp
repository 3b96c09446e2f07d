// SPDX-License-Identifier: Apache-2.0
// The tracker on what comes close to the ways in which a connection may end.
#include "judge/tracker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "judge/target.h"

namespace finack {
namespace {

TEST(TrackerRefuses, AFinThatIsNotAcknowledged) {
  Target target;
  target.send(fin_ack, 1, 1);
  EXPECT_FALSE(target.is_right());
  EXPECT_EQ(target.signature(), "nothing for T-023");
  EXPECT_EQ(target.tracker().contradiction()->edge, "T-023");
}

TEST(TrackerRefuses, DataThatIsNotAcknowledged) {
  Target target;
  target.send(flag::ack, 1, 1, 10);
  EXPECT_FALSE(target.is_right());
  EXPECT_EQ(target.signature(), "nothing for S-087");
}

TEST(TrackerRefuses, ACloseWithoutAFin) {
  Target target;
  target.call("close");
  EXPECT_FALSE(target.is_right());
  EXPECT_EQ(target.signature(), "nothing for T-022");
}

TEST(TrackerRefuses, AFinThatNobodyAskedFor) {
  EXPECT_FALSE(Target().came(fin_ack, 1, 1).is_right());
  Target dead;
  dead.shutdown();
  EXPECT_FALSE(dead.came(rst_ack, 1, 1).is_right()) << "nor a reset";
}

TEST(TrackerRefuses, WrongNumbers) {
  const auto verdict_of = [](std::uint32_t seq, std::uint32_t ack) {
    Target target;
    target.send(fin_ack, 1, 1);
    target.came(flag::ack, seq, ack);
    return static_cast<bool>(target.is_right());
  };
  EXPECT_TRUE(verdict_of(1, 2));
  EXPECT_FALSE(verdict_of(2, 2));
  EXPECT_FALSE(verdict_of(1, 3));
  EXPECT_FALSE(verdict_of(1, 1)) << "which leaves the ACK of the FIN owing";
}

TEST(TrackerRefuses, AResetInThePlaceOfAnAck) {
  Target target;
  target.send(fin_ack, 1, 1);
  target.came(rst_ack, 1, 2);
  EXPECT_EQ(target.signature(), "sends RST+ACK");
}

TEST(TrackerRefuses, AStateThatCannotBe) {
  Target target;
  target.call("close");
  target.came(fin_ack, 1, 1);
  target.reads(TcpState::fin_wait_2);
  EXPECT_EQ(target.signature(), "reads FIN-WAIT-2") << "nobody has acknowledged the FIN";
}

TEST(TrackerRefuses, TimeWaitWithoutClosing) {
  Target target;
  close_simultaneously(target);
  target.reads(TcpState::time_wait);
  EXPECT_EQ(target.signature(), "reads TIME-WAIT");
}

TEST(TrackerRefuses, ATimeWaitThatIsTooShort) {
  Target target;
  close_actively(target);
  target.after(58s);
  target.reads_none();
  EXPECT_EQ(target.signature(), "reads CLOSED");
}

TEST(TrackerRefuses, ATimeWaitThatIsTooLong) {
  Target target;
  close_actively(target);
  target.after(62s);
  target.reads(TcpState::time_wait);
  EXPECT_EQ(target.signature(), "reads TIME-WAIT");
}

TEST(TrackerRefuses, AFinBeforeDataThatWasQueued) {
  Target target;
  target.transfer("send", 100);
  target.call("close");
  target.came(flag::ack, 1, 1, 50);
  target.came(fin_ack, 51, 1);
  EXPECT_EQ(target.signature(), "sends FIN+ACK");
}

TEST(TrackerRefuses, ASecondFinWithAnotherNumber) {
  Target target;
  target.transfer("send", 10);
  target.call("close");
  target.came(fin_ack, 1, 1, 10);
  target.after(200ms);
  target.came(fin_ack, 12, 1);
  EXPECT_EQ(target.signature(), "sends FIN+ACK");
}

TEST(TrackerRefuses, DataBeyondItsFin) {
  Target target;
  target.transfer("send", 10);
  target.shutdown();
  target.came(fin_ack, 1, 1, 10);
  target.came(flag::ack, 12, 1, 1);
  EXPECT_EQ(target.signature(), "sends ACK");
}

TEST(TrackerRefuses, MoreThanTheApplicationSent) {
  Target target;
  target.transfer("send", 10);
  target.came(flag::ack, 1, 1, 11);
  EXPECT_EQ(target.signature(), "sends ACK");
}

TEST(TrackerRefuses, AnAnswerToAResetInEstablished) {
  Target target;
  target.send(flag::rst, 1, 0);
  target.after(100ms);
  target.came(flag::ack, 1, 1);
  EXPECT_EQ(target.signature(), "sends ACK");
}

TEST(TrackerRefuses, TextBeforeEstablishedButForFastOpen) {
  Target target(Target::Begin::listening);
  target.send(flag::syn, 0, 0, 10);
  target.came(flag::syn + flag::ack, 0, 1);
  target.accept();
  target.transfer("send", 5);
  target.came(flag::ack, 1, 1, 5);
  EXPECT_EQ(target.signature(), "sends ACK");

  Target beyond(Target::Begin::listening);
  beyond.send(flag::syn, 0, 0, 10);
  beyond.came(flag::syn + flag::ack, 0, 12);
  EXPECT_EQ(beyond.signature(), "sends SYN+ACK") << "more than came";
}

TEST(TrackerRefuses, TextOfASynThatNothingLetsItTake) {
  const auto takes = [](std::vector<Option> options, std::map<std::string, std::string> sysctls = {}) {
    Target target(Target::Begin::listening, std::move(sysctls));
    target.send_syn(10, std::move(options));
    target.came(flag::syn + flag::ack, 0, 11);
    return static_cast<bool>(target.is_right());
  };
  const std::string setting = "net.ipv4.tcp_fastopen";
  EXPECT_FALSE(takes({}));
  EXPECT_FALSE(takes({{34, {}}})) << "a wish for a cookie is none";
  EXPECT_FALSE(takes({{254, {0xf9, 0x89}}})) << "nor is that of the experiment";
  EXPECT_FALSE(takes({}, {{setting, "1026"}})) << "set up to ask for a cookie";
  EXPECT_FALSE(takes({}, {{setting, "512"}})) << "no server";
  EXPECT_TRUE(takes({{34, {1, 2, 3, 4, 5, 6, 7, 8}}}));
  EXPECT_TRUE(takes({{254, {0xf9, 0x89, 1, 2, 3, 4}}}));
  EXPECT_TRUE(takes({}, {{setting, "1538"}})) << "set up to ask for none";
}

TEST(TrackerRefuses, ASynForNobody) {
  Target target(Target::Begin::listening);
  target.came(flag::syn, 0, 0);
  EXPECT_EQ(target.signature(), "sends SYN");
}

TEST(TrackerRefuses, NothingMoreOnceDisturbed) {
  const Program program;
  const Profile profile = test_profile();
  Tracker tracker(program, profile);
  tracker.disturbed();
  tracker.read(Time{}, Reading{TcpState::last_ack});
  EXPECT_FALSE(tracker.contradiction());
}

}  // namespace
}  // namespace finack
