// SPDX-License-Identifier: Apache-2.0
#include "packet/codec.h"

#include <gtest/gtest.h>

#include <random>

namespace finack {
namespace {

Segment sample(Family family) {
  Segment segment;
  const bool four = family == Family::ipv4;
  segment.source = {*Address::parse(four ? "198.18.0.1" : "2001:db8:1::1"), 40000};
  segment.destination = {*Address::parse(four ? "192.0.2.1" : "2001:db8::1"), 80};
  segment.seq = Seq{0xfffffff0};
  segment.ack = Seq{7};
  segment.flags = flag::fin + flag::ack + flag::psh;
  segment.window = 1234;
  segment.options = {mss_option(1460), {option_kind::nop, {}}};
  segment.payload = {1, 2, 3};
  return segment;
}

TEST(Codec, DecodesWhatItEncodes) {
  for (const Family family : {Family::ipv4, Family::ipv6}) {
    Segment segment = sample(family);
    const auto packet = encode_packet(segment);
    ASSERT_TRUE(packet);
    const auto decoded = decode_packet(*packet);
    ASSERT_TRUE(decoded) << decoded.error().message;
    // Padding: mss (4) and nop (1) leave three octets, the first of which ends the list.
    segment.options.push_back({option_kind::end, {}});
    segment.received = true;
    EXPECT_EQ(*decoded, segment);
  }
}

TEST(Codec, ReadsAPacketWrittenByHand) {
  const Bytes packet = {0x45, 0x00, 0x00, 0x2c, 0x00, 0x00, 0x40, 0x00, 0x40, 0x06, 0x7a,
                        0xcb, 0x7f, 0x00, 0x00, 0x01, 0x7f, 0x00, 0x00, 0x02, 0x9c, 0x40,
                        0x00, 0x50, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00, 0x60,
                        0x02, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0x02, 0x04, 0x05, 0xb4};
  auto with_ip_sum = packet;
  with_ip_sum[10] = 0x3c;
  with_ip_sum[11] = 0xc9;
  const auto decoded = decode_packet(with_ip_sum);
  ASSERT_TRUE(decoded) << decoded.error().message;
  EXPECT_EQ(decoded->flags, flag::syn);
  EXPECT_EQ(decoded->destination.port, 80);
  EXPECT_EQ(decoded->options, (std::vector<Option>{mss_option(1460)}));
  EXPECT_TRUE(decoded->bad_checksum) << "the TCP checksum field is zero";
  EXPECT_EQ(decode_packet(packet).error().message, "the IPv4 header checksum is wrong");
}

TEST(Codec, SendsAWrongChecksumOnPurposeAndSeesIt) {
  Segment segment = sample(Family::ipv6);
  segment.bad_checksum = true;
  EXPECT_TRUE(decode_packet(*encode_packet(segment))->bad_checksum);
}

TEST(Codec, SeesEveryFlippedBitOfTheSegment) {
  const Bytes packet = *encode_packet(sample(Family::ipv4));
  for (std::size_t bit = 20 * 8; bit < packet.size() * 8; ++bit) {
    Bytes damaged = packet;
    damaged[bit / 8] = static_cast<std::uint8_t>(damaged[bit / 8] ^ (1u << bit % 8));
    const auto decoded = decode_packet(damaged);
    EXPECT_TRUE(!decoded || decoded->bad_checksum) << "bit " << bit;
  }
}

TEST(Codec, RefusesWhatIsNotOneWholeSegment) {
  const Bytes packet = *encode_packet(sample(Family::ipv4));
  for (std::size_t size = 0; size < packet.size(); ++size) {
    EXPECT_FALSE(decode_packet(BytesView(packet).first(size))) << size;
  }
  Bytes six = *encode_packet(sample(Family::ipv6));
  six[6] = 17;
  EXPECT_EQ(decode_packet(six).error().message, "IPv6 next header 17, not TCP");
  EXPECT_EQ(decode_packet(Bytes{0x20, 0}).error().message, "IP version 2");
}

TEST(Codec, MarksAnOptionWithAnIllegalLength) {
  Segment segment = sample(Family::ipv6);
  segment.options = {};
  Bytes packet = *encode_packet(segment);
  const Bytes option = {2, 40, 5, 180};  // an MSS option that claims 40 octets
  packet.insert(packet.begin() + 60, option.begin(), option.end());
  packet[52] = 0x60;
  packet[5] = static_cast<std::uint8_t>(packet[5] + 4);
  const auto decoded = decode_packet(packet);
  ASSERT_TRUE(decoded);
  EXPECT_TRUE(decoded->malformed_options);
  EXPECT_EQ(decoded->options, (std::vector<Option>{raw_option(option)}));
  EXPECT_EQ(decoded->payload, (Bytes{1, 2, 3}));
}

TEST(Codec, LivesThroughArbitraryOctets) {
  std::mt19937 random(1);
  for (int i = 0; i < 20000; ++i) {
    Bytes packet(random() % 120);
    for (auto& octet : packet) octet = static_cast<std::uint8_t>(random());
    if (!packet.empty()) packet[0] = static_cast<std::uint8_t>(random() % 2 == 0 ? 0x45 : 0x60);
    const auto decoded = decode_packet(packet);
    if (decoded) {
      EXPECT_LE(decoded->payload.size(), packet.size());
    }
    destination_address(packet);
  }
}

TEST(Codec, RefusesTooManyOptions) {
  Segment segment = sample(Family::ipv4);
  segment.options = {{254, Bytes(38)}, {option_kind::nop, {}}};
  EXPECT_EQ(encode_packet(segment).error().message, "44 octets of options; a TCP header holds 40");
}

TEST(Codec, FillsInTheIpHeader) {
  for (const Family family : {Family::ipv4, Family::ipv6}) {
    const bool four = family == Family::ipv4;
    Segment segment = sample(family);
    segment.ip.ttl = 3;
    segment.ip.tos = 0xb8;
    if (four) segment.ip.id = 0x1234;
    if (four) segment.ip.dont_fragment = false;
    if (four) segment.ip.options = {0x94, 4, 0, 0};  // router alert
    if (!four) segment.ip.flow = 0x54321;
    if (!four) segment.ip.extensions = {ExtensionHeader::hop_by_hop, ExtensionHeader::destination};
    const auto decoded = decode_packet(*encode_packet(segment));
    ASSERT_TRUE(decoded) << decoded.error().message;
    EXPECT_EQ(decoded->ip, segment.ip);
    EXPECT_EQ(decoded->payload, segment.payload);
    EXPECT_FALSE(decoded->bad_checksum);
  }
}

TEST(Codec, SendsFieldsAsGiven) {
  Segment segment = sample(Family::ipv4);
  segment.options = {};
  segment.reserved = 9;
  segment.defects = {std::uint8_t{4}, std::uint16_t{0xbeef}};
  const Bytes packet = *encode_packet(segment);
  EXPECT_EQ(packet[32], 0x49);
  EXPECT_EQ(packet[36], 0xbe);
  EXPECT_EQ(packet[37], 0xef);
  EXPECT_EQ(decode_packet(packet).error().message, "the TCP data offset says 16 octets; there are 23");
}

TEST(Codec, PutsRawAndLyingOptionsOnTheWire) {
  Segment segment = sample(Family::ipv6);
  Option liar{254, {0x0a}};
  liar.length = 9;
  segment.options = {liar, {option_kind::nop}, {option_kind::nop}, raw_option({2, 4})};
  const Bytes packet = *encode_packet(segment);
  EXPECT_EQ(Bytes(packet.begin() + 60, packet.begin() + 68), (Bytes{254, 9, 0x0a, 1, 1, 2, 4, 0}));
}

TEST(AsReceived, IsWhatARightReceiverKeeps) {
  Segment segment = sample(Family::ipv4);
  segment.options = {};
  segment.payload = Bytes(100, 1);
  EXPECT_EQ(as_received(segment), segment);
  Segment changed = segment;
  changed.ip_defects.fragments = Fragments{3, true};
  EXPECT_EQ(as_received(changed)->payload, segment.payload) << "put together again";
  EXPECT_FALSE(may_be_dropped(changed));
  changed.ip_defects.fragments = Fragments{3, false, true};
  EXPECT_EQ(as_received(changed)->payload, segment.payload) << "RFC 791 3.2";
  EXPECT_TRUE(may_be_dropped(changed)) << "by hosts that do as RFC 5722 has it";
  changed = sample(Family::ipv6);
  changed.ip_defects.fragments = Fragments{1};
  EXPECT_EQ(as_received(changed)->payload, sample(Family::ipv6).payload) << "whole by itself";
  changed.ip_defects.fragments = Fragments{2, false, true};
  EXPECT_FALSE(as_received(changed)) << "RFC 8200 4.5";
  EXPECT_FALSE(may_be_dropped(changed)) << "it is dropped for sure";
  changed = sample(Family::ipv6);
  changed.ip.extensions = {ExtensionHeader::routing};
  EXPECT_TRUE(as_received(changed));
  changed.ip.extensions = {ExtensionHeader::destination, ExtensionHeader::source_route};
  EXPECT_FALSE(as_received(changed)) << "RFC 5095 3";
  changed = segment;
  changed.defects.data_offset = 6;
  EXPECT_EQ(as_received(changed)->payload.size(), 96u);
  changed = segment;
  changed.defects.checksum = std::uint16_t{1};
  EXPECT_FALSE(as_received(changed));
  changed = segment;
  changed.ip_defects.bad_checksum = true;
  EXPECT_FALSE(as_received(changed));
  changed = segment;
  changed.ip_defects.cut = 1;
  EXPECT_FALSE(as_received(changed));
  changed = segment;
  changed.ip_defects.version = std::uint8_t{6};
  EXPECT_FALSE(as_received(changed));
  changed = segment;
  changed.ip_defects.protocol = std::uint8_t{17};
  EXPECT_FALSE(as_received(changed));
  changed = segment;
  changed.other_connection = true;
  EXPECT_FALSE(as_received(changed));
}

TEST(Ethernet, CarriesAPacketToItsAddress) {
  const MacAddress to = {2, 0, 0, 0, 0, 1}, from = {2, 0, 0, 0, 0, 2};
  for (const Family family : {Family::ipv4, Family::ipv6}) {
    const Segment segment = sample(family);
    const Bytes packet = *encode_packet(segment);
    const Bytes frame =
        encode_ethernet(to, from, family == Family::ipv4 ? ether_type::ipv4 : ether_type::ipv6, packet);
    const auto view = decode_ethernet(frame);
    ASSERT_TRUE(view);
    EXPECT_EQ(view->destination, to);
    EXPECT_EQ(view->source, from);
    EXPECT_EQ(Bytes(view->payload.begin(), view->payload.end()), packet);
    EXPECT_EQ(destination_address(frame), segment.destination.address);
  }
  EXPECT_EQ(destination_address(Bytes(20)), std::nullopt);
}

}  // namespace
}  // namespace finack
