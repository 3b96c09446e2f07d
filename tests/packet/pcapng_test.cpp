// SPDX-License-Identifier: Apache-2.0
#include "packet/pcapng.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace finack {
namespace {

struct Block {
  std::uint32_t type = 0;
  Bytes body;
};

// Walks the file by its block lengths, which must agree at both ends of each block.
std::vector<Block> blocks(const PcapngWriter& writer) {
  std::vector<Block> out;
  ByteReader file(writer.bytes());
  while (file.left() > 0) {
    Block block;
    block.type = file.u32();
    const std::uint32_t length = file.u32();
    EXPECT_EQ(length % 4, 0u);
    const BytesView body = file.take(length - 12);
    block.body.assign(body.begin(), body.end());
    EXPECT_EQ(file.u32(), length);
    EXPECT_TRUE(file.ok());
    if (!file.ok()) break;
    out.push_back(block);
  }
  return out;
}

TEST(Pcapng, EmptyIsASectionAndAnInterface) {
  const auto found = blocks(PcapngWriter({}));
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].type, 0x0a0d0d0au);
  EXPECT_EQ(found[0].body, (Bytes{0x1a, 0x2b, 0x3c, 0x4d, 0,    1,    0,    0,  //
                                  0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0}));
  EXPECT_EQ(found[1].type, 1u);
  EXPECT_EQ(found[1].body, (Bytes{0, 1, 0, 0, 0, 0, 0, 0,  // Ethernet, no limit
                                  0, 9, 0, 1, 9, 0, 0, 0,  // nanoseconds
                                  0, 0, 0, 0}));
}

TEST(Pcapng, TellsWhereItComesFrom) {
  CaptureOrigin origin;
  origin.hardware = "x";
  origin.os = "Linux";
  origin.application = "finack";
  origin.comment = "close/active";
  origin.interface_name = "veth";
  origin.snap_length = 0x40000;
  const auto found = blocks(PcapngWriter(origin));
  const Bytes options(found[0].body.begin() + 16, found[0].body.end());
  EXPECT_EQ(options, (Bytes{0, 1, 0, 12, 'c', 'l', 'o', 's', 'e', '/', 'a', 'c', 't', 'i', 'v', 'e',  //
                            0, 2, 0, 1,  'x', 0,   0,   0,                                            //
                            0, 3, 0, 5,  'L', 'i', 'n', 'u', 'x', 0,   0,   0,                        //
                            0, 4, 0, 6,  'f', 'i', 'n', 'a', 'c', 'k', 0,   0,                        //
                            0, 0, 0, 0}));
  EXPECT_EQ(found[1].body, (Bytes{0, 1, 0, 0, 0, 4, 0, 0, 0, 2, 0, 4, 'v', 'e', 't', 'h',  //
                                  0, 9, 0, 1, 9, 0, 0, 0, 0, 0, 0, 0}));
}

TEST(Pcapng, KeepsAFrameWithItsTimeDirectionAndComment) {
  PcapngWriter writer({});
  writer.add(0x0102030405060708, Bytes{0xaa, 0xbb, 0xcc, 0xdd, 0xee}, CaptureDirection::outbound, "ok");
  const auto found = blocks(writer);
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[2].type, 6u);
  EXPECT_EQ(found[2].body,
            (Bytes{0,    0,    0,    0,    1,    2,   3, 4, 5, 6, 7, 8, 0, 0, 0, 5, 0, 0, 0, 5,  //
                   0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0,   0, 0,                                      //
                   0,    2,    0,    4,    0,    0,   0, 2,                                      //
                   0,    1,    0,    2,    'o',  'k', 0, 0,                                      //
                   0,    0,    0,    0}));
}

TEST(Pcapng, TellsATruncatedFrameAndLeavesOutWhatIsNotKnown) {
  PcapngWriter writer({});
  writer.add(0, Bytes{1, 2, 3, 4}, CaptureDirection::unknown, "", 1500);
  EXPECT_EQ(blocks(writer).at(2).body,
            (Bytes{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 5, 0xdc, 1, 2, 3, 4}));
}

TEST(Pcapng, CutsALongCommentBetweenCharacters) {
  std::string text(0xfffb, 'a');
  text += "\u00e9 and more";
  PcapngWriter writer({});
  writer.add(0, {}, CaptureDirection::unknown, text);
  const Bytes body = blocks(writer).at(2).body;
  EXPECT_EQ(Bytes(body.begin() + 20, body.begin() + 24), (Bytes{0, 1, 0xff, 0xfb}));
}

}  // namespace
}  // namespace finack
