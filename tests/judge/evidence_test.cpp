// SPDX-License-Identifier: Apache-2.0
// Each rule that owns no edge: an exchange that shows it, and one that nearly does.
#include "judge/evidence.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tale.h"

namespace finack {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using enum TcpState;
using Kind = Returned::Kind;

constexpr Flags syn = flag::syn, ack = flag::ack, fin = flag::fin + flag::ack, rst = flag::rst,
                push = flag::psh + flag::ack;

const std::vector<Option> stamped = {timestamps_option(7, 9)};

// The target has closed, and its FIN has come.
Tale closed_first(std::vector<Option> options = {}) {
  Tale out(std::move(options));
  out.call("close").theirs(fin, 1, 1).in(fin_wait_1);
  return out;
}
// Our FIN came first.
Tale closed_second() {
  Tale out;
  out.ours(fin, 1, 1).theirs(ack, 1, 2).in(close_wait);
  return out;
}
Tale waits() {
  Tale out = closed_first();
  out.ours(fin, 1, 2).theirs(ack, 2, 2).in(time_wait);
  return out;
}

TEST(Evidence, EveryRuleWithoutEdgesHasSome) {
  for (const CatalogueRule& rule : catalogue_rules()) {
    const auto at = std::ranges::find(rule_evidence(), rule.id, &RuleEvidence::rule);
    EXPECT_TRUE(at != rule_evidence().end() || !rule.edges.empty()) << rule.id;
  }
}

TEST(Evidence, SaysWhatIsMissing) {
  EXPECT_EQ(Tale().missing("CR-003"), "there was not: a close while octets that came are not acknowledged");
  EXPECT_EQ(
      Tale().theirs(ack, 1, 1, 10).call("close").missing("CR-003"),
      "after a close while octets that came are not acknowledged there was not: the target's FIN before we "
      "acknowledged them");
  EXPECT_THAT(closed_first().ours(fin, 1, 1).theirs(ack, 2, 2).in(fin_wait_1).missing("CR-027"),
              HasSubstr("there was not in such a state"));
}

TEST(Evidence, FinWithoutWaitingForAcknowledgments) {
  EXPECT_THAT(Tale().theirs(ack, 1, 1, 10).call("close").theirs(fin, 11, 1).shown("CR-003"),
              ElementsAre(established));
  EXPECT_THAT(Tale().theirs(ack, 1, 1, 10).call("close").ours(ack, 1, 11).theirs(fin, 11, 1).shown("CR-003"),
              IsEmpty());
  EXPECT_THAT(Tale().theirs(ack, 1, 1, 10).ours(ack, 1, 11).call("close").theirs(fin, 11, 1).shown("CR-003"),
              IsEmpty());
}

TEST(Evidence, PushAtTheEnd) {
  const auto told = [](std::size_t before, Flags last) {
    Tale out;
    out.call("send", 20).theirs(ack, 1, 1, before).call("close");
    if (before < 20) out.theirs(last, 1 + static_cast<std::uint32_t>(before), 1, 20 - before);
    return out.theirs(fin, 21, 1).shown("CR-004");
  };
  EXPECT_THAT(told(10, push), ElementsAre(established));
  EXPECT_THAT(told(10, ack), IsEmpty());
  EXPECT_THAT(told(20, push), IsEmpty()) << "nothing was queued";
}

TEST(Evidence, NoTimeWaitOnThePassiveSide) {
  const auto told = [](Duration later, std::uint32_t answered) {
    Tale out = closed_second();
    out.call("close").theirs(fin, 1, 2).in(last_ack).ours(ack, 2, 2).in(closed).after(later);
    return out.ours(syn, 5000, 0).theirs(syn + ack, 9000, answered).shown("CR-020");
  };
  EXPECT_THAT(told(1s, 5001), ElementsAre(last_ack));
  EXPECT_THAT(told(60s, 5001), IsEmpty());
  EXPECT_THAT(told(1s, 5002), IsEmpty()) << "the answer to something else";
}

TEST(Evidence, AckOfACrossingFin) {
  EXPECT_THAT(closed_first().ours(fin, 1, 1).theirs(ack, 2, 2).in(closing).shown("CR-027"),
              ElementsAre(closing));
  EXPECT_THAT(closed_first().ours(fin, 1, 1).theirs(fin, 1, 2).in(closing).shown("CR-027"), IsEmpty());
}

TEST(Evidence, FinAcknowledgedSoon) {
  EXPECT_THAT(Tale().ours(fin, 1, 1).after(490ms).theirs(ack, 1, 2).shown("CR-030"),
              ElementsAre(established));
  EXPECT_THAT(Tale().ours(fin, 1, 1).after(510ms).theirs(ack, 1, 2).shown("CR-030"), IsEmpty());
  EXPECT_THAT(Tale().ours(fin, 1, 1).theirs(ack, 1, 1).shown("CR-030"), IsEmpty());
}

TEST(Evidence, OctetsBeforeTheEnd) {
  const auto told = [](std::size_t length, std::uint64_t octets, Kind kind) {
    return Tale()
        .ours(fin, 1, 1, length)
        .theirs(ack, 1, 2 + static_cast<std::uint32_t>(length))
        .call("receive", 50)
        .returns(kind, octets)
        .shown("CR-032");
  };
  EXPECT_THAT(told(10, 10, Kind::end), ElementsAre(established));
  EXPECT_THAT(told(10, 9, Kind::end), IsEmpty());
  EXPECT_THAT(told(10, 10, Kind::done), IsEmpty());
  EXPECT_THAT(told(0, 0, Kind::end), IsEmpty()) << "a FIN alone";
}

TEST(Evidence, FinPushes) {
  const auto told = [](Flags flags, Duration later) {
    return Tale()
        .call("receive", 10)
        .ours(flags, 1, 1, 10)
        .ours(fin, 11, 1)
        .after(later)
        .returns(Kind::done, 10)
        .shown("CR-033");
  };
  EXPECT_THAT(told(ack, 0s), ElementsAre(established));
  EXPECT_THAT(told(push, 0s), IsEmpty());
  EXPECT_THAT(told(ack, 1100ms), IsEmpty());
}

TEST(Evidence, HoleBeforeAFin) {
  EXPECT_THAT(
      Tale().ours(fin, 11, 1, 10).theirs(ack, 1, 1).ours(ack, 1, 1, 10).theirs(ack, 1, 22).shown("CR-035"),
      ElementsAre(established));
  EXPECT_THAT(
      Tale().ours(fin, 11, 1, 10).ours(ack, 1, 1, 10).theirs(ack, 1, 11).theirs(ack, 1, 22).shown("CR-035"),
      IsEmpty());
  EXPECT_THAT(Tale().ours(fin, 11, 1, 10).ours(ack, 1, 1, 9).theirs(ack, 1, 10).shown("CR-035"), IsEmpty());
}

TEST(Evidence, FinBeyondTheWindow) {
  const auto told = [](std::uint16_t window, std::uint32_t answer) {
    return Tale()
        .their_window(window)
        .theirs(ack, 1, 1)
        .ours(fin, 1, 1, 20)
        .theirs(ack, 1, answer)
        .shown("CR-036");
  };
  EXPECT_THAT(told(10, 11), ElementsAre(established));
  EXPECT_THAT(told(20, 21), ElementsAre(established)) << "the octets fit, the FIN does not";
  EXPECT_THAT(told(21, 21), IsEmpty()) << "the FIN fits";
  EXPECT_THAT(told(10, 1), IsEmpty()) << "what fits was not taken";
  EXPECT_THAT(told(10, 22), IsEmpty());
}

TEST(Evidence, FinAtAWindowOfZero) {
  const auto told = [](std::uint32_t answer) {
    return Tale().their_window(0).theirs(ack, 1, 1).ours(fin, 1, 1).theirs(ack, 1, answer).shown("CR-036");
  };
  EXPECT_THAT(told(1), ElementsAre(established));
  EXPECT_THAT(told(2), IsEmpty()) << "the FIN was taken";
}

TEST(Evidence, SilenceInCloseWait) {
  EXPECT_THAT(closed_second().after(60s).read().shown("CR-051"), ElementsAre(close_wait));
  EXPECT_THAT(closed_second().after(59s).read().shown("CR-051"), IsEmpty());
  EXPECT_THAT(closed_second().after(30s).ours(ack, 2, 1).after(30s).read().shown("CR-051"), IsEmpty());
  EXPECT_THAT(Tale().after(60s).read().shown("CR-051"), IsEmpty());
}

TEST(Evidence, PureAckInTimeWait) {
  EXPECT_THAT(waits().ours(ack, 2, 2).after(60ms).read().shown("CR-059"), ElementsAre(time_wait));
  EXPECT_THAT(waits().ours(ack, 2, 2).theirs(ack, 2, 2).after(60ms).read().shown("CR-059"),
              ElementsAre(time_wait));
  EXPECT_THAT(waits().ours(ack, 2, 2).theirs(ack, 2, 2).theirs(ack, 2, 2).after(60ms).read().shown("CR-059"),
              IsEmpty());
  EXPECT_THAT(waits().ours(ack, 2, 2).read().shown("CR-059"), IsEmpty())
      << "it may not have been looked at yet";
  EXPECT_THAT(waits().ours(ack, 2, 3).after(60ms).read().shown("CR-059"), IsEmpty());
  EXPECT_THAT(waits().ours(ack, 2, 2).after(60ms).in(closed).read().shown("CR-059"), IsEmpty());
}

TEST(Evidence, SynAtTheNumberOfTheFin) {
  EXPECT_THAT(waits().ours(syn, 1, 0).after(60ms).read().shown("CR-074"), ElementsAre(time_wait));
  EXPECT_THAT(waits().ours(syn, 2, 0).after(60ms).read().shown("CR-074"), IsEmpty());
  EXPECT_THAT(waits().ours(syn, 1, 0).theirs(syn + ack, 9000, 2).after(60ms).read().shown("CR-074"),
              IsEmpty());
}

TEST(Evidence, ThrottledChallenges) {
  const auto told = [](int times, int answers, Duration between) {
    Tale out;
    for (int i = 0; i < times; ++i) {
      out.ours(rst, 5, 0);
      if (i < answers) out.theirs(ack, 1, 1);
      out.after(between);
    }
    return out.after(60ms).read().shown("CR-083");
  };
  EXPECT_THAT(told(11, 10, 100ms), ElementsAre(established));
  EXPECT_THAT(told(11, 11, 100ms), IsEmpty());
  EXPECT_THAT(told(10, 1, 100ms), IsEmpty());
  EXPECT_THAT(told(11, 1, 600ms), IsEmpty());
}

TEST(Evidence, TimestampsLeftOut) {
  EXPECT_THAT(closed_first(stamped).ours(ack, 1, 1).after(60ms).read().shown("CR-094"),
              ElementsAre(fin_wait_1));
  EXPECT_THAT(closed_first(stamped).ours(ack, 1, 1, 0, stamped).after(60ms).read().shown("CR-094"),
              IsEmpty());
  EXPECT_THAT(closed_first().ours(ack, 1, 1).after(60ms).read().shown("CR-094"), IsEmpty());
  EXPECT_THAT(closed_first(stamped).ours(ack, 1, 1).theirs(rst, 2, 0).shown("CR-094"), IsEmpty());
}

TEST(Evidence, TimestampsOnTheFin) {
  const auto told = [](const std::vector<Option>& first, const std::vector<Option>& second) {
    Tale out(stamped);
    out.ours(ack, 1, 1, 10, stamped).theirs(ack, 1, 11, 0, first).call("close").theirs(fin, 1, 11, 0, second);
    return out.in(fin_wait_1).shown("CR-095");
  };
  EXPECT_THAT(told(stamped, stamped), ElementsAre(fin_wait_1));
  EXPECT_THAT(told(stamped, {}), IsEmpty());
  EXPECT_THAT(told({}, stamped), IsEmpty());
  EXPECT_THAT(closed_first().shown("CR-095"), IsEmpty());
}

}  // namespace
}  // namespace finack
