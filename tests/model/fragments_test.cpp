// SPDX-License-Identifier: Apache-2.0
#include "model/fragments.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "packet/ip.h"

namespace finack::model {
namespace {

const Address a4 = *Address::parse("192.0.2.1"), b4 = *Address::parse("198.18.0.1"),
              a6 = *Address::parse("2001:db8::1"), b6 = *Address::parse("2001:db8:1::1");

Bytes content() {
  Bytes out(1000);
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<std::uint8_t>(i * 7);
  return out;
}

std::vector<Bytes> pieces(bool ipv4, std::uint8_t count, bool reversed) {
  Carriage carriage{ipv4 ? b4 : b6, ipv4 ? a4 : a6};
  carriage.header.id = 9;
  carriage.header.dont_fragment = false;
  carriage.defects.fragments = finack::Fragments{count, reversed};
  return *encode_ip(carriage, ip_protocol::tcp, content());
}

TEST(Fragments, MakeTheWholeInWhateverOrder) {
  for (const bool ipv4 : {true, false}) {
    for (const bool reversed : {true, false}) {
      Fragments fragments;
      const auto all = pieces(ipv4, 7, reversed);
      for (std::size_t i = 0; i + 1 < all.size(); ++i) EXPECT_FALSE(fragments.add(Time{}, all[i]));
      EXPECT_FALSE(fragments.add(Time{}, all[0]));  // twice
      const auto whole = fragments.add(Time{}, all.back());
      ASSERT_TRUE(whole);
      const auto read = decode_ip(*whole);
      ASSERT_TRUE(read);
      EXPECT_TRUE(std::ranges::equal(read->content, content()));
    }
  }
}

TEST(Fragments, ThatOverlapEndTheirDatagramInIpv6) {
  Fragments fragments;
  const auto three = pieces(false, 3, false), two = pieces(false, 2, false);
  EXPECT_FALSE(fragments.add(Time{}, three[0]));
  EXPECT_FALSE(fragments.add(Time{}, two[1]));
  EXPECT_FALSE(fragments.add(Time{}, three[1]));  // overlaps: all of it goes
  EXPECT_FALSE(fragments.add(Time{}, three[2]));
}

// RFC 791 3.2: "use the more recently arrived copy".
TEST(Fragments, ThatOverlapInIpv4CountAsTheyCameLast) {
  constexpr std::size_t header = 20;
  const auto whole_of = [](std::vector<Bytes> all) {
    Fragments fragments;
    std::optional<Bytes> whole;
    for (const Bytes& one : all) whole = fragments.add(Time{}, one);
    return whole ? Bytes(decode_ip(*whole)->content.begin(), decode_ip(*whole)->content.end()) : Bytes{};
  };
  const auto three = pieces(true, 3, false);
  auto two = pieces(true, 2, false);
  EXPECT_EQ(whole_of({three[0], two[1], three[1]}), content());
  two[1].back() ^= 0xff;
  two[1][header] ^= 0xff;
  Bytes mixed = content();
  mixed.back() ^= 0xff;
  EXPECT_EQ(whole_of({three[0], two[1], three[1]}), mixed)
      << "what only the second had, and not what came again";
}

TEST(Fragments, DoNotWaitForEver) {
  Fragments fragments;
  const auto all = pieces(true, 2, false);
  EXPECT_FALSE(fragments.add(Time{}, all[0]));
  EXPECT_FALSE(fragments.add(Time(61s), all[1]));
}

TEST(Fragments, AreNothingElse) {
  EXPECT_FALSE(Fragments::is_fragment({}));
  EXPECT_FALSE(Fragments::is_fragment(encode_ip({b4, a4}, ip_protocol::tcp, content())->front()));
  EXPECT_FALSE(Fragments::is_fragment(encode_ip({b6, a6}, ip_protocol::tcp, content())->front()));
  EXPECT_TRUE(Fragments::is_fragment(pieces(true, 2, false)[0]));
}

}  // namespace
}  // namespace finack::model
