// SPDX-License-Identifier: Apache-2.0
// What people and programs read of a run, to the letter.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>

#include "report/capture_report.h"
#include "report/json_report.h"
#include "report/ladder.h"
#include "report/sample.h"
#include "report/text_report.h"
#include "scenario/catalogue.h"

namespace finack {
namespace {

Summary summary_of(const Sample& sample) {
  Summary summary;
  ++summary.counts[static_cast<std::size_t>(sample.event.verdict)];
  summary.total = 1;
  summary.duration = 1500ms;
  return summary;
}

std::string text_of(const Sample& sample) {
  std::string out;
  const EventSink report = text_report([&](std::string_view text) { out += text; });
  report(RunStarted{environment(), 1});
  report(sample.event);
  report(RunFinished{summary_of(sample)});
  return out;
}

TEST(TextReport, TellsWhatWasLeftOutBecauseItIsSlow) {
  std::string out;
  Environment where = environment();
  where.left_out = 7;
  text_report([&](std::string_view text) { out += text; })(RunStarted{where, 1});
  EXPECT_EQ(out, "1 instance on Linux 6.1.0 x86_64, profile linux, seed 42; 7 slow left out (--slow)\n");
}

TEST(TextReport, ExplainsAFailure) {
  EXPECT_EQ(text_of(Sample{}), R"(1 instance on Linux 6.1.0 x86_64, profile linux, seed 42
fail         close/sample/ipv4                            1.234 s
  suites/close/sample.yaml:6:5: step 2 of 2, expect: FIN+ACK
    wanted  FIN+ACK seq=1 ack=1
    got     nothing within 1 s
    hint    the target is in FIN-WAIT-1

     0.000100  SYN seq=0 win=65535 <mss 1460> ------------>
     0.000117  <------------------------------------------- SYN+ACK seq=0 ack=1 win=64240
     0.000200                                               [close]
     0.000260                                               [close: done]
     0.000300                                               [state FIN-WAIT-1, timer retransmit 200 ms]
     0.000400  <------------------------------------------- not a TCP segment: IP protocol 1, not TCP


1 fail in 1.5 s
)");
}

TEST(TextReport, KeepsAPassToOneLine) {
  Sample sample;
  sample.event.verdict = Verdict::pass;
  sample.event.finding.reset();
  sample.event.reason.clear();
  EXPECT_NE(text_of(sample).find(
                "\npass         close/sample/ipv4                            1.234 s\n\n1 pass in 1.5 s\n"),
            std::string::npos)
      << text_of(sample);
}

std::string text_with(const std::vector<Event>& events, const TextSettings& settings) {
  std::string out;
  const EventSink report = text_report([&](std::string_view text) { out += text; }, settings);
  for (const Event& event : events) report(event);
  return out;
}

Sample passed() {
  Sample sample;
  sample.event.verdict = Verdict::pass;
  sample.event.finding.reset();
  sample.event.reason.clear();
  return sample;
}

TEST(TextReport, IsQuietAboutWhatPassed) {
  const Sample good = passed(), bad;
  const TextSettings quiet{.detail = Detail::quiet};
  EXPECT_EQ(text_with({RunStarted{environment(), 1}, good.event, RunFinished{summary_of(good)}}, quiet),
            "\n1 pass in 1.5 s\n");
  EXPECT_TRUE(text_with({bad.event}, quiet).starts_with("fail         close/sample/ipv4"));
}

TEST(TextReport, IsVerboseAboutWhatPassed) {
  const std::string text = text_with({passed().event}, {.detail = Detail::verbose});
  EXPECT_NE(text.find("1.234 s\n\n     0.000100  SYN seq=0"), std::string::npos) << text;
}

TEST(TextReport, ColoursVerdicts) {
  const Sample bad;
  const TextSettings colour{.colour = true};
  EXPECT_TRUE(text_with({bad.event}, colour).starts_with("\x1b[1;31mfail        \x1b[0m close/sample/ipv4 "));
  EXPECT_EQ(text_with({RunFinished{summary_of(bad)}}, colour), "\n\x1b[1;31m1 fail\x1b[0m in 1.5 s\n");
  EXPECT_EQ(text_with({bad.event}, {}).find('\x1b'), std::string::npos);
}

TEST(TextReport, CountsRounds) {
  Sample sample = passed();
  sample.event.round = 2;
  EXPECT_EQ(text_with({sample.event}, {.rounds = 10}),
            "pass         close/sample/ipv4 (2 of 10)                  1.234 s\n");
  EXPECT_EQ(text_with({sample.event}, {.rounds = 0}),
            "pass         close/sample/ipv4 (2)                        1.234 s\n");
  EXPECT_EQ(text_with({RunStarted{environment(), 20}}, {.rounds = 10}),
            "20 instances in 10 rounds on Linux 6.1.0 x86_64, profile linux, seed 42\n");
}

TEST(TextReport, SaysThatWarningsCount) {
  RunFinished end;
  ++end.summary.counts[static_cast<std::size_t>(Verdict::warn)];
  end.summary.total = 2;
  end.summary.out_of_time = true;
  EXPECT_EQ(text_with({end}, {.strict = true}),
            "\n1 warn; --strict: warn counts as fail; out of time, 1 of 2 not finished in 0 s\n");
}

TEST(TextReport, TellsWhatIsKnownOnceForEachReasonWhenQuiet) {
  Sample sample;
  std::string out;
  const EventSink report =
      text_report([&](std::string_view text) { out += text; }, {.detail = Detail::quiet});
  for (const auto& [scenario, verdict, reason] : {std::tuple{"close/b/ipv4", Verdict::known, "a reset"},
                                                  {"close/c/ipv4", Verdict::skipped, "no option"},
                                                  {"close/a/ipv4", Verdict::known, "a reset"},
                                                  {"close/d/ipv4", Verdict::known, "silence"},
                                                  {"close/e/ipv4", Verdict::known, "a reset"}}) {
    sample.program.id = scenario;
    sample.event.verdict = verdict;
    sample.event.reason = reason;
    report(sample.event);
  }
  EXPECT_EQ(out, "") << "it is not known yet how many more there are";
  report(RunFinished{});
  EXPECT_TRUE(
      out.starts_with("known        a reset\n             in 3 instances, as close/a/ipv4\n"
                      "known        silence\n             in close/d/ipv4\n"
                      "skipped      no option\n             in close/c/ipv4\n\n"))
      << out;
}

// Whoever looks at the last line for the counts must find them there.
TEST(TextReport, TellsWhatWasPlayedAgainOnTheLineOfTheCounts) {
  RunFinished end;
  end.summary.counts[static_cast<std::size_t>(Verdict::pass)] = end.summary.total = 3;
  end.summary.repeated = 2;
  EXPECT_EQ(text_with({end}, {}), "\n3 pass; 2 inconclusive among others, and played again alone in 0 s\n");
}

TEST(TextReport, LetsNothingFromOutsideSteerTheTerminal) {
  Sample sample;
  sample.event.finding->got = "\x1b[2Jgone";
  EXPECT_EQ(text_with({sample.event}, {}).find('\x1b'), std::string::npos);
}

TEST(TextReport, NamesTheDifferences) {
  Sample sample;
  sample.event.finding->got = "RST seq=1 win=0";
  sample.event.finding->differences = {"flags: wanted FIN+ACK, got RST"};
  EXPECT_NE(text_of(sample).find("    got     RST seq=1 win=0\n            flags: wanted FIN+ACK, got RST\n"),
            std::string::npos);
}

TEST(TextReport, NamesTheInvariantThatIsBroken) {
  Sample sample;
  sample.event.finding->rule = "INV-FIN";
  EXPECT_NE(text_of(sample).find("    got     nothing within 1 s\n    rule    INV-FIN, a MUST of RFC 9293 "
                                 "3.10.8\n    hint    the target"),
            std::string::npos);
}

TEST(TextReport, CountsAStepOfThePreambleAsOne) {
  Sample sample;
  sample.event.finding->step = 2;
  EXPECT_NE(text_of(sample).find(": on the way to `given`, expect: FIN+ACK\n"), std::string::npos);
  sample.event.finding->step = sample.program.steps.size();
  EXPECT_NE(text_of(sample).find(": after step 2, the last\n"), std::string::npos);
}

TEST(TextReport, SaysWhatAnInterruptionCost) {
  std::string out;
  Summary summary;
  summary.total = 5;
  summary.counts[0] = 2;
  summary.interrupted = true;
  text_report([&](std::string_view text) { out += text; })(RunFinished{summary});
  EXPECT_EQ(out, "\n2 pass; interrupted, 3 of 5 not finished in 0 s\n");
}

TEST(Ladder, FoldsReadingsOfOneState) {
  Sample sample;
  for (int i = 0; i < 50; ++i)
    sample.event.trace.push_back({Time(5s + 1ms * (i + 1)), Reading{TcpState::fin_wait_1}});
  const std::string text = ladder(sample.event);
  EXPECT_NE(text.find("[state FIN-WAIT-1] (50 times)\n"), std::string::npos) << text;
}

TEST(Ladder, LeavesTheMakingOfAListenerOut) {
  Sample sample;
  sample.event.trace.insert(sample.event.trace.begin(), {{Time(5s), Called{0}}, {Time(5s), Returned{0}}});
  EXPECT_EQ(ladder(sample.event).find("[socket"), std::string::npos);
  std::get<Returned>(sample.event.trace[1].what).kind = Returned::Kind::error;
  EXPECT_NE(ladder(sample.event).find("[socket: "), std::string::npos) << "unless it goes wrong";
}

TEST(Ladder, KeepsToTheEndOfALongExchange) {
  Sample sample;
  const std::string text = ladder(sample.event, 2);
  EXPECT_EQ(text.substr(0, text.find('\n')), "     ... 4 earlier");
}

TEST(Ladder, LeavesOutTheMiddleOfALongStream) {
  Sample sample;
  Segment octets;
  octets.flags = flag::ack;
  octets.payload.resize(1000);
  for (std::uint32_t i = 0; i < 12'000; ++i) {
    octets.seq = Seq{2001 + 1000 * i};
    sample.event.trace.push_back({Time(6s), Arrived{octets}});
  }
  const std::string text = ladder(sample.event);
  EXPECT_NE(text.find("SYN seq=0"), std::string::npos) << "what came before it";
  EXPECT_NE(text.find("seq=7001 "), std::string::npos);
  EXPECT_EQ(text.find("seq=8001 "), std::string::npos);
  EXPECT_NE(text.find("  ... 11,984 segments more\n"), std::string::npos) << text;
  EXPECT_NE(text.find("seq=11992001 "), std::string::npos);
  EXPECT_EQ(std::ranges::count(text, '\n'), 6 + 17);
}

TEST(JsonReport, HoldsEnvironmentSummaryAndScenarios) {
  const Sample sample;
  std::string text;
  const EventSink report = json_report([&](const std::string& written) { text += written; });
  report(RunStarted{environment(), 1});
  report(sample.event);
  EXPECT_EQ(text, "") << "nothing is written before the end";
  report(RunFinished{summary_of(sample)});
  const auto json = nlohmann::json::parse(text);
  EXPECT_EQ(json["version"], json_report_version);
  EXPECT_EQ(json["environment"]["kernel"], "Linux 6.1.0 x86_64");
  EXPECT_EQ(json["environment"]["sysctls"]["net.ipv4.tcp_sack"], "1");
  EXPECT_EQ(json["environment"]["seed"], 42);
  EXPECT_EQ(json["environment"]["profile"], "linux");
  EXPECT_EQ(json["environment"]["versions"]["finack"], "0.1.0");
  EXPECT_EQ(json["summary"]["fail"], 1);
  EXPECT_EQ(json["summary"]["pass"], 0);
  EXPECT_EQ(json["summary"]["total"], 1);
  EXPECT_EQ(json["summary"]["strict"], false);
  EXPECT_EQ(json["summary"]["out_of_time"], false);
  const auto& scenario = json["scenarios"][0];
  EXPECT_EQ(scenario["id"], "close/sample/ipv4");
  EXPECT_EQ(scenario["verdict"], "fail");
  EXPECT_EQ(scenario["covers"][0], "CR-001");
  EXPECT_DOUBLE_EQ(scenario["duration"], 1.234);
  EXPECT_EQ(scenario["failed_step"]["line"], 6);
  EXPECT_EQ(scenario["failed_step"]["got"], "nothing within 1 s");
  EXPECT_FALSE(scenario["failed_step"].contains("rule"));
}

TEST(JsonReport, HoldsTheTimingBesideAWholeSummary) {
  std::string text;
  const EventSink report = json_report([&](const std::string& written) { text += written; }, false, true);
  report(RunStarted{environment(), 1});
  RunFinished end;
  end.summary.timing.lateness.add(2ms);
  end.summary.duration = 3s;
  report(end);
  const auto json = nlohmann::json::parse(text);
  EXPECT_EQ(json["timing"]["lateness"]["count"], 1);
  EXPECT_EQ(json["timing"]["reaction"]["count"], 0);
  EXPECT_EQ(json["summary"]["duration"], 3.0);
  EXPECT_EQ(json["summary"]["untracked"], 0);
}

Resources kept_socket() {
  const Account account{"a target", {{"sockets", 7}}, {{"sockets", 8}}};
  return {{account}, 3, {*leak_in(account, 5s)}};
}

TEST(JsonReport, HoldsWhatTheTargetHeld) {
  std::string text;
  const EventSink report = json_report([&](const std::string& written) { text += written; });
  report(RunStarted{environment(), 1});
  RunFinished end;
  end.summary.resources = kept_socket();
  report(end);
  const auto json = nlohmann::json::parse(text)["resources"];
  EXPECT_EQ(json["before"]["sockets"], 7);
  EXPECT_EQ(json["after"]["sockets"], 8);
  EXPECT_EQ(json["taken_away"], 3);
  EXPECT_EQ(json["leaks"][0]["got"], "sockets 8, 5 s after the last");
  EXPECT_FALSE(json.contains("unjudged"));
}

TEST(TextReport, TellsWhatTheTargetKept) {
  std::string text;
  TextSettings settings{Detail::quiet};
  settings.resources = true;
  const EventSink report = text_report([&](std::string_view line) { text += line; }, settings);
  RunFinished end;
  end.summary.resources = kept_socket();
  report(end);
  EXPECT_EQ(text,
            "fail         what the target holds\n"
            "  a target, when all instances were over\n"
            "    wanted  sockets 7, as before the first instance\n"
            "    got     sockets 8, 5 s after the last\n"
            "    hint    no table of TCP has them: sockets that are over were never freed\n"
            "\nnothing ran; the target holds more than before in 0 s\n"
            "held by the target           before     after\n"
            "sockets                           7         8\n"
            "taken away at an end                        3\n");
}

TEST(Reports, TellWhenWhatTheTargetHeldWasNotCompared) {
  RunFinished end;
  end.summary.resources = kept_socket();
  end.summary.resources.leaks.clear();
  end.summary.resources.unjudged = "why not";
  std::string text, json;
  TextSettings settings{Detail::quiet};
  settings.resources = true;
  text_report([&](std::string_view line) { text += line; }, settings)(end);
  EXPECT_EQ(text,
            "\nnothing ran; what the target holds was not compared in 0 s\n"
            "held by the target           before     after\n"
            "sockets                           7         8\n"
            "taken away at an end                        3\n"
            "not compared: why not\n");
  const EventSink report = json_report([&](const std::string& written) { json += written; });
  report(RunStarted{environment(), 1});
  report(end);
  EXPECT_EQ(nlohmann::json::parse(json)["resources"]["unjudged"], "why not");
}

TEST(JsonReport, HoldsClaimsAndWhatShowsThem) {
  Sample sample;
  sample.event.verdict = Verdict::pass;
  sample.event.edges = {0};
  sample.event.claims = {{"CR-001", {TcpState::established}}, {"CR-060", {}, "none of its edges"}};
  std::string text;
  const EventSink report = json_report([&](const std::string& written) { text += written; });
  report(sample.event);
  report(RunFinished{});
  const auto scenario = nlohmann::json::parse(text)["scenarios"][0];
  EXPECT_EQ(scenario["edges"][0], catalogue_edges()[0].id);
  EXPECT_EQ(scenario["states"].dump(), R"(["ESTABLISHED"])") << "of the way to `given`";
  EXPECT_EQ(scenario["claims"].dump(), R"([{"rule":"CR-001","shown_in":["ESTABLISHED"]},)"
                                       R"({"missing":"none of its edges","rule":"CR-060","shown_in":[]}])");
}

TEST(TextReport, TellsAClaimThatNoExchangeShowed) {
  Sample sample;
  sample.event.verdict = Verdict::pass;
  sample.event.claims = {{"CR-001", {TcpState::established}}, {"CR-014", {}, "none of its edges"}};
  const auto told = [&](const std::vector<InstanceFinished>& events) {
    std::string text;
    const EventSink report = text_report([&](std::string_view written) { text += written; });
    for (const InstanceFinished& event : events) report(event);
    report(RunFinished{});
    return text;
  };
  EXPECT_THAT(told({sample.event}),
              testing::HasSubstr("\nclaimed, and shown by no exchange\n  " + sample.event.program->place.file +
                        ": CR-014 in FIN-WAIT-1, CLOSING, LAST-ACK: none of its edges\n             as " +
                        sample.event.program->id + "\n"));
  InstanceFinished another = sample.event;
  another.claims[1] = {"CR-014", {TcpState::closing}};
  EXPECT_THAT(told({sample.event, another}), testing::Not(testing::HasSubstr("claimed"))) << "one of its table shows it";
  sample.event.verdict = Verdict::fail;
  EXPECT_THAT(told({sample.event}), testing::Not(testing::HasSubstr("claimed")));
}

TEST(JsonReport, NamesTheInvariantThatIsBroken) {
  Sample sample;
  sample.event.finding->rule = "INV-FIN";
  std::string text;
  const EventSink report = json_report([&](const std::string& written) { text += written; });
  report(sample.event);
  report(RunFinished{});
  EXPECT_EQ(nlohmann::json::parse(text)["scenarios"][0]["failed_step"]["rule"], "INV-FIN");
}

TEST(JsonReport, SurvivesOctetsThatAreNoText) {
  Sample sample;
  sample.event.reason = "\xff\xfe";
  std::string text;
  const EventSink report = json_report([&](const std::string& written) { text += written; });
  report(sample.event);
  report(RunFinished{});
  EXPECT_FALSE(nlohmann::json::parse(text)["scenarios"].empty());
}

TEST(CaptureReport, WritesAFileForEachInstance) {
  std::map<std::string, Bytes> files;
  const EventSink report =
      capture_report([&](const std::string& name, const Bytes& bytes) { files[name] = bytes; });
  const Sample sample;
  report(sample.event);
  ASSERT_TRUE(files.contains("close/sample/ipv4.pcapng"));
  const Bytes& bytes = files["close/sample/ipv4.pcapng"];
  const std::string text(bytes.begin(), bytes.end());
  EXPECT_NE(text.find("close/sample/ipv4: Active close, fail"), std::string::npos);
  EXPECT_NE(text.find("target: close; close: done; state FIN-WAIT-1; IP protocol 1, not TCP"),
            std::string::npos)
      << "calls and states are told with the frame that follows them";
}

}  // namespace
}  // namespace finack
