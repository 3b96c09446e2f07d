// SPDX-License-Identifier: Apache-2.0
#include "peer/peer.h"

#include <gtest/gtest.h>

#include "base/pattern.h"
#include "packet/notation.h"

namespace finack {
namespace {

const PeerSettings settings{
    {{*Address::parse("192.0.2.1"), 80}, {*Address::parse("198.18.0.1"), 5000}}, Seq{1000}, 7};

class Peer : public testing::Test {
 protected:
  Segment send(std::string_view text) {
    const auto spec = parse_segment(text, Direction::sending);
    EXPECT_TRUE(spec) << text;
    const auto segment = complete(*spec, settings, talk_);
    EXPECT_TRUE(segment);
    talk_.injected(*segment);
    return *segment;
  }
  void arrive(Flags flags, std::uint32_t seq) {
    Segment segment;
    segment.flags = flags;
    segment.seq = Seq{seq};
    talk_.arrived(segment);
  }
  std::string print(const Segment& segment) { return to_string(segment, talk_.base()); }

  Conversation talk_;
};

TEST_F(Peer, SendsWhatACorrectOneWould) {
  EXPECT_EQ(print(send("SYN")), "SYN seq=0 win=65535 <mss 1460>");
  arrive(flag::syn + flag::ack, 5000);
  EXPECT_EQ(print(send("ACK")), "ACK seq=1 ack=1 win=65535");
  EXPECT_EQ(print(send("ACK len=10")), "ACK seq=1 ack=1 len=10 win=65535");
  arrive(flag::fin + flag::ack, 5001);
  EXPECT_EQ(print(send("FIN+ACK")), "FIN+ACK seq=11 ack=2 win=65535");
  EXPECT_EQ(print(send("ACK")), "ACK seq=12 ack=2 win=65535");
  EXPECT_EQ(print(send("RST")), "RST seq=12 win=65535");
}

TEST_F(Peer, SendsWhatIsWrittenEvenWhenWrong) {
  send("SYN");
  arrive(flag::syn + flag::ack, 5000);
  EXPECT_EQ(print(send("FIN+ACK seq=next-1 ack=next+7 win=3 urg=2 bad-checksum <nop>")),
            "FIN+ACK seq=0 ack=8 win=3 urg=2 bad-checksum <nop>");
  EXPECT_EQ(send("ACK seq=#5 ack=0").seq, Seq{5});
}

TEST_F(Peer, FillsDataFromItsPlaceInTheStream) {
  send("SYN");
  const Segment first = send("ACK len=4");
  const Segment second = send("ACK len=4");
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(first.payload[i], pattern_octet(7, i));
    EXPECT_EQ(second.payload[i], pattern_octet(7, 4 + i));
  }
  EXPECT_EQ(send("ACK seq=1 len=8").payload[7], pattern_octet(7, 7)) << "a repetition has the same octets";
}

TEST_F(Peer, SpeaksForItsAddress) {
  const Segment segment = send("SYN");
  EXPECT_EQ(segment.source, settings.pair.peer);
  EXPECT_EQ(segment.destination, settings.pair.target);
}

}  // namespace
}  // namespace finack
