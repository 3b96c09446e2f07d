// SPDX-License-Identifier: Apache-2.0
#include "scenario/expression.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "scenario/loaded.h"

namespace finack {
namespace {

const Place expression_place{"f.yaml", 3, 10};

// The value, or the error as it is printed.
std::string value(std::string_view text) {
  const auto duration = evaluate_duration(text, linux_profile(), expression_place);
  return duration ? to_text(*duration) : to_string(duration.error());
}
std::string without_hint(std::string_view text) {
  const std::string all = value(text);
  return all.substr(0, all.find("\n"));
}

TEST(Expression, ReadsAllUnits) {
  EXPECT_EQ(value("300ns"), "300 ns");
  EXPECT_EQ(value("20us"), "20 us");
  EXPECT_EQ(value("500 ms"), "500 ms");
  EXPECT_EQ(value("1.5s"), "1.5 s");
  EXPECT_EQ(value("2min"), to_text(120s));
  EXPECT_EQ(value("0s"), to_text(0s));
}

TEST(Expression, ReadsTheProfilesValues) {
  EXPECT_EQ(value("MSL"), "30 s");
  EXPECT_EQ(value("RTO"), "200 ms");
  EXPECT_EQ(value("DELAYED_ACK"), "200 ms");
  for (const std::string_view name : profile_value_names())
    EXPECT_TRUE(evaluate_duration(name, linux_profile(), expression_place)) << name;
}

TEST(Expression, GivesProductsPrecedenceAndGoesFromTheLeft) {
  EXPECT_EQ(value("2*MSL - 1s"), "59 s");
  EXPECT_EQ(value("1s + 2*3s"), "7 s");
  EXPECT_EQ(value("(1s + 2s)*3"), "9 s");
  EXPECT_EQ(value("10s - 3s - 2s"), "5 s");
  EXPECT_EQ(value("12s/3/2"), "2 s");
  EXPECT_EQ(value("12s/(3/2)"), "8 s");
  EXPECT_EQ(value("12s/3*2"), "8 s");
  EXPECT_EQ(value("((RTO+50ms))/2"), "125 ms");
  EXPECT_EQ(value("1.5*RTO"), "300 ms");
  EXPECT_EQ(value("(2 + 3 - 1)*1s"), "4 s");
  EXPECT_EQ(value("1s-999999us"), "1 us");
  EXPECT_EQ(*evaluate_duration("1439min + 59999ms + 999999ns", linux_profile(), expression_place), 24h - 1ns)
      << "exact";
  EXPECT_EQ(evaluate_duration("12h", linux_profile(), expression_place).has_value(), false);
  EXPECT_EQ(*evaluate_duration("1440min", linux_profile(), expression_place), 24h);
}

TEST(Expression, KeepsTimesAndNumbersApart) {
  EXPECT_EQ(without_hint("5"), "f.yaml:3:10: `5` is a mere number, not a time");
  EXPECT_EQ(without_hint("3*4"), "f.yaml:3:10: `3*4` is a mere number, not a time");
  EXPECT_EQ(without_hint("1s + 5"), "f.yaml:3:13: a time and a mere number do not add up");
  EXPECT_EQ(without_hint("5 - 1s"), "f.yaml:3:12: a time and a mere number do not add up");
  EXPECT_EQ(without_hint("RTO*MSL"), "f.yaml:3:13: a time cannot be multiplied by a time");
  EXPECT_EQ(without_hint("5/RTO"), "f.yaml:3:11: nothing is divided by a time");
  EXPECT_EQ(without_hint("MSL/RTO"), "f.yaml:3:13: nothing is divided by a time");
  EXPECT_EQ(without_hint("MSL/0"), "f.yaml:3:13: division by zero");
  EXPECT_EQ(without_hint("MSL/(2-2)"), "f.yaml:3:13: division by zero");
}

TEST(Expression, KeepsWithinADay) {
  EXPECT_EQ(without_hint("1s - 2s"),
            "f.yaml:3:10: `1s - 2s` comes to -1 s; a duration lies between 0 and a day");
  EXPECT_EQ(without_hint("1441min"),
            "f.yaml:3:10: `1441min` comes to 86460 s; a duration lies between 0 and a day");
  EXPECT_EQ(value("1s - 2s + 3s"), "2 s") << "only the end must be one";
  EXPECT_NE(without_hint("1000000*1000000*1000000*1000000*MSL").find("between 0 and a day"),
            std::string::npos);
}

TEST(Expression, PlacesAnErrorAtItsWord) {
  EXPECT_EQ(value("2*MSI"), "f.yaml:3:12: `MSI` is no value of the profile\n  hint: did you mean `MSL`?");
  EXPECT_EQ(without_hint("1s + "), "f.yaml:3:15: `1s + ` ends too soon");
  EXPECT_EQ(without_hint(""), "f.yaml:3:10: `` ends too soon");
  EXPECT_EQ(without_hint("(1s + 2s"), "f.yaml:3:18: a `)` is missing");
  EXPECT_EQ(without_hint("1s)"), "f.yaml:3:12: `)` makes no sense here");
  EXPECT_EQ(without_hint("1s 2s"), "f.yaml:3:13: `2s` makes no sense here");
  EXPECT_EQ(without_hint("-1s"), "f.yaml:3:10: `-1s` makes no sense here");
  EXPECT_EQ(without_hint("1s**2"), "f.yaml:3:13: `*2` makes no sense here");
  EXPECT_EQ(without_hint("5 parsecs"), "f.yaml:3:10: `5 parsecs` is no duration");
  EXPECT_EQ(without_hint("1.2.3s"), "f.yaml:3:10: `1.2.3` is no number");
}

TEST(Expression, IsNotNestedWithoutEnd) {
  const auto nested = [](std::size_t levels) {
    return std::string(levels, '(') + "1s" + std::string(levels, ')');
  };
  EXPECT_EQ(value(nested(16)), "1 s");
  EXPECT_EQ(without_hint(nested(17)), "f.yaml:3:26: more than 16 parentheses deep");
  EXPECT_FALSE(evaluate_duration(nested(100'000), linux_profile(), expression_place));
}

TEST(Duration, OfAStepIsLongerThanNothing) {
  EXPECT_EQ(error_of(with_steps("- quiet: 0s\n")), "f.yaml:4:10: `quiet` must be longer than 0");
  EXPECT_EQ(error_of(with_steps("- wait: RTO - 200ms\n")), "f.yaml:4:9: `wait` must be longer than 0");
  EXPECT_EQ(error_of(with_steps("- expect: ACK\n  within: [1s]\n")),
            "f.yaml:5:11: `within` wants a duration, got a list");
}

TEST(Duration, AfterLeavesTimeUntilWithin) {
  EXPECT_EQ(error_of(with_steps("- {expect: ACK, after: 2s, within: 2s}\n")),
            "f.yaml:4:24: `after` (2 s) leaves no time until `within` (2 s)");
  EXPECT_EQ(error_of(with_steps("- {expect: ACK, after: 1s}\n")),
            "f.yaml:4:24: `after` (1 s) leaves no time until `within` (1 s)")
      << "without `within`, the profile's `reaction`";
  EXPECT_EQ(error_of(with_steps("- {expect: ACK, after: 1s, within: 1001ms}\n")), "loads");
}

}  // namespace
}  // namespace finack
