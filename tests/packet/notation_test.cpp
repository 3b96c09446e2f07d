// SPDX-License-Identifier: Apache-2.0
#include "packet/notation.h"

#include <gtest/gtest.h>

namespace finack {
namespace {

std::string round_trip(std::string_view text, Direction direction = Direction::expecting) {
  const auto spec = parse_segment(text, direction);
  return spec ? to_string(*spec) : "error: " + spec.error().message;
}

TEST(Notation, IsWrittenAsItIsRead) {
  for (const char* text : {"ACK", "FIN+ACK", "SYN+ACK", "none", "any", "RST+ACK?", "FIN+ACK seq=next-1",
                           "RST seq=next+1000", "ACK seq=1 ack=any len=500 win=0", "ACK seq=#4294967295",
                           "URG+ACK urg=7", "SYN <mss 1460, nop, wscale 7, sackok, ts 1 0>",
                           "ACK <sack 100-200 300-400>", "SYN <kind 254 0a0b>", "ACK <>"}) {
    EXPECT_EQ(round_trip(text), text);
  }
  EXPECT_EQ(round_trip("ACK len=5 bad-checksum", Direction::sending), "ACK len=5 bad-checksum");
}

TEST(Notation, PutsFlagsInTheUsualOrder) {
  EXPECT_EQ(round_trip("ACK+FIN"), "FIN+ACK");
}

struct Refusal {
  const char* text;
  Direction direction;
  int column;  // counted from 1, where the word at fault stands
  const char* message;
};

TEST(Notation, PointsAtTheWordAtFault) {
  const Refusal refusals[] = {
      {"", Direction::sending, 1, "a segment begins with its flags"},
      {"FIN+ACKK", Direction::sending, 5, "`ACKK` is no TCP flag"},
      {"FIN+", Direction::sending, 5, "`` is no TCP flag"},
      {"FIN+FIN", Direction::sending, 5, "the flag `FIN` stands twice"},
      {"any", Direction::sending, 1, "`any` is for `expect`; a segment that is sent needs definite flags"},
      {"RST+ACK?", Direction::sending, 5,
       "`ACK?` is for `expect`; a segment that is sent needs definite flags"},
      {"ACK seq=any", Direction::sending, 5,
       "`seq=any` is for `expect`; a segment that is sent needs definite numbers"},
      {"ACK seq=", Direction::sending, 5, "`seq` wants a number, got ``"},
      {"ACK seq=next*2", Direction::sending, 5, "`next*2` is no number"},
      {"ACK seq=next+-2", Direction::sending, 5, "`seq` wants a number, got `next+-2`"},
      {"ACK seq=99999999999", Direction::sending, 5, "`99999999999` is out of the range of sequence numbers"},
      {"ACK seq=#-1", Direction::sending, 5, "`#-1` is out of the range of sequence numbers"},
      {"ACK win=65536", Direction::sending, 5, "`win` is at most 65535, got 65536"},
      {"ACK len=1 len=2", Direction::sending, 11, "`len` stands twice"},
      {"ACK sek=1", Direction::sending, 5, "`sek=1` is no field of a segment"},
      {"ACK bad-checksum", Direction::expecting, 5, "a segment with a wrong checksum cannot be expected"},
      {"SYN <mss>", Direction::sending, 6, "an option `mss` is written `mss 1460`"},
      {"SYN <mss 1460, foo 1>", Direction::sending, 15, "`foo` is no option"},
      {"SYN <mss 1460", Direction::sending, 5, "the list of options lacks its closing `>`"},
      {"SYN <nop> seq=1", Direction::sending, 11, "`seq=1` stands after the options; options come last"},
      {"SYN <ts 1 2, ts 1 2, ts 1 2, ts 1 2, ts 1 2>", Direction::sending, 5,
       "50 octets of options; a TCP header holds 40"},
  };
  for (const Refusal& refusal : refusals) {
    const auto spec = parse_segment(refusal.text, refusal.direction, Place{"f.yaml", 3, 1});
    ASSERT_FALSE(spec) << refusal.text;
    EXPECT_EQ(spec.error().message, refusal.message) << refusal.text;
    EXPECT_EQ(spec.error().place, (Place{"f.yaml", 3, refusal.column})) << refusal.text;
  }
}

TEST(Notation, SuggestsTheNearestWord) {
  EXPECT_EQ(parse_segment("FIN+AKC", Direction::sending).error().hint, "did you mean `ACK`?");
  EXPECT_EQ(parse_segment("ACK sqe=1", Direction::sending).error().hint, "did you mean `seq`?");
}

TEST(Notation, PrintsNumbersRelativeToEachSidesIsn) {
  Segment segment;
  segment.flags = flag::fin + flag::ack;
  segment.seq = Seq{1001};
  segment.ack = Seq{1};
  segment.window = 64240;
  EXPECT_EQ(to_string(segment, {Seq{1000}, Seq{0xffffffff}}), "FIN+ACK seq=1 ack=2 win=64240");
  EXPECT_EQ(to_string(segment, {}), "FIN+ACK seq=#1001 ack=#1 win=64240");
}

TEST(Notation, PrintsTheAckFieldOnlyWithItsFlag) {
  Segment segment;
  segment.flags = flag::rst;
  segment.bad_checksum = true;
  EXPECT_EQ(to_string(segment, {Seq{0}, Seq{0}}), "RST seq=0 win=0 bad-checksum");
}

}  // namespace
}  // namespace finack
