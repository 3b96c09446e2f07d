// SPDX-License-Identifier: Apache-2.0
// The octet pattern and the digest against known values, which docs/agent-protocol.md repeats.
#include <gtest/gtest.h>

#include <vector>

#include "target/protocol.h"

namespace finack {
namespace {

using Octets = std::vector<std::uint8_t>;

Octets pattern(std::uint64_t seed, std::uint64_t offset, std::size_t count) {
  Octets octets(count);
  fill_pattern(seed, offset, octets.data(), count);
  return octets;
}

std::string digest_of(const Octets& octets) {
  return digest_text(digest_add(digest_start, octets.data(), octets.size()));
}

TEST(Pattern, IsSplitMix64) {
  // The published outputs for the seed 1234567.
  EXPECT_EQ(pattern_word(1234567, 0), 6457827717110365317U);
  EXPECT_EQ(pattern_word(1234567, 1), 3203168211198807973U);
  EXPECT_EQ(pattern_word(1234567, 2), 9817491932198370423U);
  EXPECT_EQ(pattern_word(1234567, 4), 16408922859458223821U);
}

TEST(Pattern, HasTheOctetsOfTheReference) {
  EXPECT_EQ(pattern(0, 0, 10), (Octets{0xaf, 0xcd, 0x1d, 0x7b, 0x39, 0xa8, 0x20, 0xe2, 0xf4, 0x65}));
  EXPECT_EQ(pattern(1, 5, 6), (Octets{0x2d, 0x0a, 0x91, 0x67, 0xec, 0x8e}));
}

TEST(Pattern, FillsTheSameFromAnyOffset) {
  const Octets whole = pattern(99, 0, 200);
  for (std::size_t offset = 0; offset < 20; ++offset) {
    for (std::size_t count = 0; count < 40; ++count) {
      const Octets wanted(whole.begin() + static_cast<std::ptrdiff_t>(offset),
                          whole.begin() + static_cast<std::ptrdiff_t>(offset + count));
      ASSERT_EQ(pattern(99, offset, count), wanted) << offset << " " << count;
    }
    EXPECT_EQ(pattern_octet(99, offset), whole[offset]);
  }
  EXPECT_EQ(pattern(7, max_offset, 3).at(2), pattern_octet(7, max_offset + 2));
}

TEST(Pattern, FindsTheFirstMismatch) {
  for (const std::size_t at : {0UL, 1UL, 511UL, 512UL, 513UL, 1999UL}) {
    Octets octets = pattern(3, 17, 2000);
    EXPECT_EQ(pattern_mismatch(3, 17, octets.data(), octets.size()), 2000U);
    octets[at] ^= 1;
    octets.back() ^= 2;
    EXPECT_EQ(pattern_mismatch(3, 17, octets.data(), octets.size()), at);
  }
}

TEST(Digest, IsFnv1a) {
  EXPECT_EQ(digest_of({}), "cbf29ce484222325");
  EXPECT_EQ(digest_of({'a'}), "af63dc4c8601ec8c");
  EXPECT_EQ(digest_of({'f', 'o', 'o', 'b', 'a', 'r'}), "85944171f73967e8");
  EXPECT_EQ(digest_text(1), "0000000000000001");
}

TEST(Digest, OfThePatternIsAsTheReferenceSays) {
  EXPECT_EQ(digest_of(pattern(1, 0, 1000)), "6223a86098782fba");
  EXPECT_EQ(digest_of(pattern(42, 1460, 1460)), "81ba270e4ab46476");
}

}  // namespace
}  // namespace finack
