// SPDX-License-Identifier: Apache-2.0
// Lines of the agent protocol: written, read, and refused when they are not exactly right.
#include "target/protocol.h"

#include <gtest/gtest.h>

#include <random>

namespace finack {
namespace {

std::string why_refused(std::string_view text) {
  Line line;
  std::string why;
  return parse_line(text, line, why) ? "accepted" : why;
}

TEST(FormatLine, WritesNumberWordAndFields) {
  EXPECT_EQ(format_line({7, "bind", {{"s", "1"}, {"address", "::1"}, {"port", "0"}}}),
            "7 bind s=1 address=::1 port=0\n");
  EXPECT_EQ(format_line({UINT64_MAX, "ok", {}}), "18446744073709551615 ok\n");
}

TEST(FormatLine, EncodesWhatWouldBreakALine) {
  EXPECT_EQ(format_line({1, "refused", {{"why", "a b%c=d\n\x7f\xc3\xa4"}}}),
            "1 refused why=a%20b%25c%3Dd%0A%7F%C3%A4\n");
  EXPECT_EQ(format_line({1, "ok", {{"empty", ""}}}), "1 ok empty=\n");
}

TEST(ParseLine, ReadsBackEveryOctet) {
  Line line{42, "event", {{"all", ""}, {"s", "3"}}};
  for (int octet = 0; octet < 256; ++octet) line.fields[0].second += static_cast<char>(octet);
  std::string text = format_line(line);
  text.pop_back();
  Line back;
  std::string why;
  ASSERT_TRUE(parse_line(text, back, why)) << why;
  EXPECT_EQ(back, line);
  ASSERT_NE(back.find("s"), nullptr);
  EXPECT_EQ(*back.find("s"), "3");
  EXPECT_EQ(back.find("t"), nullptr);
}

TEST(ParseLine, TakesBothCasesOfHexadecimal) {
  Line line;
  std::string why;
  ASSERT_TRUE(parse_line("1 ok v=%c3%C3", line, why));
  EXPECT_EQ(*line.find("v"), "\xc3\xc3");
}

TEST(ParseLine, RefusesWhatIsNotExactlyRight) {
  const std::string number = "the line does not begin with a number";
  for (const char* text :
       {"", " ", "x", "-1 ok", "+1 ok", "01 ok", "1x ok", "18446744073709551616 ok", " 1 ok"}) {
    EXPECT_NE(why_refused(text), "accepted") << text;
  }
  EXPECT_EQ(why_refused("hello"), number);
  EXPECT_EQ(why_refused("1"), "no valid word after the number");
  EXPECT_EQ(why_refused("1 OK"), "no valid word after the number");
  EXPECT_EQ(why_refused("1  ok"), "no valid word after the number");
  EXPECT_EQ(why_refused("1 ok "), "a space at the end of the line");
  EXPECT_EQ(why_refused("1 ok\r"), "no valid word after the number");
  EXPECT_EQ(why_refused("1 " + std::string(33, 'a')), "no valid word after the number");
  EXPECT_EQ(why_refused("1 ok a"), "a field without '='");
  EXPECT_EQ(why_refused("1 ok  a=1"), "a field without '='");
  EXPECT_EQ(why_refused("1 ok =1"), "a field without a valid key");
  EXPECT_EQ(why_refused("1 ok A=1"), "a field without a valid key");
  EXPECT_EQ(why_refused("1 ok a=1 a=2"), "a key twice");
  const std::string value = "a value with an octet that must be encoded, or wrongly encoded";
  for (const char* text : {"a=%", "a=%4", "a=%4g", "a=1=2", "a=\t", "a=\x80", "a=\x7f", "a=1\r"}) {
    EXPECT_EQ(why_refused(std::string("1 ok ") + text), value) << text;
  }
  EXPECT_EQ(why_refused(std::string_view("1 ok a=\0", 8)), value);
}

TEST(ParseLine, TellsTheNumberOfABadLineWhenItCan) {
  Line line;
  std::string why;
  EXPECT_FALSE(parse_line("17 ok a", line, why));
  EXPECT_EQ(line.id, 17U);
  EXPECT_FALSE(parse_line("oops", line, why));
  EXPECT_EQ(line.id, 0U);
}

TEST(ParseLine, KeepsItsLimits) {
  EXPECT_EQ(why_refused("1 ok a=" + std::string(max_line - 8, 'x')), "accepted");  // 4095 and the newline
  EXPECT_EQ(why_refused("1 ok a=" + std::string(max_line - 7, 'x')), "the line is too long");
  std::string text = "1 ok";
  for (std::size_t i = 0; i < max_fields; ++i) text += " k" + std::to_string(i) + "=";
  EXPECT_EQ(why_refused(text), "accepted");
  EXPECT_EQ(why_refused(text + " last="), "too many fields");
}

TEST(ParseLine, SurvivesNoise) {
  std::mt19937 random(1);
  const std::string_view alphabet("019 =%afz-\n\0\xff~", 15);
  for (int round = 0; round < 20000; ++round) {
    std::string text = round % 2 == 0 ? "1 ok " : "";
    for (auto length = random() % 40; length > 0; --length) text += alphabet[random() % alphabet.size()];
    Line line;
    std::string why;
    if (!parse_line(text, line, why)) {
      EXPECT_FALSE(why.empty());
      continue;
    }
    // What was accepted reads back the same.
    std::string again = format_line(line);
    again.pop_back();
    Line back;
    ASSERT_TRUE(parse_line(again, back, why)) << again;
    EXPECT_EQ(back, line);
  }
}

TEST(ParseNumber, IsStrict) {
  std::uint64_t out = 5;
  EXPECT_TRUE(parse_number("0", 10, out));
  EXPECT_EQ(out, 0U);
  EXPECT_TRUE(parse_number("10", 10, out));
  EXPECT_EQ(out, 10U);
  for (const char* text :
       {"", "11", "-1", "+1", "00", "01", "1 ", " 1", "0x1", "1e0", "99999999999999999999"}) {
    EXPECT_FALSE(parse_number(text, 10, out)) << text;
  }
  EXPECT_EQ(out, 10U);
}

}  // namespace
}  // namespace finack
