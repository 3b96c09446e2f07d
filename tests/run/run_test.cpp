// SPDX-License-Identifier: Apache-2.0
#include "run/run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "run/scripted_world.h"
#include "scenario/catalogue.h"
#include "scenario/load.h"

namespace finack {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

Segment reply(const Segment& to, Flags flags, Seq seq, Seq ack) {
  Segment out;
  out.source = to.destination;
  out.destination = to.source;
  out.flags = flags;
  out.seq = seq;
  out.ack = ack;
  return out;
}

// Answers a handshake as a listener does.
void listener(ScriptedWorld& world, const Segment& segment) {
  if (segment.flags == flag::syn) world.answer(reply(segment, flag::syn + flag::ack, Seq{50}, segment.end()));
}

struct Outcome {
  std::string id;
  Verdict verdict;
  std::string reason;
  std::size_t observations;
  std::optional<Deviation> deviation = {};
  std::vector<std::string> readings = {};
  Trace trace = {};
  bool again = false;
};

class Run : public testing::Test {
 protected:
  void add(const std::string& name, const std::string& steps, const std::string& given = "ESTABLISHED") {
    const auto scenarios =
        load_scenario("scenario: t\ngiven: " + given + "\nsteps:\n" + steps, name + ".yaml", profile_);
    ASSERT_TRUE(scenarios) << to_string(scenarios.error());
    for (Program& program : compile(scenarios->front())) programs_.push_back(std::move(program));
  }
  Summary play() {
    const EventSink sink = [&](const Event& event) {
      if (const auto* start = std::get_if<RunStarted>(&event)) environment_ = start->environment;
      if (const auto* one = std::get_if<InstanceFinished>(&event)) {
        outcomes_.push_back({id_of(*one), one->verdict, one->reason, one->trace.size(), one->deviation,
                             one->readings, one->trace, one->again});
      }
      finished_ += std::holds_alternative<RunFinished>(event);
    };
    const auto summary = run(programs_, profile_, world_, settings_, {}, sink);
    EXPECT_TRUE(summary) << to_string(summary.error());
    EXPECT_EQ(finished_, 1);
    return summary.value_or(Summary{});
  }

  Profile profile_ = *parse_profile(*builtin_profile("linux"), "linux.yaml");
  ScriptedWorld world_;
  RunSettings settings_{.seed = 7};
  std::vector<Program> programs_;
  std::vector<Outcome> outcomes_;
  Environment environment_;
  int finished_ = 0;
};

TEST_F(Run, PlaysEveryFamilyToItsVerdict) {
  world_.on_segment = listener;
  add("one", "- quiet: 10ms\n");
  const Summary summary = play();
  EXPECT_EQ(summary.count(Verdict::pass), 2u);
  EXPECT_EQ(summary.total, 2u);
  EXPECT_EQ(world_.seats_left, 2u);
  EXPECT_EQ(environment_.seed, 7u);
  EXPECT_EQ(environment_.world, "scripted");
  EXPECT_THAT(world_.calls, Contains("drop")) << "an instance takes its sockets away";
  EXPECT_GT(outcomes_.at(0).observations, 10u);
}

TEST_F(Run, PlaysManyAtOnce) {
  world_.on_segment = listener;
  for (int i = 0; i < 200; ++i) add("n" + std::to_string(i), "- wait: 5s\n");
  const Summary summary = play();
  EXPECT_EQ(summary.count(Verdict::pass), 400u);
  EXPECT_LT(summary.duration, 20s) << "400 times 5 s one after the other would be 2000 s";
}

TEST_F(Run, PlaysRoundsBesideEachOther) {
  world_.on_segment = listener;
  add("n", "- wait: 5s\n");
  settings_.rounds = 3;
  settings_.first_round = 2;
  const Summary summary = play();
  EXPECT_EQ(summary.total, 6u);
  EXPECT_EQ(summary.count(Verdict::pass), 6u);
  EXPECT_LT(summary.duration, 10s);
  std::vector<std::string> ids;
  for (const Outcome& outcome : outcomes_) ids.push_back(outcome.id);
  EXPECT_THAT(ids, testing::IsSupersetOf({"n/ipv4#2", "n/ipv6#2", "n/ipv4#4", "n/ipv6#4"}));
}

TEST_F(Run, FailsATargetThatKeepsSilent) {
  add("one", "- quiet: 10ms\n");
  world_.state = std::nullopt;
  EXPECT_EQ(play().count(Verdict::fail), 2u);
  EXPECT_THAT(outcomes_.at(0).reason,
              HasSubstr("expect: SYN+ACK: wanted SYN+ACK ack=1, got nothing within 1 s"));
}

// What an application that gets no processor does, and says, comes late as well.
TEST_F(Run, GivesNoVerdictWhereTheAgentAnswersLaterThanAFailureBears) {
  add("one", "- quiet: 10ms\n");
  world_.state = std::nullopt;
  world_.on_call = [&](ScriptedWorld& world, const Line& line) {
    world.report(line.id, "ok", {}, line.word == "version" ? profile_.lateness + 1ms : 5us);
  };
  EXPECT_EQ(play().count(Verdict::inconclusive), 2u);
  EXPECT_THAT(outcomes_.at(0).reason, HasSubstr("the agent took 101 ms to answer"));
}

TEST_F(Run, FailsATargetThatSendsRubbish) {
  world_.on_segment = [](ScriptedWorld& world, const Segment& segment) {
    listener(world, segment);
    if (segment.flags == flag::syn) return;
    Bytes frame = encode_ethernet({2}, {2}, ether_type::ipv4,
                                  *encode_packet(reply(segment, flag::ack, Seq{51}, segment.end())));
    frame.resize(45);
    world.frame(frame);
  };
  add("one", "- quiet: 10ms\n");
  programs_.pop_back();  // IPv4 alone
  EXPECT_EQ(play().count(Verdict::fail), 1u);
  EXPECT_THAT(outcomes_.at(0).reason, HasSubstr("a frame that holds none: the IPv4 lengths do not fit"));
}

TEST_F(Run, SkipsAFamilyThatTheTargetLacks) {
  world_.on_segment = listener;
  world_.ipv6 = false;
  add("one", "- quiet: 10ms\n");
  const Summary summary = play();
  EXPECT_EQ(summary.count(Verdict::pass), 1u);
  EXPECT_EQ(summary.count(Verdict::skipped), 1u);
}

TEST_F(Run, IsInconclusiveAboutWhateverWasOpenWhenFramesWereLost) {
  world_.on_segment = listener;
  world_.lost[0] = "frames were lost: 3";
  add("short", "- quiet: 10ms\n");
  add("long", "- quiet: 5s\n");
  add("longer", "- quiet: 6s\n");
  const Summary summary = play();
  EXPECT_EQ(summary.repeated, 6u);
  EXPECT_EQ(summary.count(Verdict::pass), 6u) << "nothing is lost when they are played again";
  EXPECT_EQ(outcomes_.size(), 6u);
}

TEST_F(Run, IsInconclusiveWhenFramesAreLostAgain) {
  world_.on_segment = [&](ScriptedWorld& world, const Segment& segment) {
    listener(world, segment);
    world.lost[0] = "frames were lost: 3";
  };
  add("one", "- quiet: 10ms\n");
  const Summary summary = play();
  EXPECT_EQ(summary.repeated, 2u);
  EXPECT_EQ(summary.count(Verdict::inconclusive), 2u);
  EXPECT_EQ(outcomes_.at(1).reason, "frames were lost: 3");
}

// Its TCP was told, so what it did then is not what it does. What it does when nobody else is there is.
TEST_F(Run, LooksAgainAtFailuresOfATargetWhoseLinkHadNoRoom) {
  world_.on_segment = [&](ScriptedWorld& world, const Segment& segment) {
    listener(world, segment);
    ++world.frames_refused;
  };
  add("fails", "- expect: FIN+ACK\n");
  add("passes", "- quiet: 10ms\n");
  const Summary summary = play();
  EXPECT_EQ(summary.repeated, 2u) << "those that failed";
  EXPECT_EQ(summary.count(Verdict::fail), 2u);
  EXPECT_EQ(summary.count(Verdict::pass), 2u);
}

TEST_F(Run, ExcusesNoFailureByFramesThatWereRefusedBefore) {
  world_.on_segment = listener;
  world_.frames_refused = 5;
  add("fails", "- expect: FIN+ACK\n");
  const Summary summary = play();
  EXPECT_EQ(summary.repeated, 0u);
  EXPECT_EQ(summary.count(Verdict::fail), 2u);
}

TEST_F(Run, PlaysOneThatMustBeAloneWhenAllOthersHaveFinished) {
  world_.on_segment = listener;
  add("alone", "- quiet: 1s\n");
  add("other", "- quiet: 5s\n");
  programs_[0].alone = programs_[1].alone = "it counts all orphans";
  const Summary summary = play();
  EXPECT_EQ(summary.count(Verdict::pass), 4u);
  ASSERT_EQ(outcomes_.size(), 4u);
  EXPECT_TRUE(outcomes_[0].id.starts_with("other") && outcomes_[1].id.starts_with("other"));
  EXPECT_GT(summary.duration, 7s) << "one after the other";
}

TEST_F(Run, OpensNoMoreAtOnceThanAsked) {
  world_.on_segment = listener;
  settings_.jobs = 2;
  for (int i = 0; i < 4; ++i) add("n" + std::to_string(i), "- wait: 5s\n");
  EXPECT_GT(play().duration, 20s);
  EXPECT_EQ(environment_.at_once, 2u);
}

TEST_F(Run, OpensNoMoreAtOnceThanTheWorldBears) {
  world_.on_segment = listener;
  world_.bears.descriptors = 5;  // two each
  for (int i = 0; i < 4; ++i) add("n" + std::to_string(i), "- wait: 5s\n");
  const Summary summary = play();
  EXPECT_EQ(summary.count(Verdict::pass), 8u);
  EXPECT_GT(summary.duration, 20s);
  EXPECT_EQ(environment_.at_once, 2u);
}

TEST_F(Run, WaitsForRecordsOfTimeWaitThatNobodyDestroys) {
  world_.on_segment = listener;
  world_.bears.time_waits = 1;
  world_.resting = 60s;
  add("one", "- quiet: 10ms\n");
  const Summary summary = play();
  EXPECT_EQ(summary.count(Verdict::pass), 2u);
  EXPECT_GT(summary.duration, 60s);
}

TEST_F(Run, SkipsWhatNeedsACapabilityThatTheTargetLacks) {
  world_.on_segment = listener;
  world_.capabilities = {"state"};
  add("able", "- quiet: 10ms\n");
  add("unable", "- quiet: 10ms\n");
  for (Program& program : programs_) program.needs = {"state"};
  programs_.back().needs = {"state", "destroy", "urgent"};
  EXPECT_EQ(play().count(Verdict::pass), 3u);
  EXPECT_EQ(outcomes_.at(0).verdict, Verdict::skipped);
  EXPECT_EQ(outcomes_.at(0).reason, "needs `destroy`, `urgent`, which this target lacks");
}

TEST_F(Run, PlaysEachProgramInALaneOfItsConfiguration) {
  std::map<std::string, std::size_t> lanes;
  world_.on_segment = [&](ScriptedWorld& world, const Segment& segment) {
    if (segment.flags == flag::syn) lanes[to_string(segment.source.address)] = world.lane_injected_into;
    listener(world, segment);
  };
  for (const char* name : {"a", "b", "c", "d"}) {
    add(name, "- quiet: 10ms\n");
    programs_.pop_back();  // IPv4 alone
  }
  const Configuration one = {{"net.ipv4.tcp_sack", "0"}}, other = {{"net.ipv4.tcp_sack", "1"}};
  programs_[1].sysctls = programs_[3].sysctls = other;
  programs_[2].sysctls = one;
  EXPECT_EQ(play().count(Verdict::pass), 4u);
  EXPECT_THAT(world_.lanes, ElementsAre(Configuration{}, one, other));
  EXPECT_THAT(lanes, ElementsAre(Pair("198.18.0.1", 0), Pair("198.18.0.2", 2), Pair("198.18.0.3", 1),
                                 Pair("198.18.0.4", 2)));
}

TEST_F(Run, SkipsAConfigurationThatTheTargetRefuses) {
  world_.on_segment = listener;
  add("one", "- quiet: 10ms\n");
  programs_[1].sysctls = {{"net.ipv4.tcp_nagle", "off"}};
  world_.refused[programs_[1].sysctls] = "there is no tcp_nagle";
  const Summary summary = play();
  EXPECT_EQ(summary.count(Verdict::pass), 1u);
  EXPECT_EQ(summary.count(Verdict::skipped), 1u);
  EXPECT_EQ(outcomes_.at(0).reason, "there is no tcp_nagle");
  EXPECT_EQ(world_.lanes.size(), 1u);
}

TEST_F(Run, GoesOnWithTheOthersWhenAConfigurationCannotBeSetUp) {
  world_.on_segment = listener;
  world_.most_lanes = 2;
  for (const char* name : {"a", "b", "c"}) {
    add(name, "- quiet: 10ms\n");
    programs_.pop_back();
    programs_.back().sysctls = {{"net.ipv4.tcp_sack", name}};
  }
  const Summary summary = play();
  EXPECT_EQ(summary.count(Verdict::pass), 1u);
  EXPECT_EQ(summary.count(Verdict::error), 2u);
  EXPECT_EQ(outcomes_.at(0).reason, "too many lanes");
}

TEST_F(Run, OpensNoLaneForWhatIsSkippedAnyway) {
  add("one", "- quiet: 10ms\n");
  for (Program& program : programs_) {
    program.sysctls = {{"net.ipv4.tcp_sack", "0"}};
    program.needs = {"destroy"};
  }
  EXPECT_EQ(play().count(Verdict::skipped), 2u);
  EXPECT_EQ(world_.lanes.size(), 1u);
}

TEST_F(Run, TellsOfLossesToTheirLaneOnly) {
  world_.on_segment = listener;
  world_.lost[1] = "frames were lost: 3";
  add("here", "- quiet: 10ms\n");
  add("there", "- quiet: 10ms\n");
  programs_[2].sysctls = programs_[3].sysctls = {{"net.ipv4.tcp_sack", "0"}};
  EXPECT_EQ(play().count(Verdict::pass), 4u);
  for (const Outcome& outcome : outcomes_) {
    EXPECT_EQ(outcome.again, outcome.id.starts_with("there")) << outcome.id;
  }
}

TEST_F(Run, ReportsWhatHasFinishedWhenInterrupted) {
  world_.on_segment = listener;
  world_.interrupt_at = 2s;
  add("short", "- quiet: 10ms\n");
  add("long", "- quiet: 60s\n");
  const Summary summary = play();
  EXPECT_TRUE(summary.interrupted);
  EXPECT_EQ(summary.count(Verdict::pass), 2u);
  EXPECT_EQ(summary.total, 4u);
  EXPECT_EQ(outcomes_.size(), 2u);
}

TEST_F(Run, LeavesOutWhatTheDeadlineDoesNotWaitFor) {
  world_.on_segment = listener;
  settings_.deadline = Time(2s);
  add("short", "- quiet: 10ms\n");
  add("long", "- quiet: 60s\n");
  const Summary summary = play();
  EXPECT_TRUE(summary.out_of_time);
  EXPECT_FALSE(summary.interrupted);
  EXPECT_EQ(summary.count(Verdict::pass), 2u);
  EXPECT_EQ(summary.total, 4u);
  EXPECT_EQ(outcomes_.size(), 2u);
  EXPECT_EQ(world_.now(), Time(2s)) << "nobody waits for the others";
}

TEST_F(Run, IsNotOutOfTimeWhenAllHaveFinished) {
  world_.on_segment = listener;
  settings_.deadline = Time(2s);
  add("short", "- quiet: 10ms\n");
  EXPECT_FALSE(play().out_of_time);
}

// --- Deviations that the profile declares

Deviation silence_of_one() {
  Deviation out;
  out.scenario = "one/*";
  out.signature = "expect: RST: nothing";
  out.why = "it never resets";
  out.since = "6.1";
  return out;
}

TEST_F(Run, KnowsAFailureThatTheProfileDeclares) {
  world_.on_segment = listener;
  world_.release = "6.5.0-test";
  profile_.deviations = {silence_of_one()};
  add("one", "- expect: RST\n");
  add("two", "- expect: RST\n");
  const Summary summary = play();
  EXPECT_EQ(summary.count(Verdict::known), 2u);
  EXPECT_EQ(summary.count(Verdict::fail), 2u) << "another scenario fails as ever";
  for (const Outcome& outcome : outcomes_) {
    const bool known = outcome.id.starts_with("one");
    EXPECT_EQ(outcome.verdict, known ? Verdict::known : Verdict::fail) << outcome.id;
    ASSERT_EQ(outcome.deviation.has_value(), known) << outcome.id;
    EXPECT_EQ(outcome.reason == "it never resets", known) << outcome.reason;
  }
  EXPECT_TRUE(summary.vanished.empty());
}

TEST_F(Run, KnowsADeviationThoughFramesWereLost) {
  world_.on_segment = listener;
  world_.lost[0] = "frames were lost: 3";
  world_.release = "6.5.0-test";
  profile_.deviations = {silence_of_one()};
  add("one", "- expect: RST\n");
  const Summary summary = play();
  EXPECT_EQ(summary.count(Verdict::known), 2u);
  EXPECT_EQ(summary.repeated, 0u);
}

TEST_F(Run, TakesADeviationOfAnotherReleaseForAFailure) {
  world_.on_segment = listener;
  world_.release = "5.19";
  profile_.deviations = {silence_of_one()};
  add("one", "- expect: RST\n");
  EXPECT_EQ(play().count(Verdict::fail), 2u);
}

TEST_F(Run, TellsOfADeviationThatHasVanished) {
  world_.on_segment = listener;
  world_.release = "6.5";
  profile_.deviations = {silence_of_one()};
  add("one", "- quiet: 10ms\n");
  const Summary summary = play();
  EXPECT_EQ(summary.count(Verdict::pass), 2u);
  ASSERT_EQ(summary.vanished.size(), 1u);
  EXPECT_EQ(summary.vanished[0].scenario, "one/*");
}

TEST_F(Run, DoesNotMissADeviationWhoseScenarioDidNotRun) {
  world_.on_segment = listener;
  world_.release = "6.5";
  profile_.deviations = {silence_of_one()};
  add("two", "- quiet: 10ms\n");
  EXPECT_TRUE(play().vanished.empty());
}

TEST_F(Run, HasWhatTheProfileSaysThatItHas) {
  world_.on_segment = listener;
  profile_.capabilities = {"ecn"};
  add("one", "- quiet: 10ms\n");
  for (Program& program : programs_) program.needs = {"ecn", "inet"};
  EXPECT_EQ(play().count(Verdict::pass), 2u);
}

// --- What goes out

TEST_F(Run, PutsEachFragmentOnTheWire) {
  world_.on_segment = listener;
  // Dropped unseen, so that no answer is due.
  settings_.keep_frames = true;
  add("one", "- send: ACK len=64 bad-checksum fragments=3\n- send: ACK len=64 bad-checksum\n");
  EXPECT_EQ(play().count(Verdict::pass), 2u);
  for (const Outcome& outcome : outcomes_) {
    std::vector<std::size_t> frames;
    for (const Observation& observation : outcome.trace) {
      if (const auto* injected = std::get_if<Injected>(&observation.what))
        frames.push_back(injected->frames.size());
    }
    EXPECT_THAT(frames, ElementsAre(1, 1, 3, 1)) << "two of the handshake before them";
  }
}

TEST_F(Run, QuotesWhatCameLastInAnIcmpError) {
  world_.on_segment = listener;
  add("one", "- icmp: port-unreachable\n");
  EXPECT_EQ(play().count(Verdict::pass), 2u);
  for (const Outcome& outcome : outcomes_) {
    const auto sent = std::ranges::find_if(outcome.trace, [](const Observation& observation) {
      return std::holds_alternative<InjectedIcmp>(observation.what);
    });
    ASSERT_NE(sent, outcome.trace.end());
    EXPECT_EQ(std::get<InjectedIcmp>(sent->what).text, "port-unreachable");
  }
}

TEST_F(Run, BlamesAScenarioForAnIcmpErrorAboutNothing) {
  world_.state = std::nullopt;
  add("one", "- icmp: port-unreachable\n", "CLOSED");
  EXPECT_EQ(play().count(Verdict::error), 2u);
  EXPECT_THAT(outcomes_.at(0).reason, HasSubstr("one.yaml:4:3: an ICMP error quotes what the target sent"));
}

TEST_F(Run, TellsWhichReadingTheTargetFollows) {
  world_.on_segment = listener;
  add("one",
      "- one-of:\n    - {reading: it resets, expect: RST}\n    - {reading: it is silent, quiet: 10ms}\n");
  EXPECT_EQ(play().count(Verdict::pass), 2u);
  EXPECT_THAT(outcomes_.at(0).readings, ElementsAre("it is silent"));
}

TEST_F(Run, BlamesTheAgentForAReportThatMakesNoSense) {
  world_.on_call = [](ScriptedWorld& world, const Line& line) { world.report(line.id, "perhaps"); };
  add("one", "- quiet: 10ms\n");
  EXPECT_EQ(play().count(Verdict::error), 2u);
  EXPECT_THAT(outcomes_.at(0).reason, HasSubstr("`perhaps`"));
}

TEST_F(Run, GivesTheSameSeedTheSameNumbers) {
  std::vector<std::uint32_t> isns;
  world_.on_segment = [&](ScriptedWorld& world, const Segment& segment) {
    if (segment.flags == flag::syn) isns.push_back(segment.seq.value);
    listener(world, segment);
  };
  add("one", "- quiet: 10ms\n");
  play();
  ScriptedWorld again;
  again.on_segment = world_.on_segment;
  ASSERT_TRUE(run(programs_, profile_, again, {7}, {}, [](const Event&) {}));
  ASSERT_EQ(isns.size(), 4u);
  EXPECT_EQ(isns[0], isns[2]);
  EXPECT_NE(isns[0], isns[1]) << "two instances have numbers of their own";
}

}  // namespace
}  // namespace finack
