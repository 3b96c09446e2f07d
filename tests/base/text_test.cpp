// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"

#include <gtest/gtest.h>

namespace finack {
namespace {

TEST(NearestWord, FindsATypo) {
  constexpr std::string_view states[] = {"FIN-WAIT-1", "FIN-WAIT-2", "CLOSE-WAIT", "CLOSING"};
  EXPECT_EQ(nearest_word("FIN-WAIT1", states), "FIN-WAIT-1");
  EXPECT_EQ(nearest_word("close_wait", states), "CLOSE-WAIT");
}

TEST(NearestWord, FindsWhatBeginsAlike) {
  constexpr std::string_view words[] = {"ESTABLISHED", "win"};
  EXPECT_EQ(nearest_word("estab", words), "ESTABLISHED");
  EXPECT_EQ(nearest_word("window", words), "win");
  EXPECT_EQ(nearest_word("es", words), std::nullopt);
}

TEST(NearestWord, KeepsSilentWhenNothingIsNear) {
  constexpr std::string_view words[] = {"send", "expect"};
  EXPECT_EQ(nearest_word("bicycle", words), std::nullopt);
  EXPECT_EQ(nearest_word(std::string(5000, 's'), words), std::nullopt);
}

TEST(Durations, AreWrittenInTheUnitThatFits) {
  EXPECT_EQ(to_text(500ms), "500 ms");
  EXPECT_EQ(to_text(1500ms), "1.5 s");
  EXPECT_EQ(to_text(17us), "17 us");
  EXPECT_EQ(to_text(1ns), "1 ns");
  EXPECT_EQ(to_text(1005ns), "1.005 us");
  EXPECT_EQ(to_text(1050us), "1.05 ms");
  EXPECT_EQ(to_text(1234567ns), "1.235 ms");
  EXPECT_EQ(to_text(999999999ns), "1000 ms");
  EXPECT_EQ(to_text(61s + 1ms), "61.001 s");
  EXPECT_EQ(to_text(60s), "60 s");
  EXPECT_EQ(to_text(0ns), "0 s");
  EXPECT_EQ(to_text(-2ms), "-2 ms");
}

TEST(Durations, AreReadInEveryUnit) {
  EXPECT_EQ(parse_duration("500ms"), 500ms);
  EXPECT_EQ(parse_duration("1.5 s"), 1500ms);
  EXPECT_EQ(parse_duration("2min"), 120s);
  EXPECT_EQ(parse_duration("3us"), 3us);
}

TEST(Durations, RefuseWhatIsNoDuration) {
  for (const char* text :
       {"", "5", "ms", "5 parsecs", "-1s", "nan s", "inf s", "1e3s", "9999999min", "5  s"}) {
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
  }
}

TEST(Printable, KeepsATerminalSafe) {
  EXPECT_EQ(printable("a\x1b[2Jb\n"), "a?[2Jb?");
  EXPECT_EQ(printable("abcdef", 3), "abc...");
}

TEST(SplitWords, DropsAllWhiteSpace) {
  EXPECT_EQ(split_words("  FIN+ACK\tseq=1  "), (std::vector<std::string_view>{"FIN+ACK", "seq=1"}));
  EXPECT_TRUE(split_words(" ").empty());
}

}  // namespace
}  // namespace finack
