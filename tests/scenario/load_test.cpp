// SPDX-License-Identifier: Apache-2.0
#include "scenario/load.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <map>

#include "scenario/loaded.h"
#include "scenario/temporary_folder.h"
#include "scenario/yaml_tree.h"

namespace finack {
namespace {

using testing::ElementsAre;
using testing::Pair;

std::string steps_of(const std::string& steps) {
  return text_of_steps(must_load(with_steps(steps)).front().steps);
}

TEST(Load, ReadsEveryKindOfStep) {
  EXPECT_EQ(
      steps_of("- target: dup copy\n- target: shutdown\n- target: close\n- {target: send 5, on: copy}\n"
               "- {target: receive 7, on: copy, later: reading, result: end}\n- {returns: reading}\n"
               "- send: FIN+ACK\n- icmp: net-unreachable seq=next-5\n"
               "- {expect: ACK, after: 5ms, within: 20ms}\n- quiet: 1s\n- wait: 10ms\n"
               "- {state: FIN-WAIT-2, within: 3s}\n"
               "- {all-of: [expect: ACK, expect: FIN+ACK len=5], within: 2s}\n- allow: ACK\n"),
      "target: dup copy\ntarget: shutdown send\ntarget: close\ntarget: send 5 on copy\n"
      "target: receive 7 on copy, result end, later reading\nreturns: reading\nsend: FIN+ACK\n"
      "icmp: net-unreachable seq=next-5\nexpect: ACK, after 5 ms, within 20 ms\nquiet: 1 s\nwait: 10 ms\n"
      "state: FIN-WAIT-2, within 3 s\nall-of: ACK and FIN+ACK len=5, within 2 s\nallow: ACK\n");
}

TEST(Load, ReadsTheHead) {
  const Scenario scenario =
      must_load(
          "scenario: test\nlanguage: 1\ncovers: [CR-001, MUST-13, T-022]\ntags: slow\nfamily: ipv6\n"
          "needs: [destroy, option-linger]\ngiven: CLOSE-WAIT, active\nsteps: [{send: ACK}]\n",
          "/x/suites/close/one.yaml")
          .front();
  EXPECT_EQ(scenario.id, "close/one");
  EXPECT_EQ(scenario.title, "test");
  EXPECT_EQ(scenario.place, (Place{"/x/suites/close/one.yaml", 1, 1}));
  EXPECT_THAT(scenario.covers, ElementsAre("CR-001", "MUST-13", "T-022"));
  EXPECT_THAT(scenario.tags, ElementsAre("slow"));
  EXPECT_THAT(scenario.needs, ElementsAre("destroy", "option-linger"));
  EXPECT_THAT(scenario.varieties, ElementsAre(Variety{Family::ipv6, false}));
  EXPECT_EQ(to_string(scenario.given), "CLOSE-WAIT, active");
  EXPECT_EQ(scenario.given_place.line, 7);
}

TEST(Load, ReadsTheFamilies) {
  const auto varieties = [](const std::string& family) {
    return must_load(with_steps("- send: ACK\n", family + "given: ESTABLISHED\n")).front().varieties;
  };
  const Variety four{Family::ipv4, false}, six{Family::ipv6, false}, mapped{Family::ipv4, true};
  EXPECT_THAT(varieties(""), ElementsAre(four, six));
  EXPECT_THAT(varieties("family: ipv4-mapped\n"), ElementsAre(mapped));
  EXPECT_THAT(varieties("family: [ipv6, ipv4-mapped]\n"), ElementsAre(six, mapped));
}

TEST(Load, SortsWhatIsConfigured) {
  const Scenario scenario =
      must_load(with_steps("- send: ACK\n",
                           "configure: {net.ipv4.tcp_sack: 0, keepalive: 1, maxseg: 500}\n"
                           "given: ESTABLISHED\n"))
          .front();
  EXPECT_THAT(scenario.sysctls, ElementsAre(Pair("net.ipv4.tcp_sack", "0")));
  EXPECT_THAT(scenario.socket_options, ElementsAre(Pair("keepalive", "1"), Pair("maxseg", "500")));
}

TEST(Load, ReadsWhatOurEndAnnounces) {
  const auto peer = [](const std::string& text) {
    return must_load(with_steps("- send: ACK\n", text + "given: ESTABLISHED\n")).front().peer;
  };
  EXPECT_FALSE(peer("").options);
  EXPECT_FALSE(peer("").window);
  const PeerConfiguration both = peer("peer: {options: \"<mss 500, sackok>\", window: 1000}\n");
  EXPECT_EQ(both.window, 1000);
  ASSERT_TRUE(both.options);
  EXPECT_EQ(both.options->size(), 2u);
  ASSERT_TRUE(peer("peer: {options: <>}\n").options);
  EXPECT_TRUE(peer("peer: {options: <>}\n").options->empty()) << "none is not the same as unset";
}

TEST(Load, PlacesAnErrorInWhatOurEndAnnounces) {
  const auto error = [](const std::string& peer) {
    return error_of(with_steps("- send: ACK\n", "peer: " + peer + "\ngiven: ESTABLISHED\n")).substr(0, 12);
  };
  EXPECT_EQ(error("{options: <mzz 500>}"), "f.yaml:2:18:");
  EXPECT_EQ(error("{window: 70000}").substr(0, 9), "f.yaml:2:");
  EXPECT_EQ(error("{options: urg=1}"), "f.yaml:2:17:");
}

TEST(Load, KeepsThePlaceOfEachStep) {
  EXPECT_EQ(must_load(with_steps("  - send: ACK\n\n  - quiet: 1s\n")).front().steps[1].place,
            (Place{"f.yaml", 6, 5}));
}

TEST(Load, AsksForOneOctetMoreThanMayCome) {
  const auto steps =
      must_load(with_steps("- target: receive 5\n  result: end\n- target: receive\n  result: ECONNRESET\n"))
          .front()
          .steps;
  const auto& first = std::get<CallStep>(steps[0].body);
  EXPECT_EQ(first.length, 6u);
  EXPECT_EQ(first.outcomes.front().octets, 5u);
  EXPECT_EQ(std::get<CallStep>(steps[1].body).outcomes.front().error_name, "ECONNRESET");
}

TEST(Load, EvaluatesTheProfilesValues) {
  EXPECT_EQ(steps_of("- wait: 2*MSL + RTO\n- quiet: RTO/2\n- {expect: ACK, within: DELAYED_ACK + 1ms}\n"),
            "wait: 60.2 s\nquiet: 100 ms\nexpect: ACK, within 201 ms\n");
}

// --- one-of

// Where each step leads: "0>1 1>4 ...".
std::string ways(const std::vector<Step>& steps) {
  std::string out;
  for (std::size_t i = 0; i < steps.size(); ++i)
    out += (out.empty() ? "" : " ") + std::to_string(i) + ">" + std::to_string(i + steps[i].then);
  return out;
}

TEST(Load, WritesTheBranchesOfAOneOfOneBehindTheOther) {
  const auto steps = must_load(with_steps("- one-of:\n"
                                          "    - {reading: it answers, expect: ACK}\n"
                                          "    - {reading: it is silent, steps: [{quiet: 1s}, {send: ACK}]}\n"
                                          "- wait: 1s\n"))
                         .front()
                         .steps;
  EXPECT_EQ(text_of_steps(steps), "one-of\nexpect: ACK\nquiet: 1 s\nsend: ACK\nwait: 1 s\n");
  EXPECT_EQ(ways(steps), "0>1 1>4 2>3 3>4 4>5");
  const auto& branches = std::get<OneOfStep>(steps[0].body).branches;
  ASSERT_EQ(branches.size(), 2u);
  EXPECT_EQ(branches[0].reading, "it answers");
  EXPECT_EQ(branches[0].first, 1u);
  EXPECT_EQ(branches[1].first, 2u);
  EXPECT_EQ(branches[1].place, (Place{"f.yaml", 6, 7}));
}

TEST(Load, NestsAOneOf) {
  const auto steps = must_load(with_steps("- one-of:\n"
                                          "    - reading: a\n"
                                          "      steps:\n"
                                          "        - expect: ACK\n"
                                          "        - one-of:\n"
                                          "            - {reading: c, expect: RST}\n"
                                          "            - {reading: d, expect: FIN+ACK}\n"
                                          "    - {reading: b, quiet: 1s}\n"))
                         .front()
                         .steps;
  EXPECT_EQ(text_of_steps(steps), "one-of\nexpect: ACK\none-of\nexpect: RST\nexpect: FIN+ACK\nquiet: 1 s\n");
  EXPECT_EQ(ways(steps), "0>1 1>2 2>3 3>6 4>6 5>6") << "the inner branches end where the outer one does";
}

TEST(Load, RefusesAOneOfThatCannotBeTold) {
  const auto error = [](const std::string& branches) {
    return error_of(with_steps("- one-of: " + branches));
  };
  EXPECT_EQ(error("ACK"), "f.yaml:4:11: `one-of` wants a list of two or more readings");
  EXPECT_EQ(error("[{reading: a, expect: ACK}]"),
            "f.yaml:4:11: `one-of` wants a list of two or more readings");
  EXPECT_EQ(error("[ACK, RST]"),
            "f.yaml:4:12: a branch of `one-of` is a mapping with `reading` and a step, got text");
  EXPECT_EQ(error("[{expect: ACK}, {reading: b, expect: RST}]"),
            "f.yaml:4:12: a branch of `one-of` needs the key `reading`");
  EXPECT_EQ(error("[{reading: a}, {reading: b, expect: RST}]"),
            "f.yaml:4:12: a branch of `one-of` needs a step, or `steps`");
  EXPECT_EQ(error("[{reading: a, steps: [{expect: ACK}], expect: ACK}, {reading: b, expect: RST}]"),
            "f.yaml:4:12: a branch of `one-of` has either one step or `steps`");
  EXPECT_EQ(error("[{reading: a, expect: ACK}, {reading: a, expect: RST}]"),
            "f.yaml:4:39: the reading `a` stands twice");
  EXPECT_EQ(error("[{reading: a, send: ACK}, {reading: b, expect: RST}]"),
            "f.yaml:4:12: a branch of `one-of` begins with `expect`, `quiet` or `state`");
}

// --- all-of

TEST(Load, ReadsAnAllOf) {
  const auto steps =
      must_load(with_steps("- all-of: [{expect: ACK}, {expect: FIN+ACK}]\n  within: 2s\n")).front().steps;
  const auto& all = std::get<AllOfStep>(steps[0].body);
  EXPECT_EQ(all.segments.size(), 2u);
  EXPECT_EQ(all.within, 2s);
  const auto error = [](const std::string& entries) { return error_of(with_steps("- all-of: " + entries)); };
  EXPECT_EQ(error("[{expect: ACK}]"), "f.yaml:4:11: `all-of` wants a list of two or more `expect`");
  EXPECT_EQ(error("[{expect: ACK}, {quiet: 1s}]"), "f.yaml:4:28: `quiet` is no key of an entry of `all-of`");
  EXPECT_EQ(error("[{expect: ACK}, {}]"), "f.yaml:4:27: an entry of `all-of` needs the key `expect`");
}

// --- ids and files

TEST(ScenarioId, IsThePathBelowSuites) {
  EXPECT_EQ(scenario_id("/a/suites/close/x.yaml"), "close/x");
  EXPECT_EQ(scenario_id("/suites/b/suites/close/deep/x.yaml"), "close/deep/x");
  EXPECT_EQ(scenario_id("/a/b/x.yaml"), "x");
}

class LoadScenarios : public testing::Test {
 protected:
  auto load(const std::vector<std::string>& names) const {
    std::vector<std::string> paths;
    for (const std::string& name : names) paths.push_back(folder_.path(name));
    return load_scenarios(paths, linux_profile());
  }
  TemporaryFolder folder_;
  const std::string any_ = with_steps("- send: ACK\n");
};

TEST_F(LoadScenarios, SearchesFoldersButNotTheCatalogue) {
  folder_.write("suites/close/b.yaml", any_);
  folder_.write("suites/close/a.yaml", any_);
  folder_.write("suites/catalogue/c.yaml", "no scenario");
  folder_.write("suites/targets/d.yaml", "no scenario");
  folder_.write("suites/close/sequences.yaml", "no scenario");
  folder_.write("suites/notes.txt", "no scenario");
  const auto loaded = load({"suites", "suites/close/a.yaml"});
  ASSERT_TRUE(loaded) << to_string(loaded.error());
  ASSERT_EQ(loaded->size(), 2u) << "a file named twice is one scenario";
  EXPECT_EQ((*loaded)[0].id, "close/a");
}

TEST_F(LoadScenarios, SaysWhatIsWrongWithAPath) {
  folder_.write("suites/empty/readme.txt", "");
  EXPECT_EQ(load({"suites/empty"}).error().message, folder_.path("suites/empty") + " holds no scenario");
  EXPECT_EQ(load({"x.yaml"}).error().message, "cannot be read: No such file or directory");
}

// A FIFO would be waited for; a device may never end.
TEST(Load, ReadsRegularFilesOnly) {
  const TemporaryFolder folder;
  const std::string fifo = folder.path("x.yaml");
  ASSERT_EQ(mkfifo(fifo.c_str(), 0600), 0);
  for (const std::string& file : {fifo, std::string("/dev/null")}) {
    const auto read = read_text_file(file);
    ASSERT_FALSE(read) << file;
    EXPECT_EQ(to_string(read.error()), file + ":1:1: this is no regular file");
  }
}

TEST(Load, ReadsAFileUpToWhereItIsTooLarge) {
  const TemporaryFolder folder;
  const std::string most(1 << 20, 'x');
  EXPECT_EQ(read_text_file(folder.write("a", "")), "");
  EXPECT_EQ(read_text_file(folder.write("b", most)), most);
  EXPECT_GT(read_text_file(folder.write("c", most + "y"))->size(), most.size());
  EXPECT_LT(read_text_file(folder.write("d", most + most))->size(), most.size() + most.size() / 2);
}

TEST_F(LoadScenarios, RefusesTwoScenariosOfOneName) {
  folder_.write("suites/close/a.yaml", any_);
  folder_.write("suites/suites/close/a.yaml", any_);
  EXPECT_EQ(load({"suites"}).error().message, "the id close/a is taken");
}

TEST_F(LoadScenarios, RefusesAFileNamedAsTheCaseOfAnother) {
  folder_.write("suites/close/a.yaml", "scenario: $n\nfor: {n: [1, 2]}\ngiven: LISTEN\nsteps: [wait: 1s]\n");
  folder_.write("suites/close/a/n=2.yaml", any_);
  EXPECT_EQ(load({"suites"}).error().message, "the id close/a/n=2 is taken");
}

TEST(TheSuite, LoadsAndCompiles) {
  const auto loaded = load_scenarios({std::string(FINACK_SOURCE_DIR) + "/suites"}, linux_profile());
  ASSERT_TRUE(loaded) << to_string(loaded.error());
  std::size_t instances = 0;
  for (const Scenario& each : *loaded) instances += compile(each).size();
  EXPECT_GE(instances, 60u);
}

}  // namespace
}  // namespace finack
