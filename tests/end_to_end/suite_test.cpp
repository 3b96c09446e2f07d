// SPDX-License-Identifier: Apache-2.0
// The suites pass on this kernel, and the reports agree with each other.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/utsname.h>

#include <filesystem>

#include "end_to_end/report.h"

namespace finack {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class Suite : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    stage_ = new Stage;
    outcome_ = stage_->finack_unhurried(
        run_without_matrix(all_suites(), {"--seed", "20240229", "--json", json_file()}));
    report_ = Json::parse(read_file(json_file()));
  }
  static void TearDownTestSuite() { delete stage_; }
  static std::string json_file() { return stage_->path("report.json"); }

  static inline Stage* stage_ = nullptr;
  static inline Outcome outcome_;
  static inline Json report_;
};

TEST_F(Suite, PassesOverBothFamilies) {
  EXPECT_EQ(outcome_.exit_status, 0) << outcome_;
  EXPECT_EQ(outcome_.err, "");
  std::map<std::string, std::size_t> passed;  // by family
  for (const Json& entry : report_.at("scenarios")) {
    const std::string id = entry.at("id");
    const std::string verdict = entry.at("verdict");
    // Linux is known to deviate, and cannot do all that a scenario may need.
    EXPECT_TRUE(verdict == "pass" || verdict == "known" || verdict == "skipped") << id << ": " << verdict;
    passed[id.substr(id.rfind('/') + 1)] += verdict == "pass";
  }
  EXPECT_GE(passed["ipv4"], 60u);
  EXPECT_GE(passed["ipv6"], 60u);
  EXPECT_GE(passed["ipv4-mapped"], 1u);
}

TEST_F(Suite, TheReportNamesTheEnvironment) {
  const Json& environment = report_.at("environment");
  utsname name{};
  ::uname(&name);
  EXPECT_THAT(environment.at("kernel").get<std::string>(), HasSubstr(name.release));
  EXPECT_EQ(environment.at("seed"), 20240229);
  EXPECT_EQ(environment.at("profile"), "linux");
  const std::string version = environment.at("versions").at("finack");
  EXPECT_THAT(stage_->finack({"--version"}).out, StartsWith("finack " + version + "\n"));
  EXPECT_EQ(environment.at("versions").at("agent"), version) << "built together";
  const Json& sysctls = environment.at("sysctls");
  for (const char* sysctl : {"net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_timestamps", "net.ipv4.tcp_rfc1337"})
    EXPECT_THAT(sysctls.value(sysctl, "absent"), testing::MatchesRegex("[0-9]+")) << sysctl;
}

TEST_F(Suite, TheSummaryCountsTheVerdicts) {
  const Json& summary = report_.at("summary");
  std::map<std::string, int> counts;
  for (const Json& entry : report_.at("scenarios")) ++counts[entry.at("verdict")];
  for (const char* verdict : {"pass", "fail", "warn", "known", "inconclusive", "skipped", "error"})
    EXPECT_EQ(summary.at(verdict), counts[verdict]) << verdict;
  EXPECT_EQ(summary.at("total"), report_.at("scenarios").size());
  EXPECT_EQ(summary.at("interrupted"), false);
  EXPECT_GT(summary.at("duration"), 0.0);
}

TEST_F(Suite, IsFollowedToItsEndByTheTracker) {
  EXPECT_EQ(report_.at("summary").at("untracked"), 0);
}

TEST_F(Suite, EveryScenarioIsWhole) {
  for (const Json& entry : report_.at("scenarios")) {
    const std::string id = entry.at("id");
    EXPECT_TRUE(!id.starts_with("close/") || !entry.at("covers").empty()) << entry;
    for (const std::string covered : entry.at("covers"))
      EXPECT_THAT(covered, testing::ContainsRegex("^[A-Z]+-[0-9]+$"));
    EXPECT_NE(entry.at("title"), "");
    EXPECT_TRUE(entry.at("verdict") == "skipped" || entry.at("duration") > 0.0) << entry;
    EXPECT_LE(entry.at("duration"), report_.at("summary").at("duration")) << entry;
    EXPECT_EQ(entry.at("failed_step").is_null(), entry.at("verdict") != "known") << entry;
  }
}

TEST_F(Suite, TheTextSaysTheSame) {
  const auto blocks = blocks_of(outcome_.out);
  EXPECT_EQ(blocks.size(), report_.at("scenarios").size());
  for (const Json& entry : report_.at("scenarios")) {
    const auto block = blocks.find(entry.at("id"));
    ASSERT_NE(block, blocks.end()) << entry;
    EXPECT_THAT(block->second, StartsWith(entry.at("verdict").get<std::string>() + " "));
  }
  const std::string total = std::to_string(blocks.size());
  EXPECT_THAT(outcome_.out, StartsWith(total + " "));
  EXPECT_THAT(outcome_.out, HasSubstr(", seed 20240229; "));  // and how much is slow
  const int pass = report_.at("summary").at("pass");
  EXPECT_THAT(last_line(outcome_.out), StartsWith(std::to_string(pass) + " pass"));
}

// What the table shows of this kernel; of another one it can only have the same cells.
TEST(Matrix, IsAsTheTableOfTheCloseSuiteShowsIt) {
  const Stage stage;
  const std::string report = stage.path("report.json");
  const Outcome outcome = stage.finack_unhurried({"run", close_suite("matrix"), "--quiet", "--json", report},
                                                 Milliseconds(200'000));
  EXPECT_EQ(outcome.exit_status, 0) << outcome;
  const Outcome check = run_program(Start{{FINACK_SOURCE_DIR "/scripts/close-readme", "--check", report}});
  EXPECT_EQ(check.exit_status, 0) << check;
}

}  // namespace
}  // namespace finack
