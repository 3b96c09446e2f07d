// SPDX-License-Identifier: Apache-2.0
#include "scenario/load.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace finack {
namespace {

std::string scenario(const std::string& steps, const std::string& head = "") {
  return "scenario: test\n" + head + "given: ESTABLISHED\nsteps:\n" + steps;
}

std::string steps_of(const std::string& text) {
  const auto loaded = load_scenario(text, "f.yaml");
  if (!loaded) return to_string(loaded.error());
  std::string out;
  for (const Step& step : loaded->steps) out += to_string(step) + "\n";
  return out;
}

TEST(Load, ReadsEveryKindOfStep) {
  EXPECT_EQ(
      steps_of(scenario("- target: close\n- target: shutdown\n- target: shutdown both\n- target: send 5\n"
                        "- target: receive 7\n- send: FIN+ACK\n- expect: ACK\n  within: 20ms\n- quiet: 1s\n"
                        "- wait: 10ms\n- state: FIN-WAIT-2\n")),
      "target: close\ntarget: shutdown send\ntarget: shutdown both\ntarget: send 5\ntarget: receive 7\n"
      "send: FIN+ACK\nexpect: ACK\nquiet: 1 s\nwait: 10 ms\nstate: FIN-WAIT-2\n");
}

TEST(Load, ReadsTheHead) {
  const auto loaded = load_scenario(
      scenario("- send: ACK\n", "language: 1\ncovers: [CR-001, MUST-13, T-022]\ntags: slow\nfamily: ipv6\n"),
      "f.yaml");
  ASSERT_TRUE(loaded) << to_string(loaded.error());
  EXPECT_EQ(loaded->title, "test");
  EXPECT_EQ(loaded->covers, (std::vector<std::string>{"CR-001", "MUST-13", "T-022"}));
  EXPECT_EQ(loaded->tags, std::vector<std::string>{"slow"});
  EXPECT_EQ(loaded->families, std::vector<Family>{Family::ipv6});
}

TEST(Load, KeepsThePlaceOfEachStep) {
  const auto loaded = load_scenario(scenario("  - send: ACK\n\n  - quiet: 1s\n"), "f.yaml");
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->steps[1].place, (Place{"f.yaml", 6, 5}));
}

TEST(Load, AsksForOneOctetMoreThanMayCome) {
  const auto loaded = load_scenario(
      scenario("- target: receive 5\n  result: end\n- target: receive\n  result: ECONNRESET\n"), "f.yaml");
  ASSERT_TRUE(loaded) << to_string(loaded.error());
  const auto& first = std::get<CallStep>(loaded->steps[0].body);
  EXPECT_EQ(first.length, 6u);
  EXPECT_EQ(first.outcome.octets, 5u);
  EXPECT_EQ(std::get<CallStep>(loaded->steps[1].body).outcome.error_name, "ECONNRESET");
}

TEST(Load, MakesOneProgramForEachFamily) {
  const auto loaded = load_scenario(scenario("- send: ACK\n"), "/x/suites/close/one.yaml");
  ASSERT_TRUE(loaded);
  const std::vector<Program> programs = compile(*loaded);
  ASSERT_EQ(programs.size(), 2u);
  EXPECT_EQ(programs[0].id, "close/one/ipv4");
  EXPECT_EQ(programs[1].id, "close/one/ipv6");
  EXPECT_TRUE(programs[0].steps.front().preamble);
  EXPECT_EQ(programs[0].steps.front().place.line, 2) << "a step of the preamble stands for `given`";
  EXPECT_FALSE(programs[0].steps.back().preamble);
}

TEST(ScenarioId, IsThePathBelowSuites) {
  EXPECT_EQ(scenario_id("/a/suites/close/x.yaml"), "close/x");
  EXPECT_EQ(scenario_id("/suites/b/suites/close/deep/x.yaml"), "close/deep/x");
  EXPECT_EQ(scenario_id("/a/b/x.yaml"), "x");
}

class LoadScenarios : public testing::Test {
 protected:
  LoadScenarios() {
    std::string name = (std::filesystem::path(testing::TempDir()) / "finack-load-XXXXXX").string();
    if (!::mkdtemp(name.data())) throw std::runtime_error("cannot make " + name);
    folder_ = std::filesystem::path(name) / "suites";
  }
  ~LoadScenarios() override { std::filesystem::remove_all(folder_.parent_path()); }
  void write(const std::string& name, const std::string& text) {
    std::filesystem::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name) << text;
  }
  std::filesystem::path folder_;
};

TEST_F(LoadScenarios, SearchesFoldersButNotTheCatalogue) {
  write("close/b.yaml", scenario("- send: ACK\n"));
  write("close/a.yaml", scenario("- send: ACK\n"));
  write("catalogue/c.yaml", "no scenario");
  write("targets/d.yaml", "no scenario");
  write("notes.txt", "no scenario");
  const auto loaded = load_scenarios({folder_.string(), (folder_ / "close/a.yaml").string()});
  ASSERT_TRUE(loaded) << to_string(loaded.error());
  ASSERT_EQ(loaded->size(), 2u) << "a file named twice is one scenario";
  EXPECT_EQ((*loaded)[0].id, "close/a");
}

TEST_F(LoadScenarios, SaysWhatIsWrongWithAPath) {
  write("empty/readme.txt", "");
  EXPECT_EQ(load_scenarios({(folder_ / "empty").string()}).error().message,
            (folder_ / "empty").string() + " holds no scenario");
  EXPECT_EQ(load_scenarios({"/nowhere/x.yaml"}).error().message, "cannot be read: No such file or directory");
}

TEST_F(LoadScenarios, RefusesTwoScenariosOfOneName) {
  write("close/a.yaml", scenario("- send: ACK\n"));
  write("suites/close/a.yaml", scenario("- send: ACK\n"));
  EXPECT_EQ(load_scenarios({folder_.string()}).error().message, "the id close/a is taken");
}

TEST(TheSuite, LoadsAndCoversWhatTheCatalogueKnows) {
  const auto loaded = load_scenarios({std::string(FINACK_SOURCE_DIR) + "/suites"});
  ASSERT_TRUE(loaded) << to_string(loaded.error());
  EXPECT_GE(loaded->size(), 9u);
  for (const Scenario& each : *loaded) EXPECT_FALSE(each.covers.empty()) << each.id;
}

}  // namespace
}  // namespace finack
