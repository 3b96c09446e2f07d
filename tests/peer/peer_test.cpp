// SPDX-License-Identifier: Apache-2.0
#include "peer/peer.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/pattern.h"
#include "packet/codec.h"
#include "packet/notation.h"

namespace finack {
namespace {

const PeerSettings settings{
    {{*Address::parse("192.0.2.1"), 80}, {*Address::parse("198.18.0.1"), 5000}}, Seq{1000}, 7};

class Peer : public testing::Test {
 protected:
  Segment send(std::string_view text, std::uint32_t clock_ms = 0) {
    const auto spec = parse_segment(text, Direction::sending);
    EXPECT_TRUE(spec) << text;
    const auto segment = complete(*spec, settings_, talk_, clock_ms);
    EXPECT_TRUE(segment);
    talk_.injected(*segment);
    return *segment;
  }
  void arrive(Flags flags, std::uint32_t seq, Seq ack = {}, std::vector<Option> options = {}) {
    Segment segment;
    segment.flags = flags;
    segment.seq = Seq{seq};
    segment.ack = ack;
    segment.window = 500;
    segment.options = std::move(options);
    talk_.arrived(segment);
  }
  std::string print(const Segment& segment) { return to_string(segment, talk_.base()); }

  std::string refusal(std::string_view text, Family family) const {
    PeerSettings of_family = settings_;
    if (family == Family::ipv6) {
      of_family.pair = {{*Address::parse("2001:db8::1"), 80}, {*Address::parse("2001:db8:1::1"), 5000}};
    }
    const auto done = complete(*parse_segment(text, Direction::sending), of_family, talk_);
    return done ? "" : done.error().message;
  }

  PeerSettings settings_ = settings;
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

TEST_F(Peer, CountsFromWhatWasAcknowledged) {
  send("SYN");
  arrive(flag::syn + flag::ack, 5000, Seq{1001});
  send("ACK len=10");
  EXPECT_EQ(print(send("ACK seq=una+2 ack=una")), "ACK seq=3 ack=1 win=65535");
  EXPECT_EQ(print(send("RST seq=una+window-1")), "RST seq=500 win=65535");
  EXPECT_EQ(print(send("RST seq=next+-window")), "RST seq=-489 win=65535");
  EXPECT_EQ(print(send("RST seq=window")), "RST seq=500 win=65535");
}

TEST_F(Peer, KeepsUpTimestamps) {
  settings_.syn_options = {mss_option(1000), timestamps_option(0, 0)};
  EXPECT_EQ(print(send("SYN", 70)), "SYN seq=0 win=65535 <mss 1000, ts 70 0>");
  arrive(flag::syn + flag::ack, 5000, Seq{1001}, {timestamps_option(9, 70)});
  EXPECT_EQ(print(send("ACK", 80)), "ACK seq=1 ack=1 win=65535 <nop, nop, ts 80 9>");
  EXPECT_EQ(print(send("RST", 81)), "RST seq=1 win=65535 <nop, nop, ts 81 0>") << "no ACK, no echo";
  EXPECT_EQ(print(send("ACK <>", 81)), "ACK seq=1 ack=1 win=65535");
  EXPECT_EQ(print(send("ACK", 60)), "ACK seq=1 ack=1 win=65535 <nop, nop, ts 70 9>") << "not before the SYN";
}

TEST_F(Peer, SendsNoTimestampsThatTheTargetDidNotAgreeTo) {
  send("SYN <ts 1 0>");
  arrive(flag::syn + flag::ack, 5000, Seq{1001});
  EXPECT_EQ(print(send("ACK", 5)), "ACK seq=1 ack=1 win=65535");
}

TEST_F(Peer, AnswersASynWithWhatItOffered) {
  settings_.syn_options = {mss_option(1000),
                           {option_kind::sack_permitted},
                           {option_kind::window_scale, {3}},
                           timestamps_option(0, 0)};
  arrive(flag::syn, 5000, {}, {timestamps_option(33, 0), {option_kind::window_scale, {7}}});
  EXPECT_EQ(print(send("SYN+ACK", 2)), "SYN+ACK seq=0 ack=1 win=65535 <mss 1000, wscale 3, ts 2 33>");
}

// RFC 7413 4.1.1
TEST_F(Peer, SendsAgainWhatTheTargetsSynHad) {
  EXPECT_EQ(print(send("SYN <mss 1000, kind 34 theirs>")), "SYN seq=0 win=65535 <mss 1000, kind 34>");
  arrive(flag::syn + flag::ack, 5000, Seq{1001}, {{34, {1, 2, 3, 4}}});
  EXPECT_EQ(print(send("SYN seq=500 <kind 34 theirs, kind 35 theirs>")),
            "SYN seq=500 win=65535 <kind 34 01020304, kind 35>");
}

TEST_F(Peer, SendsEveryFieldAsWritten) {
  const char* const fields =
      "reserved=0xf offset=4 ttl=1 tos=0x3 id=7 df=0 ip-options=01 ip-length=9 ip-version=5 "
      "ip-header-length=6 "
      "protocol=17 bad-ip-checksum cut=2 fragments=2";
  const Segment segment = send(fmt::format("SYN len=9 checksum=0x0001 {}", fields));
  EXPECT_EQ(print(segment),
            fmt::format("SYN seq=#1000 len=9 win=65535 checksum=0x0001 {} <mss 1460>", fields))
      << "nor does it count";
  EXPECT_EQ(send("ACK data=010203").payload, (Bytes{1, 2, 3}));
}

TEST_F(Peer, MarksWhatBelongsToAnotherConnection) {
  send("SYN");
  EXPECT_FALSE(send("ACK dport=80 sport=5000").other_connection);
  const Segment stray = send("ACK len=5 sport=9 src=198.18.0.9");
  EXPECT_TRUE(stray.other_connection);
  EXPECT_EQ(to_string(stray.source), "198.18.0.9:9");
  EXPECT_EQ(print(stray), "ACK seq=1 ack=#0 len=5 win=65535 sport=9 dport=80 src=198.18.0.9 dst=192.0.2.1");
  EXPECT_EQ(print(send("ACK")), "ACK seq=1 ack=#0 win=65535");
}

TEST_F(Peer, GivesFragmentsAnIdentification) {
  const Segment segment = send("SYN fragments=2");
  EXPECT_NE(segment.ip.id, 0);
  EXPECT_FALSE(segment.ip.dont_fragment);
  EXPECT_TRUE(send("SYN fragments=2 df=1").ip.dont_fragment);
}

TEST_F(Peer, RefusesFieldsOfTheOtherFamily) {
  for (const char* field : {"id=1", "df=1", "ip-options=01", "ip-header-length=5", "bad-ip-checksum"}) {
    const std::string text = fmt::format("ACK {}", field);
    EXPECT_EQ(refusal(text, Family::ipv4), "");
    EXPECT_EQ(refusal(text, Family::ipv6),
              fmt::format("`{}` is for IPv4",
                          std::string_view(field).substr(0, std::string_view(field).find('='))));
  }
  EXPECT_EQ(refusal("ACK fragments=1", Family::ipv4), "`fragments=1` is for IPv6");
  EXPECT_EQ(refusal("ACK len=9 fragments=2-overlapping", Family::ipv4), "");
  for (const char* field : {"flow=1", "ext=routing"}) {
    const std::string text = fmt::format("ACK {}", field);
    EXPECT_EQ(refusal(text, Family::ipv6), "");
    EXPECT_EQ(refusal(text, Family::ipv4),
              fmt::format("`{}` is for IPv6",
                          std::string_view(field).substr(0, std::string_view(field).find('='))));
  }
  EXPECT_EQ(refusal("ACK dst=192.0.2.1", Family::ipv6), "`dst=192.0.2.1` is for IPv4");
}

TEST_F(Peer, CountsTheQuotedNumberInTheTargetsSpace) {
  send("SYN");
  arrive(flag::syn + flag::ack, 5000, Seq{1001});
  Segment theirs;
  theirs.source = settings_.pair.target;
  theirs.destination = settings_.pair.peer;
  theirs.flags = flag::ack;
  const Bytes quoted = *encode_packet(theirs);
  const auto packet = complete_icmp(*parse_icmp("port-unreachable seq=next+5"), settings_, talk_, quoted);
  ASSERT_TRUE(packet) << packet.error().message;
  ByteReader inside(BytesView(*packet).subspan(20 + 8 + 20 + 4));
  EXPECT_EQ(inside.u32(), 5006u);
  EXPECT_EQ(Address::from_octets(BytesView(*packet).subspan(12, 4)), settings_.pair.peer.address);
}

}  // namespace
}  // namespace finack
