// SPDX-License-Identifier: Apache-2.0
#include "packet/ip.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "packet/checksum.h"

namespace finack {
namespace {

Carriage carriage(Family family) {
  const bool four = family == Family::ipv4;
  return {*Address::parse(four ? "198.18.0.1" : "2001:db8:1::1"),
          *Address::parse(four ? "192.0.2.1" : "2001:db8::1")};
}

Bytes counted(std::size_t size) {
  Bytes out(size);
  for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<std::uint8_t>(i);
  return out;
}

struct Fragment {
  std::size_t at;
  bool more;
  Bytes octets;
};

Fragment read_ipv4_fragment(const Bytes& packet) {
  ChecksumSum sum;
  sum.add(BytesView(packet).first(20));
  EXPECT_EQ(sum.finish(), 0);
  ByteReader reader(packet);
  reader.take(2);
  EXPECT_EQ(reader.u16(), packet.size());
  EXPECT_EQ(reader.u16(), 77) << "identification";
  const std::uint16_t field = reader.u16();
  reader.take(12);
  const BytesView octets = reader.rest();
  return {(field & 0x1fffu) * 8, (field & 0x2000) != 0, Bytes(octets.begin(), octets.end())};
}

TEST(Ip, SendsFragmentsThatMakeUpTheWhole) {
  Carriage wanted = carriage(Family::ipv4);
  wanted.header.id = 77;
  for (const std::size_t size : {16u, 17u, 20u, 100u, 1400u}) {
    for (const bool reversed : {false, true}) {
      wanted.defects.fragments = Fragments{2, reversed};
      const auto packets = encode_ip(wanted, ip_protocol::tcp, counted(size));
      ASSERT_TRUE(packets) << packets.error().message;
      ASSERT_EQ(packets->size(), 2u);
      const Fragment first = read_ipv4_fragment((*packets)[reversed ? 1 : 0]);
      const Fragment second = read_ipv4_fragment((*packets)[reversed ? 0 : 1]);
      EXPECT_EQ(first.at, 0u);
      EXPECT_TRUE(first.more);
      EXPECT_EQ(first.octets.size() % 8, 0u);
      EXPECT_EQ(second.at, first.octets.size());
      EXPECT_FALSE(second.more);
      Bytes whole = first.octets;
      whole.insert(whole.end(), second.octets.begin(), second.octets.end());
      EXPECT_EQ(whole, counted(size));
    }
  }
}

TEST(Ip, PutsTheFragmentHeaderAfterWhatRoutersRead) {
  Carriage wanted = carriage(Family::ipv6);
  wanted.header.id = 77;
  wanted.header.extensions = {ExtensionHeader::hop_by_hop, ExtensionHeader::destination};
  wanted.defects.fragments = Fragments{3};
  const auto packets = encode_ip(wanted, ip_protocol::tcp, counted(100));
  ASSERT_TRUE(packets);
  ASSERT_EQ(packets->size(), 3u);
  Bytes whole;
  for (const Bytes& packet : *packets) {
    EXPECT_EQ(packet[6], 0) << "hop-by-hop first";
    EXPECT_EQ(packet[40], 44) << "then the fragment header";
    ByteReader fragment(BytesView(packet).subspan(48));
    EXPECT_EQ(fragment.u8(), 60) << "then the destination options";
    fragment.u8();
    const std::uint16_t field = fragment.u16();
    EXPECT_EQ(field & 0xfff8u, whole.size());
    EXPECT_EQ(field & 1, &packet == &packets->back() ? 0 : 1);
    EXPECT_EQ(fragment.u32(), 77u);
    const BytesView octets = fragment.rest();
    whole.insert(whole.end(), octets.begin(), octets.end());
  }
  EXPECT_EQ(whole[0], ip_protocol::tcp);
  EXPECT_EQ(Bytes(whole.begin() + 8, whole.end()), counted(100));
  EXPECT_EQ(decode_ip(packets->front()).error().message, "an IPv6 fragment");
}

TEST(Ip, SendsFragmentsThatOverlap) {
  Carriage wanted = carriage(Family::ipv6);
  wanted.defects.fragments = Fragments{3, false, true};
  const Bytes whole = counted(96);
  const auto packets = encode_ip(wanted, ip_protocol::tcp, whole);
  ASSERT_TRUE(packets);
  std::vector<std::pair<std::size_t, std::size_t>> pieces;  // where each begins, and how long it is
  for (const Bytes& packet : *packets) {
    const std::size_t at = (std::size_t{packet[42]} << 8 | packet[43]) & 0xfff8;
    const BytesView octets = BytesView(packet).subspan(48);
    EXPECT_TRUE(std::ranges::equal(octets, BytesView(whole).subspan(at, octets.size())));
    pieces.emplace_back(at, octets.size());
  }
  EXPECT_EQ(pieces, (std::vector<std::pair<std::size_t, std::size_t>>{{0, 32}, {24, 40}, {56, 40}}));
}

// RFC 6946
TEST(Ip, SendsAPacketOfOneFragment) {
  Carriage wanted = carriage(Family::ipv6);
  wanted.defects.fragments = Fragments{1};
  const auto packets = encode_ip(wanted, ip_protocol::tcp, counted(20));
  ASSERT_TRUE(packets);
  ASSERT_EQ(packets->size(), 1u);
  EXPECT_EQ(packets->front()[6], 44) << "the fragment header";
  const auto view = decode_ip(packets->front());
  ASSERT_TRUE(view) << view.error().message;
  EXPECT_EQ(Bytes(view->content.begin(), view->content.end()), counted(20));
}

// RFC 8200 4.4: one address, which is next.
TEST(Ip, SendsASourceRoute) {
  Carriage wanted = carriage(Family::ipv6);
  wanted.header.extensions = {ExtensionHeader::source_route, ExtensionHeader::destination};
  const auto packets = encode_ip(wanted, ip_protocol::tcp, counted(20));
  ASSERT_TRUE(packets);
  const Bytes& packet = packets->front();
  EXPECT_EQ(packet[6], 43);
  EXPECT_EQ(Bytes(packet.begin() + 40, packet.begin() + 48), (Bytes{60, 2, 0, 1, 0, 0, 0, 0}));
  EXPECT_EQ(Bytes(packet.begin() + 48, packet.begin() + 64),
            Bytes(wanted.source.view().begin(), wanted.source.view().end()));
  EXPECT_EQ(decode_ip(packet).error().message, "an IPv6 routing header with somewhere to go");
}

TEST(Ip, RefusesMoreFragmentsThanThereAreUnits) {
  Carriage wanted = carriage(Family::ipv4);
  wanted.defects.fragments = Fragments{4};
  EXPECT_EQ(encode_ip(wanted, ip_protocol::tcp, counted(20)).error().message,
            "20 octets make at most 3 fragments, not 4");
}

TEST(Ip, ReadsBackExtensionHeadersOfAnyNumberAllowed) {
  Carriage wanted = carriage(Family::ipv6);
  for (const ExtensionHeader header :
       {ExtensionHeader::routing, ExtensionHeader::destination, ExtensionHeader::hop_by_hop}) {
    wanted.header.extensions.push_back(header);
    const auto packets = encode_ip(wanted, ip_protocol::tcp, counted(5));
    ASSERT_TRUE(packets);
    const auto view = decode_ip(packets->front());
    ASSERT_TRUE(view) << view.error().message;
    EXPECT_EQ(view->header.extensions, wanted.header.extensions);
    EXPECT_EQ(view->protocol, ip_protocol::tcp);
    EXPECT_EQ(Bytes(view->content.begin(), view->content.end()), counted(5));
  }
  wanted.header.extensions.assign(17, ExtensionHeader::destination);
  EXPECT_EQ(encode_ip(wanted, ip_protocol::tcp, {}).error().message,
            "17 extension headers; at most 16 are sent");
}

TEST(Ip, TakesAnAtomicFragmentForWhole) {
  Carriage wanted = carriage(Family::ipv6);
  wanted.defects.protocol = std::uint8_t{44};
  const Bytes content = {ip_protocol::tcp, 0, 0, 0, 0, 0, 0, 1, 0xaa};
  const Bytes packet = encode_ip(wanted, ip_protocol::tcp, content)->front();
  const auto view = decode_ip(packet);
  ASSERT_TRUE(view) << view.error().message;
  EXPECT_EQ(view->protocol, ip_protocol::tcp);
  EXPECT_EQ(view->content.size(), 1u);
}

TEST(Ip, EndsOnEndlessAndOnTruncatedExtensionHeaders) {
  Carriage wanted = carriage(Family::ipv6);
  wanted.defects.protocol = std::uint8_t{60};
  Bytes chain(17 * 8, 0);
  for (std::size_t i = 0; i < chain.size(); i += 8) chain[i] = 60;
  const Bytes endless = encode_ip(wanted, ip_protocol::tcp, chain)->front();
  EXPECT_EQ(decode_ip(endless).error().message, "over 16 IPv6 extension headers");
  const Bytes beyond = encode_ip(wanted, ip_protocol::tcp, Bytes{6, 1, 0, 0, 0, 0, 0, 0})->front();
  EXPECT_EQ(decode_ip(beyond).error().message, "an IPv6 extension header is cut short");
}

TEST(Ip, SendsDefectsAsGiven) {
  Carriage wanted = carriage(Family::ipv4);
  wanted.defects = {std::uint8_t{6}, std::uint8_t{7}, std::uint16_t{0x1234}, std::uint8_t{17}, false, 2};
  const Bytes packet = encode_ip(wanted, ip_protocol::tcp, counted(20))->front();
  EXPECT_EQ(packet.size(), 38u);
  EXPECT_EQ(packet[0], 0x67);
  EXPECT_EQ(packet[2], 0x12);
  EXPECT_EQ(packet[3], 0x34);
  EXPECT_EQ(packet[9], 17);
  ChecksumSum sum;
  sum.add(BytesView(packet).first(28));
  EXPECT_EQ(sum.finish(), 0) << "over as many octets as the header claims";
  wanted = carriage(Family::ipv4);
  wanted.defects.bad_checksum = true;
  EXPECT_EQ(decode_ip(encode_ip(wanted, ip_protocol::tcp, counted(20))->front()).error().message,
            "the IPv4 header checksum is wrong");
}

TEST(Ip, LeavesSomethingOfThePacket) {
  Carriage wanted = carriage(Family::ipv6);
  wanted.defects.cut = 59;
  EXPECT_EQ(encode_ip(wanted, ip_protocol::tcp, counted(20))->front().size(), 1u);
  wanted.defects.cut = 60;
  EXPECT_EQ(encode_ip(wanted, ip_protocol::tcp, counted(20)).error().message,
            "`cut=60` leaves nothing of a packet of 60 octets");
}

TEST(Ip, PadsOptions) {
  Carriage wanted = carriage(Family::ipv4);
  wanted.header.options = {1, 1, 1, 1, 1};
  const Bytes packet = encode_ip(wanted, ip_protocol::tcp, counted(4))->front();
  EXPECT_EQ(packet[0], 0x47);
  EXPECT_EQ(decode_ip(packet)->header.options, (Bytes{1, 1, 1, 1, 1, 0, 0, 0}));
  wanted.header.options.resize(41);
  EXPECT_EQ(encode_ip(wanted, ip_protocol::tcp, {}).error().message,
            "44 octets of IPv4 options; a header holds 40");
}

}  // namespace
}  // namespace finack
