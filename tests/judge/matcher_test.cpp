// SPDX-License-Identifier: Apache-2.0
#include "judge/matcher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace finack {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const Expected expected{{Seq{100}, Seq{200}}, Seq{101}, {Seq{211}, Seq{201}}, false, {}};

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

TEST(Matcher, DescribesWhatItWanted) {
  EXPECT_EQ(describe(*parse_segment("FIN+ACK len=5", Direction::expecting), expected),
            "FIN+ACK seq=1 ack=11 len=5");
  EXPECT_EQ(describe(*parse_segment("RST", Direction::expecting), expected), "RST seq=1");
}

TEST(Matcher, RefusesMalformedSegments) {
  Segment bad = segment(flag::ack);
  bad.reserved = 4;
  bad.malformed_options = true;
  bad.options = {
      mss_option(1460), {option_kind::timestamps, Bytes(8)}, {option_kind::sack, Bytes(8)}, {254, {}}};
  EXPECT_THAT(malformations(bad, expected),
              ElementsAre(HasSubstr("reserved bits"), HasSubstr("illegal length"),
                          HasSubstr("`mss 1460` belongs on a SYN"), HasSubstr("`ts 0 0` was not offered"),
                          HasSubstr("`sack 0-0` was not offered")));
}

TEST(Matcher, AllowsTheOptionsThatOurSynOffered) {
  Expected offered = expected;
  offered.offered = {{option_kind::timestamps, Bytes(8)}, {option_kind::sack_permitted, {}}};
  Segment good = segment(flag::ack);
  good.options = {{option_kind::timestamps, Bytes(8)}, {option_kind::sack, Bytes(8)}};
  EXPECT_THAT(malformations(good, offered), IsEmpty());
}

TEST(Matcher, LetsTheTargetsOwnSynOfferWhatItLikes) {
  Segment syn = segment(flag::syn);
  syn.options = {mss_option(1460), {option_kind::window_scale, {7}}};
  EXPECT_THAT(malformations(syn, expected), IsEmpty());
  syn.flags = flag::syn + flag::ack;
  EXPECT_THAT(malformations(syn, expected), ElementsAre(HasSubstr("`wscale 7` was not offered")));
}

}  // namespace
}  // namespace finack
