// SPDX-License-Identifier: Apache-2.0
#include "base/bytes.h"

#include <gtest/gtest.h>

namespace finack {
namespace {

TEST(ByteReader, ReadsInNetworkOrder) {
  const Bytes bytes = {1, 2, 3, 4, 5, 6, 7};
  ByteReader reader(bytes);
  EXPECT_EQ(reader.u8(), 1);
  EXPECT_EQ(reader.u16(), 0x0203);
  EXPECT_EQ(reader.u32(), 0x04050607u);
  EXPECT_TRUE(reader.ok());
  EXPECT_EQ(reader.left(), 0u);
}

TEST(ByteReader, PastTheEndGivesZerosAndSaysSo) {
  const Bytes bytes = {1, 2, 3};
  ByteReader reader(bytes);
  EXPECT_EQ(reader.u32(), 0u);
  EXPECT_FALSE(reader.ok());
  EXPECT_EQ(reader.u8(), 0) << "a failed reader must not come back to life";
  EXPECT_TRUE(reader.take(1).empty());
}

TEST(ByteWriter, WritesInNetworkOrderAndPatches) {
  ByteWriter writer;
  writer.u16(0);
  writer.u32(0x01020304);
  writer.patch_u16(0, 0xabcd);
  EXPECT_EQ(writer.take(), (Bytes{0xab, 0xcd, 1, 2, 3, 4}));
}

}  // namespace
}  // namespace finack
