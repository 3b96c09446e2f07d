// SPDX-License-Identifier: Apache-2.0
#include "scenario/sequences.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenario/loaded.h"
#include "scenario/temporary_folder.h"

namespace finack {
namespace {

using testing::HasSubstr;

std::string using_it(const std::string& define, const std::string& steps) {
  return "scenario: test\ngiven: ESTABLISHED\ndefine: " + define + "\nsteps: " + steps + "\n";
}
std::string unfolded(const std::string& define, const std::string& steps) {
  return text_of_steps(must_load(using_it(define, steps)).front().steps);
}

TEST(Sequences, StandInThePlaceOfTheirName) {
  EXPECT_EQ(unfolded("{two: [{wait: 1s}, {wait: 2s}]}", "[{wait: 3s}, {use: two}, {wait: 4s}, {use: two}]"),
            "wait: 3 s\nwait: 1 s\nwait: 2 s\nwait: 4 s\nwait: 1 s\nwait: 2 s\n");
}

TEST(Sequences, TakeValues) {
  EXPECT_EQ(
      unfolded("{data: [{send: ACK len=$n}]}", "[{use: data, with: {n: 5}}, {use: data, with: {n: 7}}]"),
      "send: ACK len=5\nsend: ACK len=7\n");
  EXPECT_EQ(error_of(using_it("{data: [{send: ACK len=$n}]}", "[{use: data}]")),
            "f.yaml:3:32: `$n` is not defined");
  EXPECT_EQ(error_of(using_it("{data: [{send: ACK}]}", "[{use: data, with: {n: 5}}]")),
            "f.yaml:4:28: the sequence `data` has no `$n`");
  EXPECT_EQ(error_of(using_it("{data: [{send: ACK}]}", "[{use: data, with: [n]}]")),
            "f.yaml:4:27: `with` wants names with values, got a list");
}

TEST(Sequences, SeeTheValuesOfTheTableBehindTheirOwn) {
  const auto scenarios = must_load(
      "scenario: test $n\nfor: {n: [1], m: [2]}\ngiven: ESTABLISHED\n"
      "define: {data: [{send: ACK len=$n win=$m}]}\n"
      "steps: [{use: data}, {use: data, with: {n: 9}}]\n");
  EXPECT_EQ(text_of_steps(scenarios[0].steps), "send: ACK len=1 win=2\nsend: ACK len=9 win=2\n");
}

TEST(Sequences, UseOthers) {
  EXPECT_EQ(
      unfolded("{inner: [{wait: $t}], outer: [{use: inner, with: {t: 2s}}, {use: inner, with: {t: 3s}}]}",
               "[{use: outer}]"),
      "wait: 2 s\nwait: 3 s\n");
}

TEST(Sequences, MayNotUseThemselves) {
  EXPECT_EQ(error_of(using_it("{a: [{use: b}], b: [{wait: 1s}, {use: a}]}", "[{use: a}]")),
            "f.yaml:3:47: the sequence `a` uses itself: a -> b -> a");
  EXPECT_EQ(error_of(using_it("{a: [{use: a}]}", "[{wait: 1s}]")),
            "f.yaml:3:10: the sequence `a` is used nowhere");
}

TEST(Sequences, DoNotGrowWithoutEnd) {
  std::string define = "{s0: [{wait: 1s}, {wait: 1s}]";
  for (int i = 1; i < 20; ++i) {
    const std::string before = "{use: s" + std::to_string(i - 1) + "}";
    define += ", s" + std::to_string(i) + ": [" + before + ", " + before + "]";
  }
  EXPECT_THAT(error_of(using_it(define + "}", "[{use: s19}]")),
              HasSubstr("the scenario grows beyond 10000 steps"));
}

TEST(Sequences, AreNotNestedWithoutEnd) {
  std::string define = "{s0: [{wait: 1s}]";
  for (int i = 1; i <= 32; ++i)
    define += ", s" + std::to_string(i) + ": [{use: s" + std::to_string(i - 1) + "}]";
  EXPECT_EQ(error_of(using_it(define + "}", "[{use: s31}]")).find("deep"), std::string::npos);
  EXPECT_THAT(error_of(using_it(define + "}", "[{use: s32}]")), HasSubstr("more than 32 deep"));
}

TEST(Sequences, AreDefinedAsListsOfSteps) {
  EXPECT_EQ(error_of(using_it("{}", "[{wait: 1s}]")),
            "f.yaml:3:9: `define` wants names with their lists of steps, got none");
  EXPECT_EQ(error_of(using_it("[a]", "[{wait: 1s}]")),
            "f.yaml:3:9: `define` wants names with their lists of steps, got a list");
  EXPECT_EQ(error_of(using_it("{a: []}", "[{wait: 1s}]")),
            "f.yaml:3:13: the sequence `a` wants a list of steps, got an empty one");
  EXPECT_EQ(error_of(using_it("{a: {wait: 1s}}", "[{wait: 1s}]")),
            "f.yaml:3:13: the sequence `a` wants a list of steps, got a mapping");
}

TEST(Sequences, AreFoundByName) {
  EXPECT_EQ(error_of(using_it("{closing: [{wait: 1s}]}", "[{use: closin}]")),
            "f.yaml:4:15: no sequence is named `closin`");
  EXPECT_EQ(error_of(with_steps("- use: closing\n"), "/nowhere/f.yaml"),
            "/nowhere/f.yaml:4:8: no sequence is named `closing`");
}

class SequencesFile : public testing::Test {
 protected:
  // The steps of a scenario suites/close/deep/x.yaml that uses `pause`, or its error.
  std::string unfolded(const std::string& define = "") const {
    const std::string file = folder_.path("suites/close/deep/x.yaml");
    const auto loaded = load_scenario(
        "scenario: test\ngiven: ESTABLISHED\n" + define + "steps: [{use: pause}]\n", file, linux_profile());
    return loaded ? text_of_steps(loaded->front().steps) : to_string(loaded.error());
  }
  void define(const std::string& folder, const std::string& pause) const {
    folder_.write(folder + "/sequences.yaml", "define: {pause: [{wait: " + pause + "}]}\n");
  }
  TemporaryFolder folder_;
};

TEST_F(SequencesFile, IsLookedForUpToTheSuites) {
  define(".", "1s");
  EXPECT_THAT(unfolded(), HasSubstr("no sequence is named `pause`")) << "it lies above `suites`";
  define("suites", "2s");
  EXPECT_EQ(unfolded(), "wait: 2 s\n");
  define("suites/close", "3s");
  EXPECT_EQ(unfolded(), "wait: 3 s\n") << "the nearer one counts";
  define("suites/close/deep", "4s");
  EXPECT_EQ(unfolded(), "wait: 4 s\n");
  EXPECT_EQ(unfolded("define: {pause: [{wait: 5s}]}\n"), "wait: 5 s\n") << "the scenario's own counts first";
}

TEST_F(SequencesFile, MayDefineOtherNamesThanAnother) {
  define("suites", "2s");
  folder_.write("suites/close/sequences.yaml", "define: {other: [{wait: 1s}]}\n");
  EXPECT_EQ(unfolded(), "wait: 2 s\n");
}

TEST_F(SequencesFile, OutsideSuitesIsThatBesideTheScenario) {
  define(".", "1s");
  const std::string text = with_steps("- use: pause\n");
  EXPECT_EQ(text_of_steps(must_load(text, folder_.path("x.yaml")).front().steps), "wait: 1 s\n");
  EXPECT_THAT(error_of(text, folder_.path("deeper/x.yaml")), HasSubstr("no sequence is named `pause`"));
}

TEST_F(SequencesFile, IsHeldToItsForm) {
  folder_.write("suites/sequences.yaml", "steps: []\n");
  EXPECT_THAT(unfolded(), HasSubstr("sequences.yaml:1:1: `steps` is no key of a file of sequences"));
  folder_.write("suites/sequences.yaml", "define: {pause: []}\n");
  EXPECT_THAT(unfolded(), HasSubstr("sequences.yaml:1:17: the sequence `pause` wants a list of steps"));
  folder_.write("suites/sequences.yaml", "{}\n");
  EXPECT_THAT(unfolded(), HasSubstr("sequences.yaml:1:1: a file of sequences needs the key `define`"));
}

TEST_F(SequencesFile, PlacesAStepsErrorWhereItStands) {
  folder_.write("suites/sequences.yaml", "define:\n  pause:\n    - wait: long\n");
  EXPECT_THAT(unfolded(), HasSubstr("sequences.yaml:3:13: `wait` wants a duration"));
}

TEST_F(SequencesFile, IsReadOnce) {
  define("suites", "2s");
  SequenceFiles files;
  const std::string file = folder_.path("suites/sequences.yaml");
  const auto first = files.read(file);
  ASSERT_TRUE(first && *first);
  define("suites", "3s");
  EXPECT_EQ(*files.read(file), *first);
  EXPECT_EQ((*first)->entries[0].second.items[0].entries[0].second.scalar, "2s");
  EXPECT_EQ(*files.read(folder_.path("none.yaml")), nullptr);
}

TEST_F(SequencesFile, ThatIsBrokenIsSoEachTime) {
  folder_.write("suites/sequences.yaml", "steps: []\n");
  SequenceFiles files;
  EXPECT_FALSE(files.read(folder_.path("suites/sequences.yaml")));
  EXPECT_FALSE(files.read(folder_.path("suites/sequences.yaml")));
}

}  // namespace
}  // namespace finack
