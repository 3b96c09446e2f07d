// SPDX-License-Identifier: Apache-2.0
// Files too large or too deep to be kept: each is refused, soon and with one error.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

#include "scenario/catalogue.h"
#include "scenario/load.h"

namespace finack {
namespace {

const std::string monster_head = "scenario: Monster\ngiven: ESTABLISHED\n";

std::string times(std::size_t count, std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += text;
  return out;
}

// "LINE:COLUMN: MESSAGE" of the error.
std::string refusal(const std::string& text) {
  const auto profile = parse_profile(*builtin_profile("linux"), "linux.yaml");
  const auto loaded = load_scenario(text, "f.yaml", *profile);
  if (loaded) return "none";
  return fmt::format("{}:{}: {}", loaded.error().place->line, loaded.error().place->column,
                     loaded.error().message);
}

TEST(Monsters, TooManyNodes) {
  EXPECT_EQ(refusal(monster_head + "steps:\n" + times(30000, "- send: ACK\n")),
            "6668:3: more than 20000 nodes");
}

TEST(Monsters, TooLarge) {
  EXPECT_EQ(refusal(monster_head + "# " + times(1 << 20, "x")), "1:1: the file is larger than 1 MiB");
}

TEST(Monsters, TooDeep) {
  EXPECT_EQ(refusal("scenario: " + times(1000, "[") + times(1000, "]") + "\n"),
            "1:42: nested more than 32 levels deep");
  EXPECT_EQ(refusal("scenario: " + times(100000, "[") + "\n"), "1:12: the `[` here is not closed");
  EXPECT_EQ(refusal("scenario: " + times(100000, "{") + "\n"), "1:12: the `{` here is not closed");
  EXPECT_EQ(refusal("? " + times(50000, "{")), "1:3: the `{` here is not closed");
  EXPECT_EQ(refusal(times(50000, "- ") + "x\n"), "1:65: nested more than 32 levels deep");
  EXPECT_EQ(refusal(times(4000, "-") + "\n"), "1:1: a scenario is a mapping of keys to values, got text");
  EXPECT_EQ(refusal(times(100000, "-") + "\n"), "1:1: a text of 100000 octets; more than 4096 are refused");
}

TEST(Monsters, ATextTooLong) {
  const std::string fits = times(4096, "x");
  EXPECT_EQ(refusal("scenario: " + fits + "\ngiven: ESTABLISHED\nsteps: [{send: ACK}]\n"), "none");
  EXPECT_EQ(refusal("scenario: >\n  " + fits + "\n  y\n"),
            "1:11: a text of 4099 octets; more than 4096 are refused");
  EXPECT_EQ(refusal("scenario: [" + fits + "x]\n"),
            "1:12: a text of 4097 octets; more than 4096 are refused");
  EXPECT_EQ(refusal("? " + fits + "x\n: y\n"), "1:3: a text of 4097 octets; more than 4096 are refused");
}

TEST(Monsters, AListTooLong) {
  const auto tags = [](int count) {
    std::string out = monster_head + "steps: [{send: ACK}]\ntags:\n";
    for (int i = 0; i < count; ++i) out += fmt::format("- t{}\n", i);
    return refusal(out);
  };
  EXPECT_EQ(tags(1000), "none");
  EXPECT_EQ(tags(1001), "1005:3: `tags` has more than 1000 entries");
}

// Each level would double the one before.
TEST(Monsters, AliasBomb) {
  std::string text = "a: &a [x, x]\n";
  for (char name = 'b'; name < 'z'; ++name)
    text += fmt::format("{0}: &{0} [*{1}, *{1}]\n", name, static_cast<char>(name - 1));
  EXPECT_EQ(refusal(text), "1:4: anchors (`&name`) are not part of the language");
}

std::string chain_of_sequences(std::size_t length, std::string_view step) {
  std::string text = monster_head + "define:\n  s0: [{send: ACK}]\n";
  for (std::size_t i = 1; i <= length; ++i) {
    const std::string use = fmt::format("{{use: s{}}}", i - 1);
    text += fmt::format("  s{}: [{}]\n", i, fmt::format(fmt::runtime(step), use));
  }
  return text + fmt::format("steps:\n  - use: s{}\n", length);
}

TEST(Monsters, SequencesThatDouble) {
  EXPECT_EQ(refusal(chain_of_sequences(30, "{0}, {0}")), "4:8: the scenario grows beyond 10000 steps");
}

TEST(Monsters, SequencesThatGoDeep) {
  EXPECT_EQ(refusal(chain_of_sequences(31, "{0}")), "none");
  EXPECT_EQ(refusal(chain_of_sequences(32, "{0}")), "5:14: sequences use each other more than 32 deep");
  EXPECT_EQ(refusal(chain_of_sequences(3000, "{0}")), "2973:17: sequences use each other more than 32 deep");
}

TEST(Monsters, TablesThatMultiply) {
  const std::string digits = "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]";
  const std::string table = fmt::format("for: {{a: {0}, b: {0}, c: {0}, d: {0}, e: [0, 1]}}\n", digits);
  EXPECT_EQ(refusal(monster_head + table + "steps: [{send: ACK len=$a$b$c$d$e}]\n"),
            "3:6: the table has more than 10000 cases");
}

TEST(Monsters, TablesInAList) {
  const std::string hundred = "[" + [] {
    std::string out;
    for (int i = 0; i < 100; ++i) out += fmt::format("{}{}", i == 0 ? "" : ", ", i);
    return out;
  }() + "]";
  const std::string table = fmt::format("  - {{a: {0}, b: {0}}}\n", hundred);
  EXPECT_EQ(refusal(monster_head + "for:\n" + table + table + "steps: [{send: ACK len=$a$b}]\n"),
            "4:3: the tables have more than 10000 cases");
}

TEST(Monsters, ManyCasesOfManySteps) {
  std::string values;
  for (int i = 0; i < 1000; ++i) values += fmt::format("{}{}", i == 0 ? "" : ", ", i);
  EXPECT_EQ(
      refusal(monster_head + "for: {a: [" + values + "]}\ntags: $a\nsteps:\n" + times(1000, "- send: ACK\n")),
      "3:6: the cases of this file have more than 100000 steps together");
}

TEST(Monsters, SegmentsOfAllOfCountAsSteps) {
  const std::string all = "- all-of: [" + times(16, "{expect: ACK}, ") + "]\n";
  EXPECT_EQ(refusal(monster_head + "define:\n  s:\n" + times(20, "  " + all) + "steps:\n" +
                    times(31, "- use: s\n")),
            "none");
  EXPECT_EQ(refusal(monster_head + "define:\n  s:\n" + times(20, "  " + all) + "steps:\n" +
                    times(32, "- use: s\n")),
            "10:5: the scenario grows beyond 10000 steps");
  std::string values;
  for (int i = 0; i < 150; ++i) values += fmt::format("{}{}", i == 0 ? "" : ", ", i);
  EXPECT_EQ(refusal(monster_head + "for: {a: [" + values + "]}\ntags: $a\nsteps:\n" + times(45, all)),
            "3:6: the cases of this file have more than 100000 steps together");
}

TEST(Monsters, ManyCasesOfMuchText) {
  std::string values;
  for (int i = 0; i < 1000; ++i) values += fmt::format("{}{}", i == 0 ? "" : ", ", i);
  const std::string table = monster_head + "for: {a: [" + values + "]}\nsteps: [{send: ACK len=$a}]\ntags:\n";
  std::string tags;
  for (char name = 'a'; name < 'f'; ++name) tags += "- " + times(4000, std::string(1, name)) + "\n";
  EXPECT_EQ(refusal(table + tags), "3:6: the cases of this file have more than 16 MiB of text together");
}

TEST(Monsters, ATextThatGrows) {
  const std::string long_value = times(1000, "x");
  EXPECT_EQ(
      refusal(monster_head + "for: {a: [" + long_value + "]}\nsteps: [{send: " + times(100, "$a") + "}]\n"),
      "4:16: the text grows beyond 4096 octets");
}

}  // namespace
}  // namespace finack
