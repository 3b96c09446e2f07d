// SPDX-License-Identifier: Apache-2.0
// A packet filter stands between: what finack says when a segment of the target is dropped, forged or
// mangled.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "end_to_end/report.h"

namespace finack {
namespace {

using testing::HasSubstr;

struct Fault {
  std::string name;
  std::string hook;  // in the target's namespace
  std::string rule;
  std::string scenario;     // of the close suite
  std::string failed_step;  // the text of its line
  std::string step_of;      // "step 2 of 8"
  std::string wanted;
  std::string got;
  std::string hint;         // a part of it
  std::string not_arrived;  // a pattern that no line of the ladder has
  std::string innocent;     // a scenario that does not meet the fault
};

std::ostream& operator<<(std::ostream& stream, const Fault& fault) {
  return stream << fault.name;
}

const std::string drops =
    "something between drops it: look for a packet filter, or capture on the target itself";
const std::string no_fin = "<-+ FIN", no_reset = "<-+ RST", no_ack = "<-+ ACK";

const Fault faults[] = {
    {"FinOfTheFirstCloser", "output", "tcp flags & fin == fin drop", "active-close", "- expect: FIN+ACK",
     "step 2 of 8", "FIN+ACK seq=1 ack=1", "nothing within 1 s",
     "it has sent its FIN, but none came here; " + drops, no_fin, "reset-sent"},
    {"FinOfTheSecondCloser", "output", "tcp flags & fin == fin drop", "passive-close", "- expect: FIN+ACK",
     "step 7 of 10", "FIN+ACK seq=1 ack=2", "nothing within 1 s",
     "it has sent its FIN, but none came here; " + drops, no_fin, "reset-received"},
    {"ResetOfAnAbort", "output", "tcp flags & rst == rst drop", "reset-sent", "- expect: RST+ACK?",
     "step 2 of 6", "RST+ACK? seq=1", "nothing within 1 s",
     "a RST was due; either it sends none, or " + drops, no_reset, "active-close"},
    {"ResetOfAClosedPort", "output", "tcp flags & rst == rst drop", "reset-received", "- expect: RST",
     "step 6 of 7", "RST seq=1", "nothing within 1 s", "a RST was due; either it sends none, or " + drops,
     no_reset, "passive-close"},
    {"AckOfOurFinInTimeWait", "output", "tcp flags == ack drop", "active-close", "- expect: ACK",
     "step 7 of 8", "ACK seq=2 ack=2", "nothing within 1 s",
     "it has taken our FIN, but no ACK came here; " + drops, no_ack, "reset-sent"},
    {"AckOfOurFinInCloseWait", "output", "tcp flags == ack drop", "passive-close", "- expect: ACK",
     "step 2 of 10", "ACK seq=1 ack=2", "nothing within 500 ms",
     "it has taken our FIN, but no ACK came here; " + drops, no_ack, "reset-received"},
    {"AckOfOurFinInClosing", "output", "tcp flags == ack drop", "simultaneous-close", "- expect: ACK",
     "step 4 of 7", "ACK seq=2 ack=2", "nothing within 1 s",
     "it has taken our FIN, but no ACK came here; " + drops, no_ack, "reset-sent"},
    {"ResetForgedForOurFin", "input", "tcp flags & fin == fin reject with tcp reset", "active-close",
     "- expect: ACK", "step 7 of 8", "ACK seq=2 ack=2", "RST seq=2 win=0", "the target is in FIN-WAIT-2",
     no_ack, "reset-sent"},
    {"SequenceNumberMangled", "output", "tcp flags == ack tcp sequence set 7", "passive-close",
     "- expect: ACK", "step 2 of 10", "ACK seq=1 ack=2", "ACK seq=", "the target is in CLOSE-WAIT",
     "<-+ ACK seq=1 ", "reset-received"},
};

class BetweenUs : public testing::TestWithParam<Fault> {
 protected:
  void run() {
    const Fault& fault = GetParam();
    stage_.put_between("table inet fault {\n  chain fault {\n    type filter hook " + fault.hook +
                       " priority 0\n    " + fault.rule + "\n  }\n}\n");
    // A machine too busy to tell says so, and is asked again.
    for (int attempt = 0; attempt < 5; ++attempt) {
      outcome_ = stage_.finack({"run", close_suite(fault.scenario + ".yaml"),
                                close_suite(fault.innocent + ".yaml"), "--json", stage_.path("report.json")});
      report_ = Json::parse(read_file(stage_.path("report.json")));
      if (report_.at("summary").at("inconclusive") == 0) break;
    }
    ASSERT_EQ(outcome_.exit_status, 1) << outcome_;
  }
  void check(const std::string& family) {
    const Fault& fault = GetParam();
    SCOPED_TRACE(family);
    const Json entry = entry_of(report_, "close/" + fault.scenario + "/" + family);
    const std::string file = close_suite(fault.scenario + ".yaml");
    ASSERT_EQ(entry.at("verdict"), "fail") << entry.dump(2);
    const Json& failed = entry.at("failed_step");
    EXPECT_EQ(failed.at("file"), file);
    EXPECT_EQ(failed.at("line"), line_of_step(file, fault.failed_step));
    EXPECT_EQ(failed.at("wanted"), fault.wanted);
    EXPECT_THAT(failed.at("got").get<std::string>(), testing::StartsWith(fault.got));
    EXPECT_THAT(failed.at("hint").get<std::string>(), HasSubstr(fault.hint));
    check_text(blocks_of(outcome_.out)[entry.at("id")], failed);
    EXPECT_EQ(entry_of(report_, "close/" + fault.innocent + "/" + family).at("verdict"), "pass");
  }

 private:
  // The text says what the JSON report says, and shows the exchange.
  static void check_text(const std::string& block, const Json& failed) {
    const Fault& fault = GetParam();
    const auto text = [&](const char* key) { return failed.at(key).get<std::string>(); };
    const std::string place = text("file") + ":" + std::to_string(failed.at("line").get<int>()) + ":" +
                              std::to_string(failed.at("column").get<int>());
    const std::string step = fault.failed_step.substr(2);
    EXPECT_THAT(block,
                testing::AnyOf(HasSubstr("\n  " + place + ": " + fault.step_of + ", " + step + "\n"),
                               HasSubstr("\n  " + place + ": " + fault.step_of + ", " + step + ", within ")));
    EXPECT_THAT(block, HasSubstr("\n    wanted  " + text("wanted") + "\n    got     " + text("got") + "\n"));
    EXPECT_THAT(block, HasSubstr("\n    hint    " + text("hint") + "\n"));
    EXPECT_THAT(block, testing::ContainsRegex("SYN seq=0 [^\n]*-+>\n"));
    EXPECT_THAT(block, testing::ContainsRegex("<-+ SYN.ACK seq=0 ack=1"));
    EXPECT_THAT(block, testing::ContainsRegex("\\[state [A-Z0-9-]+[^\n]*\\]\n"));
    EXPECT_THAT(block, testing::Not(testing::ContainsRegex(fault.not_arrived)));
  }
  // The whole line but its indent and comment, because `expect: ACK` is a part of others.
  static int line_of_step(const std::string& file, const std::string& step) {
    std::ifstream lines(file);
    std::string line;
    for (int number = 1; std::getline(lines, line); ++number) {
      if (line == "  " + step) return number;
    }
    ADD_FAILURE() << file << " has no line " << step;
    return 0;
  }

  Stage stage_;
  Outcome outcome_;
  Json report_;
};

TEST_P(BetweenUs, FailsAtTheStepAndSaysWhy) {
  ASSERT_NO_FATAL_FAILURE(run());
  check("ipv4");
  check("ipv6");
}

INSTANTIATE_TEST_SUITE_P(Faults, BetweenUs, testing::ValuesIn(faults),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace finack
