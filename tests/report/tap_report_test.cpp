// SPDX-License-Identifier: Apache-2.0
#include "report/tap_report.h"

#include <gtest/gtest.h>

#include "report/sample.h"

namespace finack {
namespace {

Environment bare_environment() {
  return {"kernel", "Linux 6.1.0 x86_64", "6.1.0", {}, 42, "linux", {}};
}

std::string tap_of(const std::vector<Event>& events, const TapSettings& settings = {}) {
  std::string out;
  const EventSink report = tap_report([&](std::string_view text) { out += text; }, settings);
  for (const Event& event : events) report(event);
  return out;
}

Sample with(Verdict verdict, std::string reason) {
  Sample sample;
  sample.event.verdict = verdict;
  sample.event.reason = std::move(reason);
  sample.event.finding.reset();
  sample.event.trace.clear();
  return sample;
}

TEST(TapReport, ExplainsAFailureInYaml) {
  const Sample sample;
  EXPECT_EQ(tap_of({RunStarted{bare_environment(), 1}, sample.event, RunFinished{}}), R"(TAP version 14
1..1
# Linux 6.1.0 x86_64, profile linux, seed 42
not ok 1 - close/sample/ipv4
  ---
  verdict: fail
  message: "expect: FIN+ACK: wanted FIN+ACK seq=1 ack=1, got nothing within 1 s"
  at: "suites/close/sample.yaml:6:5"
  step: "step 2 of 2, expect: FIN+ACK"
  wanted: "FIN+ACK seq=1 ack=1"
  got: "nothing within 1 s"
  hint: "the target is in FIN-WAIT-1"
  seconds: 1.234
  exchange: |2
         0.000100  SYN seq=0 win=65535 <mss 1460> ------------>
         0.000117  <------------------------------------------- SYN+ACK seq=0 ack=1 win=64240
         0.000200                                               [close]
         0.000260                                               [close: done]
         0.000300                                               [state FIN-WAIT-1, timer retransmit 200 ms]
         0.000400  <------------------------------------------- not a TCP segment: IP protocol 1, not TCP
  ...
)");
}

TEST(TapReport, HasALineForEachVerdict) {
  const auto line = [](Verdict verdict, bool strict = false) {
    const Sample sample = with(verdict, "no #5 \\ here");
    const std::string text = tap_of({sample.event}, {strict});
    return text.substr(0, text.find('\n'));
  };
  EXPECT_EQ(line(Verdict::pass), "ok 1 - close/sample/ipv4");
  EXPECT_EQ(line(Verdict::skipped), "ok 1 - close/sample/ipv4 # SKIP no \\#5 \\\\ here");
  EXPECT_EQ(line(Verdict::known), "not ok 1 - close/sample/ipv4 # TODO known deviation: no \\#5 \\\\ here");
  EXPECT_EQ(line(Verdict::warn), "ok 1 - close/sample/ipv4");
  EXPECT_EQ(line(Verdict::warn, true), "not ok 1 - close/sample/ipv4");
  EXPECT_EQ(line(Verdict::inconclusive), "not ok 1 - close/sample/ipv4");
  EXPECT_EQ(line(Verdict::error), "not ok 1 - close/sample/ipv4");
}

TEST(TapReport, LetsNobodyForgeALine) {
  const Sample sample = with(Verdict::error, "x\nok 2 - \"forged\"\x1b[2J\xff");
  EXPECT_EQ(tap_of({sample.event}),
            "not ok 1 - close/sample/ipv4\n  ---\n  verdict: error\n"
            "  message: \"x ok 2 - \\\"forged\\\"\xef\xbf\xbd[2J\xef\xbf\xbd\"\n  seconds: 1.234\n  ...\n");
}

TEST(TapReport, NamesTheInvariantThatIsBroken) {
  Sample sample = with(Verdict::fail, "");
  sample.event.finding.emplace().rule = "INV-FIN";
  EXPECT_NE(tap_of({sample.event}).find("  rule: \"INV-FIN, a MUST of RFC 9293 3.10.8\"\n"),
            std::string::npos);
}

TEST(TapReport, CountsRounds) {
  Sample sample = with(Verdict::pass, "");
  sample.event.round = 2;
  EXPECT_EQ(tap_of({sample.event}, {false, 3}), "ok 1 - close/sample/ipv4 (2 of 3)\n");
  const std::string endless =
      tap_of({RunStarted{bare_environment(), 1}, sample.event, RunFinished{}}, {false, 0});
  EXPECT_TRUE(endless.starts_with("TAP version 14\n# Linux")) << endless;
  EXPECT_TRUE(endless.ends_with("ok 1 - close/sample/ipv4 (2)\n1..1\n"))
      << "the plan comes last: " << endless;
}

TEST(TapReport, BailsOutWhenTheRunEndsEarly) {
  RunFinished end;
  end.summary.total = 5;
  end.summary.interrupted = true;
  EXPECT_EQ(tap_of({end}), "Bail out! interrupted, 5 of 5 not finished\n");
  end.summary.interrupted = false;
  end.summary.out_of_time = true;
  EXPECT_EQ(tap_of({end}), "Bail out! out of time, 5 of 5 not finished\n");
}

}  // namespace
}  // namespace finack
