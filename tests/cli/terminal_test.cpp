// SPDX-License-Identifier: Apache-2.0
#include "cli/terminal.h"

#include <gtest/gtest.h>

namespace finack {
namespace {

constexpr TerminalFacts nowhere = {};
constexpr TerminalFacts both = {.out_is_terminal = true, .error_is_terminal = true};

TEST(Colour, IsForTerminalsThatWantIt) {
  EXPECT_TRUE(wants_colour(ColourWish::automatic, both));
  EXPECT_FALSE(wants_colour(ColourWish::automatic, nowhere));
  EXPECT_FALSE(wants_colour(ColourWish::automatic, {.error_is_terminal = true}))
      << "the report goes to a file";
  EXPECT_FALSE(wants_colour(ColourWish::automatic, {.out_is_terminal = true, .no_colour = true}));
  EXPECT_FALSE(wants_colour(ColourWish::automatic, {.out_is_terminal = true, .dumb = true}));
  EXPECT_TRUE(wants_colour(ColourWish::on, {.no_colour = true})) << "an option is stronger than NO_COLOR";
  EXPECT_FALSE(wants_colour(ColourWish::off, both));
}

TEST(Colour, IsReadFromItsOption) {
  EXPECT_EQ(colour_wish("always"), ColourWish::on);
  EXPECT_EQ(colour_wish("never"), ColourWish::off);
  EXPECT_EQ(colour_wish("auto"), ColourWish::automatic);
  EXPECT_EQ(colour_wish(""), ColourWish::automatic);
}

TEST(Progress, IsForTerminalsOnly) {
  EXPECT_EQ(progress_place(both), ProgressPlace::error);
  EXPECT_EQ(progress_place({.error_is_terminal = true}), ProgressPlace::error);
  EXPECT_EQ(progress_place({.out_is_terminal = true}), ProgressPlace::out);
  EXPECT_EQ(progress_place(nowhere), ProgressPlace::nowhere);
  EXPECT_EQ(progress_place({.out_is_terminal = true, .dumb = true}), ProgressPlace::nowhere);
}

}  // namespace
}  // namespace finack
