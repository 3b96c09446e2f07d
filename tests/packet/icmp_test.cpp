// SPDX-License-Identifier: Apache-2.0
#include "packet/icmp.h"

#include <gtest/gtest.h>

#include "packet/checksum.h"
#include "packet/codec.h"

namespace finack {
namespace {

std::string icmp_round_trip(std::string_view text) {
  const auto spec = parse_icmp(text);
  return spec ? to_string(*spec) : "error: " + spec.error().message;
}

TEST(Icmp, IsWrittenAsItIsRead) {
  for (const char* text :
       {"net-unreachable", "host-unreachable", "protocol-unreachable", "port-unreachable", "too-big mtu=296",
        "admin-prohibited quote=28", "source-quench seq=una-1", "time-exceeded seq=#7 quote=0 bad-checksum",
        "parameter-problem seq=next", "type=3 code=5", "type=255 code=0 mtu=4294967295"}) {
    EXPECT_EQ(icmp_round_trip(text), text);
  }
}

TEST(Icmp, PointsAtTheWordAtFault) {
  struct Refusal {
    const char* text;
    int column;
    const char* message;
    const char* hint;
  };
  const Refusal refusals[] = {
      {"", 1, "an ICMP error begins with its name", "write `port-unreachable` or `type=3 code=3`"},
      {"port-unreachabel", 1, "`port-unreachabel` is no ICMP error", "did you mean `port-unreachable`?"},
      {"toobig", 1, "`toobig` is no ICMP error", "did you mean `too-big`?"},
      {"type=3", 1, "`type` needs a `code` beside it", ""},
      {"type=256 code=0", 1, "`type` is 0 to 255, got 256", ""},
      {"port-unreachable code=3", 18, "`code` goes without a name", ""},
      {"port-unreachable mtu=3", 18, "`mtu` goes with `too-big`, not with `port-unreachable`", ""},
      {"too-big mtv=3", 9, "`mtv=3` is no field of an ICMP error", "did you mean `mtu`?"},
      {"too-big mtu=3 mtu=3", 15, "`mtu` stands twice", ""},
      {"too-big mtu=x", 9, "`mtu` wants a number, got `x`", ""},
      {"too-big seq=any", 9, "`seq=any`: `any` and `window` are not for an ICMP error", ""},
      {"too-big seq=next+window", 9, "`seq=next+window`: `any` and `window` are not for an ICMP error", ""},
      {"too-big bad-checksum=1", 9, "`bad-checksum` takes no value", ""},
  };
  for (const Refusal& refusal : refusals) {
    const auto spec = parse_icmp(refusal.text, Place{"f.yaml", 3, 1});
    ASSERT_FALSE(spec) << refusal.text;
    EXPECT_EQ(spec.error().message, refusal.message);
    EXPECT_EQ(spec.error().hint, refusal.hint) << refusal.text;
    EXPECT_EQ(spec.error().place, (Place{"f.yaml", 3, refusal.column})) << refusal.text;
  }
}

const Address ours_4 = *Address::parse("198.18.0.1"), target_4 = *Address::parse("192.0.2.1");
const Address ours_6 = *Address::parse("2001:db8:1::1"), target_6 = *Address::parse("2001:db8::1");

Bytes segment_of_the_target(Family family, std::size_t octets) {
  Segment segment;
  segment.source = {family == Family::ipv4 ? target_4 : target_6, 80};
  segment.destination = {family == Family::ipv4 ? ours_4 : ours_6, 5000};
  segment.seq = Seq{0x01020304};
  segment.flags = flag::ack;
  segment.payload.resize(octets);
  return *encode_packet(segment);
}

struct Decoded {
  int type = 0;
  int code = 0;
  std::uint32_t parameter = 0;
  Bytes quoted = {};
  bool checksum_right = false;
};

Result<Decoded> encode(std::string_view text, Family family, std::size_t octets = 0) {
  const bool four = family == Family::ipv4;
  const auto packet = encode_icmp(*parse_icmp(text), family, segment_of_the_target(family, octets),
                                  four ? ours_4 : ours_6, four ? target_4 : target_6);
  if (!packet) return pass_on(packet.error());
  const auto view = decode_ip(*packet);
  if (!view) return pass_on(view.error());
  EXPECT_EQ(view->protocol, four ? 1 : 58);
  ByteReader reader(view->content);
  Decoded out;
  out.type = reader.u8();
  out.code = reader.u8();
  reader.u16();
  out.parameter = reader.u32();
  const BytesView quoted = reader.rest();
  out.quoted.assign(quoted.begin(), quoted.end());
  ChecksumSum sum;
  sum.add(view->content);
  out.checksum_right =
      (four ? sum.finish() : transport_checksum(ours_6, target_6, ip_protocol::icmpv6, view->content)) == 0;
  return out;
}

TEST(Icmp, HasTheTypesAndCodesOfBothFamilies) {
  struct Case {
    const char* text;
    int type_4, code_4, type_6, code_6;
  };
  const Case cases[] = {
      {"net-unreachable", 3, 0, 1, 0},
      {"host-unreachable", 3, 1, 1, 3},
      {"protocol-unreachable", 3, 2, 4, 1},
      {"port-unreachable", 3, 3, 1, 4},
      {"too-big", 3, 4, 2, 0},
      {"admin-prohibited", 3, 13, 1, 1},
      {"time-exceeded", 11, 0, 3, 0},
      {"parameter-problem", 12, 0, 4, 0},
      {"type=9 code=8", 9, 8, 9, 8},
  };
  for (const Case& wanted : cases) {
    const auto four = encode(wanted.text, Family::ipv4);
    const auto six = encode(wanted.text, Family::ipv6);
    ASSERT_TRUE(four && six) << wanted.text;
    EXPECT_EQ(four->type, wanted.type_4) << wanted.text;
    EXPECT_EQ(four->code, wanted.code_4) << wanted.text;
    EXPECT_EQ(six->type, wanted.type_6) << wanted.text;
    EXPECT_EQ(six->code, wanted.code_6) << wanted.text;
    EXPECT_TRUE(four->checksum_right);
    EXPECT_TRUE(six->checksum_right);
  }
  EXPECT_EQ(encode("source-quench", Family::ipv4)->type, 4);
  EXPECT_EQ(encode("source-quench", Family::ipv6).error().message, "`source-quench` is for IPv4");
}

TEST(Icmp, TellsTheMtu) {
  EXPECT_EQ(encode("too-big", Family::ipv4)->parameter, 1280u);
  EXPECT_EQ(encode("too-big mtu=0", Family::ipv4)->parameter, 0u);
  EXPECT_EQ(encode("too-big mtu=65536", Family::ipv6)->parameter, 65536u);
  EXPECT_EQ(encode("too-big mtu=65536", Family::ipv4).error().message,
            "`mtu` is at most 65535 with IPv4, got 65536");
  EXPECT_EQ(encode("protocol-unreachable", Family::ipv6)->parameter, 6u) << "points at the next header field";
}

TEST(Icmp, QuotesAsMuchAsFits) {
  for (const Family family : {Family::ipv4, Family::ipv6}) {
    const Bytes small = segment_of_the_target(family, 10);
    EXPECT_EQ(encode("port-unreachable", family, 10)->quoted, small);
    const std::size_t most = family == Family::ipv4 ? 576 - 28 : 1280 - 48;
    EXPECT_EQ(encode("port-unreachable", family, 1400)->quoted.size(), most);
    EXPECT_EQ(encode("port-unreachable quote=28", family, 10)->quoted,
              Bytes(small.begin(), small.begin() + 28));
    EXPECT_EQ(encode("port-unreachable quote=9999", family, 10)->quoted, small);
    EXPECT_TRUE(encode("port-unreachable quote=0", family, 10)->quoted.empty());
  }
}

TEST(Icmp, ReplacesTheQuotedNumber) {
  for (const Family family : {Family::ipv4, Family::ipv6}) {
    const auto error = encode("port-unreachable seq=#4294967295", family, 10);
    ASSERT_TRUE(error) << error.error().message;
    const Bytes before = segment_of_the_target(family, 10);
    const std::size_t at = (family == Family::ipv4 ? 20 : 40) + 4;
    for (std::size_t i = 0; i < before.size(); ++i)
      EXPECT_EQ(error->quoted[i], i >= at && i < at + 4 ? 0xff : before[i]) << i;
    EXPECT_TRUE(error->checksum_right);
    EXPECT_EQ(encode("port-unreachable seq=5", family).error().message, "`seq=5` is not an absolute number");
  }
}

TEST(Icmp, SendsAWrongChecksumOnPurpose) {
  EXPECT_FALSE(encode("port-unreachable bad-checksum", Family::ipv4)->checksum_right);
  EXPECT_FALSE(encode("port-unreachable bad-checksum", Family::ipv6)->checksum_right);
}

TEST(Icmp, RefusesAPacketOfTheOtherFamily) {
  const auto spec = parse_icmp("port-unreachable");
  EXPECT_EQ(encode_icmp(*spec, Family::ipv4, segment_of_the_target(Family::ipv6, 0), ours_4, target_4)
                .error()
                .message,
            "an ICMP error quotes a packet of its own family");
  EXPECT_FALSE(encode_icmp(*spec, Family::ipv4, {}, ours_4, target_4));
}

}  // namespace
}  // namespace finack
