// SPDX-License-Identifier: Apache-2.0
// Octets into lines, however they are cut, and none of them too long.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "target/protocol.h"

namespace finack {
namespace {

using Next = LineBuffer::Next;

// All that is to be had now; "!" stands for a line too long.
std::vector<std::string> take_all(LineBuffer& buffer) {
  std::vector<std::string> lines;
  std::string_view line;
  for (Next next = buffer.next(line); next != Next::none; next = buffer.next(line)) {
    lines.emplace_back(next == Next::line ? line : "!");
  }
  return lines;
}

std::vector<std::string> feed(LineBuffer& buffer, const std::string& octets) {
  buffer.append(octets.data(), octets.size());
  return take_all(buffer);
}

using Lines = std::vector<std::string>;

TEST(LineBuffer, GivesWholeLinesOnly) {
  LineBuffer buffer;
  EXPECT_EQ(feed(buffer, "one\ntw"), Lines{"one"});
  EXPECT_EQ(feed(buffer, ""), Lines{});
  EXPECT_EQ(feed(buffer, "o\n\nthree\n"), (Lines{"two", "", "three"}));
  EXPECT_EQ(feed(buffer, "rest"), Lines{});
}

TEST(LineBuffer, DoesNotCareHowTheOctetsAreCut) {
  const std::string text =
      "1 ok\n" + std::string(max_line + 9, 'x') + "\n2 ok\n" + std::string(max_line - 1, 'y') + "\n";
  const Lines wanted = {"1 ok", "!", "2 ok", std::string(max_line - 1, 'y')};
  for (const std::size_t step : {1UL, 2UL, 7UL, 4095UL, 4096UL, 4097UL, 100000UL}) {
    LineBuffer buffer;
    Lines got;
    for (std::size_t at = 0; at < text.size(); at += step) {
      for (std::string& line : feed(buffer, text.substr(at, step))) got.push_back(std::move(line));
    }
    EXPECT_EQ(got, wanted) << step;
  }
}

TEST(LineBuffer, TheLimitCountsTheNewline) {
  LineBuffer buffer;
  std::string longest(max_line - 1, 'x');
  longest.push_back('\n');
  EXPECT_EQ(feed(buffer, longest), Lines{std::string(max_line - 1, 'x')});
  std::string too_long(max_line, 'x');
  too_long.append("\nok\n");
  EXPECT_EQ(feed(buffer, too_long), (Lines{"!", "ok"}));
}

TEST(LineBuffer, TellsOfAnEndlessLineOnceAndPassesOverIt) {
  LineBuffer buffer;
  EXPECT_EQ(feed(buffer, std::string(max_line - 1, 'x')), Lines{});
  EXPECT_EQ(feed(buffer, "x"), Lines{"!"});
  for (int i = 0; i < 100; ++i) EXPECT_EQ(feed(buffer, std::string(65536, 'x')), Lines{});
  EXPECT_EQ(feed(buffer, "\nnext\n"), Lines{"next"});
}

}  // namespace
}  // namespace finack
