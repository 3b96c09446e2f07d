// SPDX-License-Identifier: Apache-2.0
#include "scenario/selection.h"

#include <gtest/gtest.h>

namespace finack {
namespace {

Program program(std::string id, Family family, std::vector<std::string> tags = {},
                std::vector<std::string> covers = {}) {
  Program out;
  out.id = std::move(id);
  out.family = family;
  out.tags = std::move(tags);
  out.covers = std::move(covers);
  return out;
}

std::vector<Program> programs() {
  return {program("close/active-close/ipv4", Family::ipv4, {"basic"}, {"CR-001"}),
          program("close/active-close/ipv6", Family::ipv6, {"basic"}, {"CR-001"}),
          program("close/reset-received/ipv4", Family::ipv4, {"reset"}, {"CR-076", "T-029"}),
          program("open/reset/ipv4", Family::ipv4, {"slow"})};
}

std::string selected(const Selection& selection) {
  const auto chosen = select(selection, programs());
  if (!chosen) return to_string(chosen.error());
  std::string out;
  for (const Program& each : *chosen) out += each.id + "\n";
  return out;
}

TEST(Glob, StarsMatchAnyRunAndQuestionMarksOneCharacter) {
  EXPECT_TRUE(glob_matches("close/*", "close/a/ipv4")) << "a `/` is a character like others";
  EXPECT_TRUE(glob_matches("*-close/*4", "close/active-close/ipv4"));
  EXPECT_TRUE(glob_matches("*a*b*", "xxaxaxbx"));
  EXPECT_TRUE(glob_matches("ipv?", "ipv6"));
  EXPECT_TRUE(glob_matches("**", ""));
  EXPECT_TRUE(glob_matches("", ""));
  EXPECT_FALSE(glob_matches("ipv?", "ipv"));
  EXPECT_FALSE(glob_matches("close", "close/a"));
  EXPECT_FALSE(glob_matches("a*c", "ab"));
  EXPECT_FALSE(glob_matches("", "a"));
}

TEST(Glob, OfManyStarsTakesNoTimeToFail) {
  const std::string text(5000, 'a');
  std::string pattern;
  for (int i = 0; i < 500; ++i) pattern += "*a";
  EXPECT_FALSE(glob_matches(pattern + "b", text));
}

TEST(NamesInstance, TakesWholePartsOfAnId) {
  EXPECT_TRUE(names_instance("close", "close/active-close/ipv4"));
  EXPECT_TRUE(names_instance("close/active-close", "close/active-close/ipv4"));
  EXPECT_TRUE(names_instance("*/ipv4", "close/active-close/ipv4"));
  EXPECT_FALSE(names_instance("close/active", "close/active-close/ipv4"));
  EXPECT_FALSE(names_instance("ipv4", "close/active-close/ipv4"));
}

TEST(Select, TakesAllWithoutAWish) {
  EXPECT_EQ(select({}, programs())->size(), 4u);
}

TEST(Select, TakesWhatAllWishesAgreeOn) {
  Selection selection;
  selection.only = {"close/active-close", "*reset*"};
  EXPECT_EQ(selected(selection),
            "close/active-close/ipv4\nclose/active-close/ipv6\nclose/reset-received/ipv4\nopen/reset/ipv4\n");
  selection.tags = {"basic", "reset"};
  EXPECT_EQ(selected(selection),
            "close/active-close/ipv4\nclose/active-close/ipv6\nclose/reset-received/ipv4\n");
  selection.family = Family::ipv4;
  EXPECT_EQ(selected(selection), "close/active-close/ipv4\nclose/reset-received/ipv4\n");
  selection.skip = {"*active*", "nothing/like/this"};
  EXPECT_EQ(selected(selection), "close/reset-received/ipv4\n");
  selection.rules = {"T-029"};
  EXPECT_EQ(selected(selection), "close/reset-received/ipv4\n");
}

TEST(Select, ExplainsAWishThatNothingAnswersTo) {
  const auto only = [](std::string pattern) { return Selection{.only = {std::move(pattern)}}; };
  EXPECT_EQ(selected(only("close/activ")),
            "`--only close/activ` fits none of 4 instances\n  hint: did you mean `close/active-close`?");
  EXPECT_EQ(
      selected(only("clsoe/reset-received")),
      "`--only clsoe/reset-received` fits none of 4 instances\n  hint: did you mean `close/reset-received`?");
  EXPECT_EQ(selected(only("zzzzzzzz*")),
            "`--only zzzzzzzz*` fits none of 4 instances\n  hint: finack list shows the ids");
  EXPECT_EQ(selected({.tags = {"resets"}}),
            "no scenario here has the tag `resets`\n  hint: did you mean `reset`?");
  EXPECT_EQ(selected({.rules = {"CR-054"}}),
            "no scenario here covers CR-054\n  hint: finack explain CR-054 tells what a scenario would have "
            "to show");
  EXPECT_EQ(selected({.rules = {"CR-00l"}}),
            "`CR-00l` is no id of the catalogue\n  hint: did you mean `CR-001`?");
  EXPECT_EQ(selected({.only = {"open"}, .tags = {"reset"}}),
            "none of 4 instances is selected\n  hint: --only, --tag, --rule and --family must all apply, and "
            "--skip must not");
}

TEST(Select, LeavesOutWhatIsSlowUnlessThatIsAskedFor) {
  Selection quick;
  quick.quick = true;
  EXPECT_EQ(selected(quick), "close/active-close/ipv4\nclose/active-close/ipv6\nclose/reset-received/ipv4\n");
  EXPECT_EQ(left_out(quick, programs()), 1u);
  quick.only = {"close"};
  EXPECT_EQ(left_out(quick, programs()), 0u) << "not one that was not asked for anyway";
  quick.only = {"open"};
  EXPECT_EQ(
      selected(quick),
      "every instance selected (1) is tagged `slow`\n  hint: they take minutes: with --slow they are played");
  quick.tags = {"slow"};
  EXPECT_EQ(selected(quick), "open/reset/ipv4\n");
  EXPECT_EQ(left_out(quick, programs()), 0u);
}

TEST(Rounds, AreNamedFromTheSecondOn) {
  EXPECT_EQ(id_of_round("a/ipv4", 1), "a/ipv4");
  EXPECT_EQ(id_of_round("a/ipv4", 12), "a/ipv4#12");
}

}  // namespace
}  // namespace finack
