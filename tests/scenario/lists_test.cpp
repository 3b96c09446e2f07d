// SPDX-License-Identifier: Apache-2.0
#include "scenario/lists.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenario/loaded.h"
#include "scenario/temporary_folder.h"

namespace finack {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string with_lists(const std::string& define, const std::string& table) {
  return "scenario: $x\ngiven: ESTABLISHED\ndefine: " + define + "\nfor: " + table +
         "\nsteps: [{send: ACK}]\n";
}
std::vector<std::string> titles(const std::string& text, const std::string& file = "f.yaml") {
  std::vector<std::string> out;
  for (const Scenario& scenario : must_load(text, file)) out.push_back(scenario.title);
  return out;
}

TEST(Lists, StandForTheirValues) {
  EXPECT_THAT(titles(with_lists("{odd: [1, 3]}", "{x: {use: odd}}")), ElementsAre("1", "3"));
  EXPECT_THAT(titles(with_lists("{odd: [1, 3]}", "{x: [0, {use: odd}, 4]}")),
              ElementsAre("0", "1", "3", "4"));
  EXPECT_THAT(titles(with_lists("{odd: [1, 3], even: [2]}", "[{x: {use: odd}}, {x: {use: even}}]")),
              ElementsAre("1", "3", "2"));
}

TEST(Lists, HoldOthers) {
  EXPECT_THAT(titles(with_lists("{a: [1], b: [{use: a}, 2], c: [{use: b}, 3]}", "{x: {use: c}}")),
              ElementsAre("1", "2", "3"));
  EXPECT_EQ(error_of(with_lists("{a: [{use: b}], b: [1, {use: a}]}", "{x: {use: a}}")),
            "f.yaml:3:38: the list `a` uses itself");
}

TEST(Lists, AreFoundInTheFolder) {
  const TemporaryFolder folder;
  folder.write("sequences.yaml", "define: {shared: [7, 8]}\n");
  EXPECT_THAT(titles("scenario: $x\ngiven: ESTABLISHED\nfor: {x: {use: shared}}\nsteps: [{send: ACK}]\n",
                     folder.path("one.yaml")),
              ElementsAre("7", "8"));
}

TEST(Lists, RefuseWhatIsNone) {
  EXPECT_EQ(error_of(with_lists("{odd: [1]}", "{x: {use: even}}")),
            "f.yaml:4:16: no sequence is named `even`");
  EXPECT_EQ(error_of(with_lists("{odd: [1]}", "{x: [2]}")),
            "f.yaml:3:10: the sequence `odd` is used nowhere");
  EXPECT_EQ(error_of(with_lists("{odd: [1]}", "{x: [1, {use: odd}]}")),
            "f.yaml:3:16: `1` stands twice among the values of `x`");
  EXPECT_EQ(error_of(with_lists("{steps: [{send: ACK}]}", "{x: {use: steps}}")),
            "f.yaml:3:18: `x` wants text, got a mapping");
  EXPECT_EQ(error_of(with_lists("{odd: [1]}", "{x: {use: [odd]}}")),
            "f.yaml:4:16: `use` wants text, got a list");
  EXPECT_THAT(error_of(with_lists("{odd: [1]}", "{x: {use: odd, with: {n: 1}}}")), HasSubstr("`with`"));
}

TEST(Lists, AreBounded) {
  std::string define = "{a0: [1, 2]";
  for (int i = 1; i < 20; ++i) {
    const std::string below = "{use: a" + std::to_string(i - 1) + "}";
    define += ", a" + std::to_string(i) + ": [" + below + ", " + below + "]";
  }
  EXPECT_THAT(error_of(with_lists(define + "}", "{x: {use: a19}}")),
              HasSubstr("the list grows beyond 10000 values"));
}

}  // namespace
}  // namespace finack
