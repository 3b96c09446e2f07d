// SPDX-License-Identifier: Apache-2.0
// The checks of RFC 9293 3.10.7 as facts, and the edges taken by them.
#include "judge/machine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <set>

#include "judge/endpoint.h"

namespace finack {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

// --- facts

TEST(Facts, TellTheFlagsInEveryState) {
  for (std::size_t i = 0; i < tcp_state_names.size(); ++i) {
    const auto state = static_cast<TcpState>(i);
    const Facts syn = facts_in(state, flag::syn), reset = facts_in(state, flag::rst + flag::ack);
    EXPECT_TRUE(syn.includes({Fact::syn, Fact::no_rst, Fact::no_ack})) << to_string(state);
    EXPECT_FALSE(syn.has(Fact::no_syn));
    EXPECT_TRUE(reset.includes({Fact::rst, Fact::ack, Fact::no_syn})) << to_string(state);
    EXPECT_FALSE(reset.has(Fact::no_rst));
  }
}

TEST(Facts, TellTheWindowInEverySynchronizedState) {
  for (const TcpState state : synchronized) {
    const auto in_window = [&](int seq, std::uint32_t text, Flags flags = flag::ack) {
      const Facts facts = facts_in(state, flags, seq, 0, text);
      EXPECT_NE(facts.has(Fact::in_window), facts.has(Fact::outside_window));
      return facts.has(Fact::in_window);
    };
    EXPECT_TRUE(in_window(0, 0)) << to_string(state);
    EXPECT_FALSE(in_window(-1, 0));
    EXPECT_TRUE(in_window(receive_window - 1, 0));
    EXPECT_FALSE(in_window(receive_window, 0));
    EXPECT_TRUE(in_window(-1, 2)) << "its end is inside";
    EXPECT_FALSE(in_window(-1, 1));
    EXPECT_TRUE(in_window(receive_window - 1, 100)) << "its beginning is";
    EXPECT_TRUE(in_window(0, 0, flag::rst));
    EXPECT_FALSE(in_window(-1, 5, flag::rst)) << "of a reset the number alone counts";
  }
}

TEST(Facts, TellAZeroWindow) {
  Hypothesis endpoint = endpoint_in(TcpState::established);
  endpoint.rcv_edge = endpoint.rcv_nxt;
  EXPECT_TRUE(facts_of(endpoint, segment_to(endpoint, flag::ack), true).has(Fact::in_window));
  EXPECT_TRUE(facts_of(endpoint, segment_to(endpoint, flag::ack, 0, 0, 1), true).has(Fact::outside_window));
}

TEST(Facts, TellWhetherAResetIsExact) {
  EXPECT_TRUE(facts_in(TcpState::established, flag::rst).includes({Fact::in_window, Fact::at_next}));
  EXPECT_TRUE(facts_in(TcpState::established, flag::rst, 1).includes({Fact::in_window, Fact::not_at_next}));
  EXPECT_FALSE(facts_in(TcpState::established, flag::rst, -1).has(Fact::not_at_next)) << "it is outside";
}

TEST(Facts, TellTheAcknowledgmentOfTheSyn) {
  EXPECT_TRUE(facts_in(TcpState::syn_sent, flag::syn + flag::ack).has(Fact::ack_of_syn));
  for (const int off : {-1, 1}) {
    const Facts wrong = facts_in(TcpState::syn_sent, flag::syn + flag::ack, 0, off);
    EXPECT_TRUE(wrong.has(Fact::unacceptable_ack)) << off;
    EXPECT_FALSE(wrong.has(Fact::ack_of_syn));
  }
  EXPECT_TRUE(facts_in(TcpState::syn_sent, flag::fin).has(Fact::no_unacceptable_ack));
  EXPECT_TRUE(facts_in(TcpState::syn_received, flag::ack).includes({Fact::ack_of_syn, Fact::accepted}));
  const Facts wrong = facts_in(TcpState::syn_received, flag::ack, 0, 1);
  EXPECT_TRUE(wrong.has(Fact::unacceptable_ack));
  EXPECT_FALSE(wrong.has(Fact::accepted));
}

TEST(Facts, TellAcknowledgmentsThatAreTooNewOrTooOld) {
  for (const TcpState state : synchronized) {
    EXPECT_FALSE(facts_in(state, flag::ack).has(Fact::ack_too_new)) << to_string(state);
    const Facts ahead = facts_in(state, flag::ack, 0, 1);
    EXPECT_TRUE(ahead.has(Fact::ack_too_new)) << to_string(state);
    EXPECT_FALSE(ahead.has(Fact::accepted));
    EXPECT_FALSE(facts_in(state, flag::ack, 0, -1).has(Fact::ack_too_old));
    EXPECT_TRUE(facts_in(state, flag::ack, 0, -60000).has(Fact::ack_too_old)) << "never sent";
    EXPECT_TRUE(facts_in(state, flag::ack, 0, -70000).includes({Fact::ack_too_old, Fact::accepted}));
  }
}

TEST(Facts, TellTheAcknowledgmentOfTheFin) {
  for (const TcpState state : {TcpState::fin_wait_1, TcpState::closing, TcpState::last_ack}) {
    EXPECT_TRUE(facts_in(state, flag::ack).has(Fact::ack_of_fin)) << to_string(state);
    EXPECT_TRUE(facts_in(state, flag::ack, 0, -1).has(Fact::no_ack_of_fin)) << to_string(state);
  }
  const Facts open = facts_in(TcpState::established, flag::ack);
  EXPECT_FALSE(open.has(Fact::ack_of_fin) || open.has(Fact::no_ack_of_fin)) << "it has sent none";
}

TEST(Facts, TellWhatASegmentCarries) {
  const auto in = [](int seq, std::uint32_t text, Flags flags = flag::ack) {
    return facts_in(TcpState::established, flags, seq, 0, text);
  };
  EXPECT_TRUE(in(0, 10).includes({Fact::text_in_order, Fact::new_text, Fact::no_fin_in_order}));
  EXPECT_TRUE(in(-5, 10).includes({Fact::text_in_order, Fact::new_text}));
  EXPECT_TRUE(in(5, 10).includes({Fact::new_text, Fact::beyond_hole}));
  EXPECT_FALSE(in(5, 10).has(Fact::text_in_order));
  EXPECT_TRUE(in(0, 0, fin_ack).has(Fact::fin_in_order));
  EXPECT_TRUE(in(0, 10, fin_ack).includes({Fact::text_in_order, Fact::fin_in_order}));
  EXPECT_TRUE(in(5, 0, fin_ack).includes({Fact::beyond_hole, Fact::no_fin_in_order}));
}

TEST(Facts, TellAProbeOfAClosedWindow) {
  Hypothesis endpoint = endpoint_in(TcpState::fin_wait_1);
  endpoint.rcv_edge = endpoint.rcv_nxt;
  const auto probe = [&](int seq, Flags flags = flag::ack, std::uint32_t text = 1) {
    return facts_of(endpoint, segment_to(endpoint, flags, seq, 0, text), true);
  };
  EXPECT_TRUE(probe(0).includes({Fact::outside_window, Fact::new_text}));
  EXPECT_FALSE(probe(0).has(Fact::accepted));
  EXPECT_FALSE(probe(-1).has(Fact::new_text)) << "it came before";
  EXPECT_FALSE(probe(1).has(Fact::new_text)) << "nobody has announced room for it";
  EXPECT_FALSE(probe(0, {}).has(Fact::new_text));
  EXPECT_FALSE(probe(0, flag::ack, 0).has(Fact::new_text));
}

TEST(Facts, TellWhatComesAfterTheFin) {
  for (const TcpState state :
       {TcpState::close_wait, TcpState::closing, TcpState::last_ack, TcpState::time_wait}) {
    EXPECT_TRUE(facts_in(state, fin_ack, -1).has(Fact::fin_again)) << to_string(state);
    EXPECT_FALSE(facts_in(state, fin_ack, 0).has(Fact::fin_again));
    EXPECT_TRUE(facts_in(state, flag::ack, 0, 0, 5).has(Fact::text_after_fin)) << to_string(state);
    EXPECT_FALSE(facts_in(state, flag::ack, 0, 0, 5).has(Fact::new_text));
  }
}

TEST(Facts, TellWhatFillsAHoleAsItWasKeptOrNot) {
  Hypothesis endpoint = endpoint_in(TcpState::established);
  endpoint.held = {{endpoint.rcv_nxt + 10, endpoint.rcv_nxt + 20}};
  endpoint.held_fins = {endpoint.rcv_nxt + 20};
  const Stimulus filling = segment_to(endpoint, flag::ack, 0, 0, 10);
  EXPECT_TRUE(facts_of(endpoint, filling, true).has(Fact::fin_in_order));
  EXPECT_TRUE(facts_of(endpoint, filling, false).has(Fact::no_fin_in_order));
  EXPECT_EQ(taken_text(endpoint, filling, true).next, endpoint.rcv_nxt + 20);
  EXPECT_EQ(taken_text(endpoint, filling, false).next, endpoint.rcv_nxt + 10);
}

TEST(Facts, TellAFinThatIsHeldBeforeTheEndOfWhatFills) {
  Hypothesis endpoint = endpoint_in(TcpState::established);
  endpoint.held = {{endpoint.rcv_nxt + 10, endpoint.rcv_nxt + 20},
                   {endpoint.rcv_nxt + 30, endpoint.rcv_nxt + 40}};
  const auto taken = [&](Flags flags, std::uint32_t text) {
    const Taken out = taken_text(endpoint, segment_to(endpoint, flags, 0, 0, text), true);
    return std::pair(out.next - endpoint.rcv_nxt, out.fin);
  };
  EXPECT_EQ(taken(flag::ack, 30), std::pair(40, false)) << "both stretches";
  endpoint.held_fins = {endpoint.rcv_nxt + 40};
  EXPECT_EQ(taken(fin_ack, 10), std::pair(10, true)) << "a lower end";
  endpoint.held_fins = {endpoint.rcv_nxt + 40, endpoint.rcv_nxt + 15};
  EXPECT_EQ(taken(flag::ack, 10), std::pair(15, true));
  EXPECT_EQ(taken(flag::ack, 16), std::pair(15, true));
}

TEST(Facts, TellWhatFollowsTheTextOfASyn) {
  Hypothesis endpoint = endpoint_in(TcpState::syn_received);
  endpoint.held = {{endpoint.rcv_nxt, endpoint.rcv_nxt + 10}, {endpoint.rcv_nxt + 15, endpoint.rcv_nxt + 20}};
  const Stimulus next = segment_to(endpoint, flag::ack, 10, 0, 5);
  EXPECT_EQ(taken_text(endpoint, next, true).next, endpoint.rcv_nxt + 20);
  EXPECT_EQ(taken_text(endpoint, next, false).next, endpoint.rcv_nxt);
  EXPECT_TRUE(taken_text(endpoint, segment_to(endpoint, fin_ack, 10), true).fin);
  EXPECT_FALSE(taken_text(endpoint, segment_to(endpoint, fin_ack, 11), true).fin);
}

TEST(Facts, TellAMissingTimestamp) {
  Hypothesis endpoint = endpoint_in(TcpState::established);
  const Stimulus without = segment_to(endpoint, flag::ack);
  EXPECT_FALSE(facts_of(endpoint, without, true).has(Fact::no_timestamp)) << "none were agreed on";
  endpoint.timestamps = true;
  EXPECT_TRUE(facts_of(endpoint, without, true).includes({Fact::no_timestamp, Fact::accepted}));
  EXPECT_FALSE(facts_of(endpoint, segment_to(endpoint, flag::rst), true).has(Fact::no_timestamp));
}

TEST(Facts, TellAnOldTimestampAndNothingElse) {
  Hypothesis endpoint = endpoint_in(TcpState::established);
  endpoint.timestamps = true;
  endpoint.ts_recent = 100;
  Stimulus segment = segment_to(endpoint, flag::ack, 0, 0, 10);
  segment.timestamp = 99;
  EXPECT_TRUE(facts_of(endpoint, segment, true).has(Fact::old_timestamp));
  EXPECT_FALSE(facts_of(endpoint, segment, true).has(Fact::in_window));
  segment.timestamp = 100;
  EXPECT_FALSE(facts_of(endpoint, segment, true).has(Fact::old_timestamp));
  segment.timestamp = 99;
  segment.flags = flag::rst;
  EXPECT_FALSE(facts_of(endpoint, segment, true).has(Fact::old_timestamp)) << "RFC 7323 5.3";
}

TEST(Facts, TellWhetherASynInTimeWaitIsNew) {
  EXPECT_TRUE(facts_in(TcpState::time_wait, flag::syn, 1).has(Fact::new_by_number));
  EXPECT_TRUE(facts_in(TcpState::time_wait, flag::syn, -1).has(Fact::no_new_syn));
  EXPECT_TRUE(facts_in(TcpState::time_wait, flag::syn).includes({Fact::new_by_number, Fact::no_new_syn}));
  EXPECT_FALSE(facts_in(TcpState::established, flag::syn, 1).has(Fact::new_by_number));
}

TEST(Facts, TellHowItWasOpened) {
  EXPECT_TRUE(facts_in(TcpState::syn_received, flag::rst).has(Fact::opened_passively));
  EXPECT_TRUE(facts_in(TcpState::syn_sent, flag::rst).has(Fact::opened_actively));
}

TEST(Facts, TellWhatACallFindsInTheBuffers) {
  const Hypothesis endpoint = endpoint_in(TcpState::established);
  Stimulus call;
  call.kind = Stimulus::Kind::call;
  call.facts = {Fact::close};
  call.sent = call.received = 100;
  EXPECT_EQ(facts_of(endpoint, call, true), (Facts{Fact::close, Fact::nothing_pending}));
  call.sent = 101;
  call.received = 99;
  EXPECT_EQ(facts_of(endpoint, call, true), (Facts{Fact::close, Fact::pending, Fact::unread}));
}

// --- edges

TEST(Act, FollowsTheClose) {
  using enum TcpState;
  EXPECT_THAT(successors_of(established, {Fact::close}), ElementsAre(to(fin_wait_1, {Deed::send_fin})));
  EXPECT_THAT(successors(established, fin_ack), ElementsAre(to(close_wait, {Deed::send_ack})));
  EXPECT_THAT(successors(fin_wait_1, flag::ack), ElementsAre(to(fin_wait_2)));
  EXPECT_THAT(successors(fin_wait_1, fin_ack, 0, -1), ElementsAre(to(closing, {Deed::send_ack})));
  EXPECT_THAT(successors(fin_wait_1, fin_ack), ElementsAre(to(time_wait, {Deed::send_ack})));
  EXPECT_THAT(successors(fin_wait_2, fin_ack), ElementsAre(to(time_wait, {Deed::send_ack})));
  EXPECT_THAT(successors(closing, flag::ack), ElementsAre(to(time_wait)));
  EXPECT_THAT(successors_of(close_wait, {Fact::close}), ElementsAre(to(last_ack, {Deed::send_fin})));
  EXPECT_THAT(successors(last_ack, flag::ack), ElementsAre(to(listen))) << "a listener takes the next";
}

TEST(Act, LeavesTheChoicesOfTheTextsOpen) {
  using enum TcpState;
  EXPECT_THAT(successors(established, flag::rst, 1),
              UnorderedElementsAre(to(listen), to(established, {Deed::send_ack})));
  EXPECT_THAT(successors(established, flag::rst), ElementsAre(to(listen)));
  EXPECT_THAT(successors(time_wait, flag::rst), UnorderedElementsAre(to(listen), to(time_wait)));
  EXPECT_THAT(successors_of(established, {Fact::abort}),
              UnorderedElementsAre(to(listen, {Deed::send_rst}), to(time_wait, {Deed::send_rst})));
}

TEST(Act, AnswersWhatIsWrong) {
  using enum TcpState;
  for (const TcpState state : synchronized) {
    EXPECT_THAT(successors(state, flag::ack, -5), ElementsAre(to(state, {Deed::send_ack})))
        << to_string(state);
    EXPECT_THAT(successors(state, flag::ack, 0, 1), ElementsAre(to(state, {Deed::send_ack})))
        << to_string(state);
    EXPECT_THAT(successors(state, flag::rst, -5), ElementsAre(to(state))) << to_string(state);
    EXPECT_THAT(successors(state, flag::fin), ElementsAre(to(state))) << "without ACK, " << to_string(state);
  }
  EXPECT_THAT(successors(closed, flag::ack), ElementsAre(to(closed, {Deed::send_rst_at_ack})));
  EXPECT_THAT(successors(closed, flag::syn), ElementsAre(to(closed, {Deed::send_rst_of_segment})));
  EXPECT_THAT(successors(closed, flag::rst), ElementsAre(to(closed)));
  EXPECT_THAT(successors(listen, flag::ack), ElementsAre(to(listen, {Deed::send_rst_at_ack})));
  EXPECT_THAT(successors(listen, flag::fin), ElementsAre(to(listen)));
  EXPECT_THAT(successors(listen, flag::syn), ElementsAre(to(syn_received, {Deed::send_syn_ack})));
}

TEST(Act, LooksAtTheRestOfWhatAcknowledgesTheSyn) {
  using enum TcpState;
  EXPECT_THAT(successors(syn_received, flag::ack), ElementsAre(to(established)));
  EXPECT_THAT(successors(syn_received, flag::ack, 0, 0, 10), ElementsAre(to(established, {Deed::send_ack})));
  EXPECT_THAT(successors(syn_received, fin_ack), ElementsAre(to(close_wait, {Deed::send_ack})));
}

TEST(Act, MovesTheNumbers) {
  const Hypothesis before = endpoint_in(TcpState::fin_wait_1);
  const auto data = after(before, segment_to(before, flag::ack, 0, 0, 10));
  ASSERT_EQ(data.size(), 1u);
  EXPECT_EQ(data[0].rcv_nxt, before.rcv_nxt + 10);
  EXPECT_EQ(data[0].snd_una, before.snd_nxt);
  EXPECT_EQ(data[0].stimuli_seen, 1u);
  EXPECT_EQ(data[0].owed.begin()->ack, before.rcv_nxt + 10);
  EXPECT_THAT(ids_of(data[0]), UnorderedElementsAre("T-029", "S-089"));
  const auto fin = after(before, segment_to(before, fin_ack, 0, 0, 10));
  ASSERT_EQ(fin.size(), 1u);
  EXPECT_EQ(fin[0].rcv_nxt, before.rcv_nxt + 11);
  EXPECT_EQ(fin[0].fin_taken, before.rcv_nxt + 10);
}

TEST(Act, RationsAnswersToWhatIsWrong) {
  const Hypothesis before = endpoint_in(TcpState::established);
  const auto once = after(before, segment_to(before, flag::ack, -5));
  ASSERT_EQ(once.size(), 1u);
  EXPECT_NE(once[0].owed.begin()->due, never);
  Hypothesis answered = once[0];
  answered.owed.clear();
  answered.rationed_at = Time{};
  const auto again = after(answered, segment_to(before, flag::ack, -5));
  ASSERT_EQ(again.size(), 1u);
  EXPECT_EQ(again[0].owed.begin()->due, never);
}

TEST(Act, OwesOneAcknowledgmentForAll) {
  const Hypothesis before = endpoint_in(TcpState::established);
  const Hypothesis text = after(before, segment_to(before, flag::ack, 0, 0, 10)).at(0);
  const Time due = text.owed.begin()->due;
  Stimulus later = segment_to(text, flag::ack, -5);
  later.at = Time{} + 100ms;
  const Hypothesis old = after(text, later).at(0);
  ASSERT_EQ(old.owed.size(), 1u);
  EXPECT_EQ(old.owed.begin()->due, due) << "that of the first";
  EXPECT_TRUE(old.owed.begin()->rationed) << "so that the next one need not come";

  Hypothesis rationed = before;
  rationed.rationed_at = Time{};
  const Hypothesis may = after(rationed, segment_to(before, flag::ack, -5)).at(0);
  ASSERT_EQ(may.owed.begin()->due, never);
  const Hypothesis must = after(may, segment_to(may, flag::ack, 0, 0, 10)).at(0);
  ASSERT_EQ(must.owed.size(), 1u);
  EXPECT_EQ(must.owed.begin()->due, due) << "the one that must come";
}

TEST(Act, RemembersNoMoreThanItMustOfWhatIsOwed) {
  Hypothesis endpoint = endpoint_in(TcpState::closed);
  for (std::uint32_t i = 0; i < 1000; ++i)
    endpoint = after(endpoint, segment_to(endpoint, flag::ack, 0, static_cast<int>(i))).at(0);
  EXPECT_EQ(endpoint.owed.size(), std::size_t{most_owed});
}

// --- what holds for all of them

class Dice {
 public:
  template <class Value>
  Value one_of(std::initializer_list<Value> values) {
    return values.begin()[engine_() % values.size()];
  }
  Hypothesis endpoint() {
    Hypothesis out = endpoint_in(static_cast<TcpState>(engine_() % tcp_state_names.size()));
    out.passive = one_of({true, false});
    if (one_of({true, false})) out.former = std::make_shared<const Former>();
    out.reader_gone = one_of({true, false});
    if (out.rcv_nxt != Seq{}) out.rcv_edge = out.rcv_nxt + one_of({0u, 1u, receive_window});
    if (one_of({0, 1, 2}) == 0) {
      out.timestamps = true;
      out.ts_recent = 100;
      out.ts_most = one_of({100u, 101u});
    }
    if (!out.fin_taken && one_of({0, 1, 2}) == 0) {
      const Seq begin = out.rcv_nxt + one_of({1u, 5u});
      out.held = {{begin, begin + 7}};
      if (one_of({true, false})) out.held_fins = {begin + 7};
    }
    return out;
  }
  Stimulus segment(const Hypothesis& endpoint) {
    Stimulus out = segment_to(endpoint, Flags(static_cast<std::uint8_t>(engine_() & 0x3f)),
                              one_of({-2, -1, 0, 0, 0, 1, 5, 999, 1000}),
                              one_of({-70000, -2, -1, 0, 0, 0, 1}), one_of({0u, 0u, 1u, 5u, 10u}));
    out.urgent = out.flags.has(flag::urg);
    if (endpoint.timestamps && one_of({0, 1, 2}) != 0) out.timestamp = one_of({99u, 100u, 101u});
    return out;
  }

 private:
  std::mt19937 engine_{20240229};
};

TEST(Machine, TakesAtMostOneTransitionOfStandingBase) {
  Dice dice;
  std::set<std::string> taken;
  for (int i = 0; i < 200'000; ++i) {
    const Hypothesis endpoint = dice.endpoint();
    const Stimulus segment = dice.segment(endpoint);
    for (const bool holds : {true, false}) {
      const Facts facts = facts_of(endpoint, segment, holds);
      std::vector<std::string_view> transitions;
      for (const std::uint8_t place : edges_from(endpoint.state)) {
        const CatalogueEdge& edge = catalogue_edges()[place];
        if (edge.standing != Standing::base || !facts.includes(edge.guard)) continue;
        taken.insert(std::string(edge.id));
        if (edge.id.starts_with("T-")) transitions.push_back(edge.id);
      }
      ASSERT_LE(transitions.size(), 1u) << transitions[0] << " and " << transitions[1];
    }
  }
  for (const CatalogueEdge& edge : catalogue_edges()) {
    const bool of_segment = edge.trigger == "segment" && edge.standing == Standing::base &&
                            !edge.guard.has(Fact::icmp_hard) && !edge.guard.has(Fact::icmp_soft);
    if (of_segment) {
      EXPECT_TRUE(taken.contains(std::string(edge.id))) << edge.id << " was never taken";
    }
  }
}

// Pairs of which never both are true.
constexpr std::pair<Fact, Fact> opposites[] = {
    {Fact::rst, Fact::no_rst},
    {Fact::syn, Fact::no_syn},
    {Fact::ack, Fact::no_ack},
    {Fact::in_window, Fact::outside_window},
    {Fact::at_next, Fact::not_at_next},
    {Fact::ack_of_syn, Fact::unacceptable_ack},
    {Fact::ack_of_syn, Fact::no_ack},
    {Fact::accepted, Fact::rst},
    {Fact::accepted, Fact::syn},
    {Fact::accepted, Fact::no_ack},
    {Fact::ack_of_fin, Fact::no_ack_of_fin},
    {Fact::fin_in_order, Fact::no_fin_in_order},
    {Fact::opened_passively, Fact::opened_actively},
    {Fact::pending, Fact::nothing_pending},
};

// Each call and each timer is one thing.
Facts kind_of(Facts guard) {
  Facts out;
  for (const Fact fact :
       {Fact::passive_open, Fact::active_open, Fact::send, Fact::close, Fact::abort, Fact::rto, Fact::give_up,
        Fact::probe_timeout, Fact::orphan_timeout, Fact::two_msl_timeout, Fact::icmp_hard, Fact::icmp_soft})
    out.add(fact, guard.has(fact));
  return out;
}

TEST(Machine, HasTransitionsOfStandingBaseThatExcludeEachOther) {
  const auto exclude = [](const CatalogueEdge& a, const CatalogueEdge& b) {
    if (a.trigger != b.trigger || kind_of(a.guard) != kind_of(b.guard)) return true;
    return std::ranges::any_of(opposites, [&](const auto& pair) {
      return (a.guard.has(pair.first) && b.guard.has(pair.second)) ||
             (a.guard.has(pair.second) && b.guard.has(pair.first));
    });
  };
  for (const CatalogueEdge& a : catalogue_edges()) {
    for (const CatalogueEdge& b : catalogue_edges()) {
      const bool both = a.from == b.from && a.id < b.id && a.id.starts_with("T-") && b.id.starts_with("T-") &&
                        a.standing == Standing::base && b.standing == Standing::base;
      if (both) {
        EXPECT_TRUE(exclude(a, b)) << a.id << " and " << b.id;
      }
    }
  }
}

TEST(Machine, AlwaysHasAnAnswer) {
  Dice dice;
  for (int i = 0; i < 20'000; ++i) {
    const Hypothesis endpoint = dice.endpoint();
    const auto next = after(endpoint, dice.segment(endpoint));
    ASSERT_FALSE(next.empty());
    for (const Hypothesis& each : next) {
      EXPECT_EQ(each.stimuli_seen, 1u);
      EXPECT_FALSE(endpoint.listening && each.state == TcpState::closed) << "the listener got lost";
    }
  }
}

}  // namespace
}  // namespace finack
