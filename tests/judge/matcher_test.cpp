// SPDX-License-Identifier: Apache-2.0
#include "judge/matcher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace finack {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const Expected expected{.base = {Seq{100}, Seq{200}}, .seq = Seq{101}, .acks = {Seq{211}, Seq{201}}};

Segment segment(Flags flags, std::uint32_t seq = 101, std::uint32_t ack = 211) {
  Segment out;
  out.flags = flags;
  out.seq = Seq{seq};
  out.ack = Seq{ack};
  out.window = 500;
  return out;
}

std::vector<std::string> compare(std::string_view wanted, const Segment& got) {
  return differences(*parse_segment(wanted, Direction::expecting), got, expected);
}

TEST(Matcher, FillsInWhatACorrectEndpointWouldSend) {
  EXPECT_THAT(compare("ACK", segment(flag::ack)), IsEmpty());
  EXPECT_THAT(compare("ACK", segment(flag::ack, 102)), ElementsAre("seq: wanted 1, got 2"));
  EXPECT_THAT(compare("ACK", segment(flag::ack, 101, 212)), ElementsAre("ack: wanted 11, got 12"));
}

TEST(Matcher, LeavesPushAndEcnFree) {
  EXPECT_THAT(compare("ACK", segment(flag::ack + flag::psh + flag::ece)), IsEmpty());
  EXPECT_THAT(compare("PSH+ACK", segment(flag::ack)), ElementsAre("flags: wanted PSH+ACK, got ACK"));
}

TEST(Matcher, TakesAnOptionalFlagEitherWay) {
  EXPECT_THAT(compare("RST+ACK?", segment(flag::rst)), IsEmpty());
  EXPECT_THAT(compare("RST+ACK?", segment(flag::rst + flag::ack)), IsEmpty());
  EXPECT_THAT(compare("RST+ACK?", segment(flag::fin + flag::ack)),
              ElementsAre("flags: wanted RST+ACK?, got FIN+ACK"));
}

TEST(Matcher, ChecksAnAckNumberOnlyWhereThereIsOne) {
  EXPECT_THAT(compare("RST", segment(flag::rst, 101, 0)), IsEmpty());
  EXPECT_THAT(compare("RST+ACK?", segment(flag::rst + flag::ack, 101, 0)),
              ElementsAre(HasSubstr("ack: wanted 11")));
}

TEST(Matcher, WantsNoPayloadUnlessAsked) {
  Segment data = segment(flag::ack);
  data.payload.resize(3);
  EXPECT_THAT(compare("ACK", data), ElementsAre("len: wanted 0, got 3"));
  EXPECT_THAT(compare("ACK len=3", data), IsEmpty());
  EXPECT_THAT(compare("any", data), IsEmpty());
}

TEST(Matcher, ChecksEveryFieldThatIsWritten) {
  EXPECT_THAT(compare("ACK win=400 urg=1 seq=next-1 ack=5", segment(flag::ack)),
              ElementsAre("seq: wanted 0, got 1", "ack: wanted 5, got 11", "win: wanted 400, got 500",
                          "urg: wanted 1, got 0"));
  EXPECT_THAT(compare("ACK seq=any ack=any", segment(flag::ack, 7, 7)), IsEmpty());
  EXPECT_THAT(compare("ACK seq=#101", segment(flag::ack)), IsEmpty());
  EXPECT_THAT(compare("ACK <nop>", segment(flag::ack)), ElementsAre("options: wanted <nop>, got <>"));
}

TEST(Matcher, ChecksTheFieldsOfIpThatAreWritten) {
  Segment got = segment(flag::ack);
  got.ip.ttl = 64;
  got.ip.tos = 0;
  got.ip.id = 7;
  got.ip.dont_fragment = true;
  EXPECT_THAT(compare("ACK", got), IsEmpty());
  EXPECT_THAT(compare("ACK ttl=64 tos=0 id=7 df=1 flow=0", got), IsEmpty());
  EXPECT_THAT(compare("ACK ttl=63", got), ElementsAre("ttl: wanted 63, got 64"));
  EXPECT_THAT(compare("ACK tos=8", got), ElementsAre("tos: wanted 8, got 0"));
  EXPECT_THAT(compare("ACK id=8", got), ElementsAre("id: wanted 8, got 7"));
  EXPECT_THAT(compare("ACK df=0", got), ElementsAre(HasSubstr("df: wanted ")));
  EXPECT_THAT(compare("ACK flow=5", got), ElementsAre("flow: wanted 5, got 0"));
}

TEST(Matcher, ComparesDataOctetByOctet) {
  Segment got = segment(flag::ack);
  got.payload = {1, 2};
  EXPECT_THAT(compare("ACK data=0102", got), IsEmpty());
  EXPECT_THAT(compare("ACK data=0103", got), ElementsAre("data: other octets than those wanted"));
}

TEST(Matcher, CountsFromWhatIsNotAcknowledged) {
  Expected behind = expected;
  behind.seq_una = Seq{96};
  behind.ack_una = Seq{205};
  const auto differ = [&](std::string_view wanted, const Segment& got) {
    return differences(*parse_segment(wanted, Direction::expecting), got, behind);
  };
  EXPECT_THAT(differ("ACK seq=una ack=una", segment(flag::ack, 96, 205)), IsEmpty());
  EXPECT_THAT(differ("ACK seq=una+5 ack=una+1", segment(flag::ack, 101, 206)), IsEmpty());
  EXPECT_THAT(differ("ACK seq=una ack=una", segment(flag::ack)),
              ElementsAre("seq: wanted -4, got 1", "ack: wanted 5, got 11"));
}

TEST(Matcher, DescribesWhatItWanted) {
  EXPECT_EQ(describe(*parse_segment("FIN+ACK len=5", Direction::expecting), expected),
            "FIN+ACK seq=1 ack=11 len=5");
  EXPECT_EQ(describe(*parse_segment("RST", Direction::expecting), expected), "RST seq=1");
}

TEST(Matcher, TakesAnyNumberThatIsNoLower) {
  EXPECT_THAT(compare("ACK seq=above ack=above", segment(flag::ack)), IsEmpty());
  EXPECT_THAT(compare("ACK seq=above", segment(flag::ack, 0x70000000)), IsEmpty());
  EXPECT_THAT(compare("ACK seq=above", segment(flag::ack, 100)),
              ElementsAre("seq: wanted 1 or higher, got 0"));
  EXPECT_THAT(compare("ACK ack=above", segment(flag::ack, 101, 210)),
              ElementsAre("ack: wanted 11 or higher, got 10"));
}

TEST(Matcher, TakesAnyContentOfAnOptionWithoutOctets) {
  Segment got = segment(flag::ack);
  got.options = {timestamps_option(7, 8)};
  EXPECT_THAT(compare("ACK <kind 8>", got), IsEmpty());
  EXPECT_THAT(compare("ACK <kind 254>", got), ElementsAre(HasSubstr("options")));
  got.options = {};
  EXPECT_THAT(compare("ACK <kind 8>", got), ElementsAre(HasSubstr("options")));
}

TEST(Matcher, LooksForOptionsThatAreWrittenOutFirst) {
  Segment got = segment(flag::ack);
  got.options = {{254, {1}}, {254, {2}}};
  EXPECT_THAT(compare("ACK <kind 254, kind 254 01>", got), IsEmpty());
  EXPECT_THAT(compare("ACK <kind 254 01, kind 254>", got), IsEmpty());
  EXPECT_THAT(compare("ACK <kind 254, kind 254 03>", got), ElementsAre(HasSubstr("options")));
}

TEST(Matcher, TakesAnyTimestampBesideAnEcho) {
  Segment got = segment(flag::ack);
  got.options = {timestamps_option(7, 8)};
  EXPECT_THAT(compare("ACK <ts any 8>", got), IsEmpty());
  EXPECT_THAT(compare("ACK <ts any 7>", got), ElementsAre("options: wanted <ts any 7>, got <ts 7 8>"));
  got.options = {{option_kind::sack_permitted}};
  EXPECT_THAT(compare("ACK <ts any 0>", got), ElementsAre(HasSubstr("options")));
}

TEST(Matcher, ComparesTheLayoutOfOptionsWherePaddingIsWritten) {
  Segment got = segment(flag::ack);
  got.options = {{option_kind::nop}, timestamps_option(7, 8), {option_kind::sack_permitted}};
  EXPECT_THAT(compare("ACK <sackok, ts 7 8>", got), IsEmpty());
  EXPECT_THAT(compare("ACK <nop, ts 7 8, sackok>", got), IsEmpty());
  EXPECT_THAT(compare("ACK <nop, sackok, ts 7 8>", got), ElementsAre(HasSubstr("options")));
  EXPECT_THAT(compare("ACK <ts 7 8>", got), ElementsAre(HasSubstr("options"))) << "one more came";
  EXPECT_THAT(compare("ACK <sackok, sackok, ts 7 8>", got), ElementsAre(HasSubstr("options")));
  got.options = {{option_kind::nop}};
  EXPECT_THAT(compare("ACK <>", got), IsEmpty()) << "padding of nothing";
}

TEST(Matcher, WantsFlagsAwayThatAreFreeElse) {
  EXPECT_THAT(compare("ACK", segment(flag::ack + flag::ece)), IsEmpty());
  EXPECT_THAT(compare("ACK+!ECE", segment(flag::ack + flag::cwr)), IsEmpty());
  EXPECT_THAT(compare("ACK+!ECE", segment(flag::ack + flag::ece)),
              ElementsAre("flags: wanted ACK+!ECE, got ACK+ECE"));
}

}  // namespace
}  // namespace finack
