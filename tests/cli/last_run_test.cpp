// SPDX-License-Identifier: Apache-2.0
#include "cli/last_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

namespace finack {
namespace {

using testing::ElementsAre;

std::vector<Program> programs(std::initializer_list<const char*> ids) {
  std::vector<Program> out;
  for (const char* id : ids) out.emplace_back().id = id;
  return out;
}

class Folder : public testing::Test {
 protected:
  Folder() {
    char name[] = "/tmp/finack-test-XXXXXX";
    path_ = ::mkdtemp(name);
  }
  ~Folder() override { std::filesystem::remove_all(path_); }

  std::filesystem::path path_;
};
using LastRunFile = Folder;

TEST(LastRun, RemembersWhatDidNotPass) {
  using enum Verdict;
  const auto all =
      programs({"passes", "fails", "warns", "known", "skipped", "late", "broken", "never-begun"});
  LastRun last(all);
  const Verdict verdicts[] = {pass, fail, warn, known, skipped, inconclusive, error};
  for (std::size_t i = 0; i < std::size(verdicts); ++i) last.take(InstanceFinished{&all[i], {}, verdicts[i]});
  EXPECT_THAT(last.not_passed(), ElementsAre("broken", "fails", "late", "never-begun", "warns"));
}

TEST(LastRun, CountsAFailureInAnyRound) {
  const auto all = programs({"a", "b"});
  LastRun last(all);
  last.take(InstanceFinished{&all[0], {}, Verdict::pass});
  last.take(InstanceFinished{&all[1], {}, Verdict::pass});
  InstanceFinished second{&all[0], {}, Verdict::fail};
  second.round = 2;
  last.take(second);
  EXPECT_THAT(last.not_passed(), ElementsAre("a"));
}

TEST(LastRun, IsKeptWhereTheXdgSpecificationSays) {
  EXPECT_EQ(last_run_file("/state", "/home/me"), "/state/finack/last-run");
  EXPECT_EQ(last_run_file("", "/home/me"), "/home/me/.local/state/finack/last-run");
  EXPECT_EQ(last_run_file("relative", "/home/me"), "/home/me/.local/state/finack/last-run");
  EXPECT_EQ(last_run_file("", ""), "");
}

TEST_F(LastRunFile, ComesBackAsItWas) {
  const auto file = path_ / "deep/er/last-run";
  EXPECT_EQ(
      to_string(read_last_run(file).error()),
      "`--failed` wants a run to look back at, and none is remembered\n  hint: runs are remembered in " +
          file.string());
  write_last_run(file, {"a/ipv4", "b/ipv6"});
  EXPECT_THAT(read_last_run(file).value(), ElementsAre("a/ipv4", "b/ipv6"));
  write_last_run(file, {});
  EXPECT_TRUE(read_last_run(file)->empty()) << "nothing failed, which is not the same as no run";
}

TEST_F(LastRunFile, MayBeImpossibleToWrite) {
  std::ofstream(path_ / "in-the-way") << "x";
  write_last_run(path_ / "in-the-way/last-run", {"a"});
  write_last_run("", {"a"});
  EXPECT_FALSE(read_last_run(""));
}

TEST(LastRun, SelectsThoseThatAreStillThere) {
  const auto chosen = those_of_last_run(programs({"a", "b", "c"}), {"c", "gone", "a"});
  ASSERT_TRUE(chosen);
  ASSERT_EQ(chosen->size(), 2u);
  EXPECT_EQ(chosen->at(0).id, "a");
  EXPECT_EQ(to_string(those_of_last_run(programs({"a"}), {"x", "y"}).error()),
            "none of the scenarios that did not pass in the last run is selected here\n  hint: the first of "
            "2 was x");
  EXPECT_TRUE(those_of_last_run(programs({"a"}), {})->empty());
}

}  // namespace
}  // namespace finack
