// SPDX-License-Identifier: Apache-2.0
#include "judge/machine.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <utility>

namespace finack {

namespace {

// Places in catalogue_edges(); on the stack, since an edge is looked for with every segment.
class Edges {
 public:
  Edges() = default;
  Edges(std::initializer_list<std::uint8_t> places) {
    for (const std::uint8_t place : places) push_back(place);
  }
  void push_back(std::uint8_t place) { places_.at(count_++) = place; }
  bool empty() const { return count_ == 0; }
  const std::uint8_t* begin() const { return places_.data(); }
  const std::uint8_t* end() const { return places_.data() + count_; }

 private:
  std::array<std::uint8_t, 32> places_;
  std::size_t count_ = 0;
};

// Answers to what is wrong may be rationed (RFC 5961 7): a second one within that time need not come.
constexpr Duration ration = 1s;

struct Applicable {
  Edges base;
  Edges instead;  // each takes the place of all those of standing base
};

Applicable applicable(TcpState state, Facts facts) {
  Applicable out;
  const auto all = catalogue_edges();
  for (const std::uint8_t place : edges_from(state)) {
    const CatalogueEdge& edge = all[place];
    if (facts.includes(edge.guard))
      (edge.standing == Standing::base ? out.base : out.instead).push_back(place);
  }
  return out;
}

bool is_reset(Deed deed) {
  return deed == Deed::send_rst || deed == Deed::send_rst_at_ack || deed == Deed::send_rst_of_segment ||
         deed == Deed::may_rst;
}

bool is_ack(Deed deed) {
  return deed == Deed::send_ack || deed == Deed::may_ack;
}

// One acknowledgment does for all that is to be acknowledged: answers may be delayed, merged and rationed
// (RFC 9293 3.8.6.3, RFC 5961 7), so that a second one cannot be asked for before the first has come.
void owe_as_well(Owed& owed, const Owed& more) {
  owed.ack = more.ack;
  owed.rationed = owed.rationed || more.rationed;
  if (more.due >= owed.due) return;
  owed.deed = more.deed;
  owed.edge = more.edge;
  owed.due = more.due;
}

void owe(Hypothesis& endpoint, Deed deed, std::uint8_t edge, const Stimulus& stimulus, const Delays& delays) {
  Owed owed;
  owed.deed = deed;
  owed.edge = edge;
  owed.for_segment = stimulus.kind == Stimulus::Kind::segment;
  if (is_reset(deed)) {
    const bool on = stimulus.flags.has(flag::ack);
    owed.seq = on ? stimulus.ack : Seq{};
    owed.ack = on ? Seq{} : stimulus.end();
    owed.una = endpoint.snd_una;
    owed.nxt = endpoint.snd_nxt;
  } else {
    owed.ack = endpoint.rcv_nxt;
  }
  const bool must = deed != Deed::may_ack && deed != Deed::may_rst;
  const std::string_view kind = catalogue_edges()[edge].kind;
  const bool rationed = deed == Deed::send_ack && (kind == "error" || kind == "hardening");
  const auto same = [&](const Owed& other) { return other.rationed; };
  const bool enough = rationed && ((endpoint.rationed_at && stimulus.at < *endpoint.rationed_at + ration) ||
                                   std::ranges::any_of(endpoint.owed, same));
  owed.rationed = rationed;
  owed.due = must && !enough ? stimulus.at + delays.reaction : never;
  if (is_ack(deed)) {
    const auto before = std::ranges::find_if(endpoint.owed, is_ack, &Owed::deed);
    if (before != endpoint.owed.end()) return owe_as_well(*before, owed);
  }
  // What we forget of may come.
  if (endpoint.owed.full()) endpoint.owed.erase(endpoint.owed.begin());
  endpoint.owed.push_back(owed);
}

// What lies within the window (RFC 9293 3.10.7.4, first).
void hold(Hypothesis& endpoint, const Stimulus& segment) {
  constexpr std::size_t most = 16;
  const Seq begin = segment.seq + (segment.flags.has(flag::syn) ? 1u : 0u);
  Range range{begin, segment.fin()};
  if (range.end > endpoint.rcv_edge) range.end = later(begin, endpoint.rcv_edge);
  std::vector<Range>& held = endpoint.held;
  if (range.end > range.begin) {
    const auto first = std::ranges::find_if(held, [&](const Range& each) { return each.end >= range.begin; });
    auto last = first;
    for (; last != held.end() && last->begin <= range.end; ++last) {
      if (last->begin < range.begin) range.begin = last->begin;
      range.end = later(range.end, last->end);
    }
    held.insert(held.erase(first, last), range);
    if (held.size() > most) held.pop_back();
  }
  std::vector<Seq>& fins = endpoint.held_fins;
  const bool fin = segment.flags.has(flag::fin) && segment.fin() < endpoint.rcv_edge;
  if (fin && fins.size() < most && std::ranges::find(fins, segment.fin()) == fins.end())
    fins.push_back(segment.fin());
}

void forget_held(Hypothesis& endpoint, Seq until) {
  std::erase_if(endpoint.held, [&](const Range& range) { return range.end <= until; });
  std::erase_if(endpoint.held_fins, [&](Seq fin) { return fin < until; });
}

void enter(Hypothesis& endpoint, TcpState state, Time from, Time to) {
  if (state == TcpState::closed || state == TcpState::listen) {
    end_connection(endpoint);
    if (state == TcpState::listen) endpoint.state = endpoint.listening ? TcpState::listen : TcpState::closed;
  } else {
    endpoint.state = state;
    if (state != TcpState::syn_received) endpoint.former.reset();
  }
  endpoint.since = from;
  endpoint.since_latest = to;
}

void begin_connection(Hypothesis& endpoint, bool passive) {
  std::shared_ptr<const Former> former;
  if (endpoint.state == TcpState::time_wait) {
    former = std::make_shared<const Former>(
        Former{endpoint.passive, endpoint.timestamps, endpoint.reader_gone, endpoint.iss, endpoint.snd_una,
               endpoint.snd_nxt, endpoint.irs, endpoint.rcv_nxt, endpoint.rcv_edge, endpoint.fin_sent,
               endpoint.fin_taken, endpoint.ts_recent, endpoint.ts_most});
  }
  end_connection(endpoint);
  if (passive) ++endpoint.begun;
  endpoint.passive = passive;
  endpoint.former = std::move(former);
}

// What was begun over TIME-WAIT gives way to it.
void return_to_former(Hypothesis& endpoint) {
  const std::shared_ptr<const Former> former = endpoint.former;
  end_connection(endpoint);
  endpoint.passive = former->passive;
  endpoint.timestamps = former->timestamps;
  endpoint.reader_gone = former->reader_gone;
  endpoint.known = true;
  endpoint.iss = former->iss;
  endpoint.snd_una = former->snd_una;
  endpoint.snd_nxt = former->snd_nxt;
  endpoint.irs = former->irs;
  endpoint.rcv_nxt = former->rcv_nxt;
  endpoint.rcv_edge = former->rcv_edge;
  endpoint.fin_sent = former->fin_sent;
  endpoint.fin_taken = former->fin_taken;
  endpoint.ts_recent = former->ts_recent;
  endpoint.ts_most = former->ts_most;
}

// Of what answers our SYN.
bool is_content_behind_syn(const Hypothesis& endpoint, const Stimulus& segment) {
  return endpoint.state == TcpState::syn_sent && segment.kind == Stimulus::Kind::segment &&
         segment.flags.has(flag::syn + flag::ack) && (segment.text > 0 || segment.flags.has(flag::fin));
}

Stimulus without_syn(Stimulus segment) {
  segment.flags = segment.flags - flag::syn;
  segment.seq = segment.seq + 1;
  return segment;
}

class Acting {
 public:
  Acting(const Hypothesis& endpoint, const Stimulus& stimulus, const Delays& delays, bool holds)
      : before_(endpoint),
        stimulus_(stimulus),
        delays_(delays),
        holds_(holds),
        facts_(facts_of(endpoint, stimulus, holds)) {}

  void act(std::vector<Hypothesis>& into) const {
    if (stimulus_.orphans && stimulus_.accepting) {
      into.push_back(before_);
      into.back().listening = false;
      ++into.back().calls_seen;
    }
    if (stimulus_.orphans && before_.state == TcpState::syn_received) {
      // No application has ever seen it: it may be forgotten without a word.
      take(into, {}, true);
      end_connection(into.back());
    }
    // What the application does to a connection it had before need not concern the one that followed.
    if (stimulus_.accepted > 0 && before_.passive && before_.begun > stimulus_.accepted) {
      into.push_back(before_);
      ++into.back().calls_seen;
    }
    const auto [base, instead] = applicable(before_.state, facts_);
    // ICMP may be passed over, and what needs no answer be taken as it is; whatever else has only edges that
    // are choices makes the target choose.
    if (!base.empty() || instead.empty() || facts_.has(Fact::icmp_hard) || facts_.has(Fact::accepted))
      take(into, base, true);
    for (const std::uint8_t edge : instead) take(into, {edge}, false);
    if (facts_.has(Fact::accepted) && stimulus_.end() > before_.rcv_edge) act_on_less(into);
    if (answers_crossed_syn()) Acting(before_, without_syn(stimulus_), delays_, holds_).act(into);
    // What lies beyond a hole may be put aside whole, its ACK number included (3.10.7.4, first).
    if (facts_.has(Fact::accepted) && facts_.has(Fact::beyond_hole) && stimulus_.ack > before_.snd_una) {
      into.push_back(before_);
      ++into.back().stimuli_seen;
    }
  }

 private:
  // Where SYNs crossed, each end answers with a SYN,ACK of the number that its SYN had, and that acknowledges
  // the other's: figure 8 of RFC 9293, line 6, leads to ESTABLISHED, though by 3.10.7.4 (first) it lies to
  // the left of the window.
  bool answers_crossed_syn() const {
    return before_.state == TcpState::syn_received && !before_.passive && stimulus_.seq == before_.irs &&
           facts_.includes({Fact::syn, Fact::no_rst, Fact::ack_of_syn});
  }

  // Of what reaches past the window, what lies in it counts (3.10.7.4, first); some drop it all, as what lies
  // outside.
  void act_on_less(std::vector<Hypothesis>& into) const {
    Stimulus part = stimulus_;
    part.flags = part.flags - flag::fin;
    part.text = static_cast<std::uint32_t>(before_.rcv_edge - part.seq);
    Acting(before_, part, delays_, holds_).act(into);
    part.text = 0;
    part.seq = before_.rcv_nxt - 1;
    Acting(before_, part, delays_, holds_).act(into);
  }

  void take(std::vector<Hypothesis>& into, const Edges& edges, bool base) const {
    Hypothesis& out = into.emplace_back(before_);
    if (stimulus_.kind == Stimulus::Kind::call) {
      ++out.calls_seen;
      call(out);
    } else if (stimulus_.kind != Stimulus::Kind::timer) {
      ++out.stimuli_seen;
    }
    if (base && facts_.has(Fact::accepted)) accept(out);
    // RFC 9293 3.10.7.4 (eighth) has nothing but the FIN again restart 2 MSL; some let whatever comes do so,
    // old duplicates too. MUST-13 says how long it lasts at least.
    if (out.state == TcpState::time_wait && facts_.has(Fact::no_rst)) out.since_latest = stimulus_.by;
    for (const std::uint8_t place : edges) take(out, place);
    note_timestamp(out);
    if (base && holds_ && is_content_behind_syn(before_, stimulus_)) return take_content(out);
    // What acknowledges our SYN may carry more, which is looked at in the state that it led to.
    if (before_.state == TcpState::syn_received && out.state == TcpState::established) {
      for (const std::uint8_t place : applicable(out.state, facts_).base) take(out, place);
      if (std::exchange(out.close_held, false)) {
        for (const std::uint8_t place : applicable(out.state, {Fact::close}).base) take(out, place);
      }
    }
  }

  void accept(Hypothesis& out) const {
    if (stimulus_.ack > out.snd_una) {
      out.snd_una = stimulus_.ack;
      out.una_at = stimulus_.by;
    }
    if (!holds_) forget_held(out, out.rcv_nxt + 1);
  }

  // RFC 7323 5.3 R3 takes it of all that lies in the window and begins no later than Last.ACK.sent; some take
  // none of what is dropped for its ACK number later, and some that of a reset which they ignore (RFC 1337
  // F1).
  void note_timestamp(Hypothesis& out) const {
    const bool lies_there = facts_.has(Fact::in_window) && stimulus_.seq <= before_.rcv_nxt && out.known;
    if (!out.timestamps || !stimulus_.timestamp || !lies_there) return;
    const auto newest = [&](const std::optional<std::uint32_t>& known) {
      return known ? later(Seq{*known}, Seq{*stimulus_.timestamp}).value : *stimulus_.timestamp;
    };
    out.ts_most = newest(out.ts_most);
    const bool for_all = facts_.has(Fact::accepted) && !facts_.has(Fact::ack_too_old) &&
                         stimulus_.seq <= stimulus_.acknowledged;
    if (for_all) out.ts_recent = newest(out.ts_recent);
  }

  // Text and FIN of a SYN+ACK: "continue processing at the sixth step" (RFC 9293 3.10.7.3).
  void take_content(Hypothesis& out) const {
    const Stimulus rest = without_syn(stimulus_);
    const Acting more(out, rest, delays_, holds_);
    for (const std::uint8_t place : applicable(out.state, more.facts_).base) more.take(out, place);
  }

  void call(Hypothesis& out) const {
    if (stimulus_.closes_listener) out.listening = false;
    if (facts_.has(Fact::both_ways)) out.reader_gone = true;
    if (facts_.has(Fact::passive_open)) out.listening = true;
  }

  void take(Hypothesis& out, std::uint8_t place) const {
    const CatalogueEdge& edge = catalogue_edges()[place];
    out.edges.set(place);
    if (edge.effect.has(Deed::send_syn)) begin_connection(out, false);
    if (edge.effect.has(Deed::take_syn)) take_syn(out, edge);
    if (edge.effect.has(Deed::take_text)) take_text(out);
    if (edge.effect.has(Deed::take_fin)) take_fin(out);
    if (edge.effect.has(Deed::hold) && facts_.has(Fact::beyond_hole) && holds_) hold(out, stimulus_);
    if (edge.effect.has(Deed::hold) && facts_.has(Fact::close)) out.close_held = true;
    if (edge.effect.has(Deed::send_fin)) out.fin_pending = true;
    for (const Deed deed :
         {Deed::send_syn, Deed::send_syn_ack, Deed::send_ack, Deed::send_fin, Deed::send_rst,
          Deed::send_rst_at_ack, Deed::send_rst_of_segment, Deed::may_ack, Deed::may_rst}) {
      if (edge.effect.has(deed)) owe(out, deed, place, stimulus_, delays_);
    }
    if (facts_.has(Fact::reopened) && edge.to == TcpState::time_wait && facts_.has(Fact::rst))
      return_to_former(out);
    const bool restarts = edge.effect.has(Deed::restart_2msl);
    if (edge.to != edge.from || restarts)
      enter(out, edge.to, stimulus_.at, std::max(stimulus_.at, stimulus_.by));
  }

  void take_syn(Hypothesis& out, const CatalogueEdge& edge) const {
    const bool simultaneous = edge.from == TcpState::syn_sent;
    if (!simultaneous) begin_connection(out, true);
    if (facts_.has(Fact::ack_of_syn)) out.snd_una = later(out.snd_una, stimulus_.ack);
    out.irs = stimulus_.seq;
    out.rcv_nxt = out.irs + 1;
    const bool said = simultaneous && before_.known;
    out.rcv_edge = out.rcv_nxt + (said ? static_cast<std::uint32_t>(before_.rcv_edge - before_.rcv_nxt)
                                       : 0xffff);  // until it says more
    out.ts_recent = out.ts_most = stimulus_.timestamp;
    // "Any other control or text should be queued for processing later" (3.10.7.2, 3.10.7.3).
    if (edge.to == TcpState::syn_received) hold(out, stimulus_);
  }

  void take_text(Hypothesis& out) const {
    out.rcv_nxt = later(out.rcv_nxt, taken_text(before_, stimulus_, holds_).next);
    forget_held(out, out.rcv_nxt);
  }

  void take_fin(Hypothesis& out) const {
    out.fin_taken = taken_text(before_, stimulus_, holds_).next;
    out.rcv_nxt = *out.fin_taken + 1;
    out.held.clear();
    out.held_fins.clear();
  }

  const Hypothesis& before_;
  const Stimulus& stimulus_;
  const Delays& delays_;
  bool holds_;
  Facts facts_;
};

using EdgeTable = std::array<std::vector<std::uint8_t>, tcp_state_names.size()>;

template <class Wanted>
EdgeTable edge_table(Wanted wanted) {
  EdgeTable table;
  const auto all = catalogue_edges();
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (wanted(all[i])) table[static_cast<std::size_t>(all[i].from)].push_back(static_cast<std::uint8_t>(i));
  }
  return table;
}

}  // namespace

std::span<const std::uint8_t> edges_from(TcpState state) {
  static const EdgeTable table = edge_table([](const CatalogueEdge&) { return true; });
  return table[static_cast<std::size_t>(state)];
}

std::span<const std::uint8_t> timeouts_from(TcpState state) {
  static const EdgeTable table = edge_table([](const CatalogueEdge& edge) {
    return edge.guard.has(Fact::two_msl_timeout) || edge.guard.has(Fact::orphan_timeout) ||
           edge.guard.has(Fact::give_up);
  });
  return table[static_cast<std::size_t>(state)];
}

void end_connection(Hypothesis& endpoint) {
  Hypothesis ended;
  ended.listening = endpoint.listening;
  ended.state = endpoint.listening ? TcpState::listen : TcpState::closed;
  ended.stimuli_seen = endpoint.stimuli_seen;
  ended.calls_seen = endpoint.calls_seen;
  ended.begun = endpoint.begun;
  ended.edges = endpoint.edges;
  ended.owed = endpoint.owed;
  ended.owed.erase_if([](const Owed& owed) { return !is_reset(owed.deed); });
  endpoint = std::move(ended);
}

static void act_either_way(const Hypothesis& endpoint, const Stimulus& stimulus, const Delays& delays,
                           std::vector<Hypothesis>& into) {
  Acting(endpoint, stimulus, delays, true).act(into);
  // What came out of order, or with a SYN, may have been thrown away (SHLD-31): then less is taken.
  if (is_content_behind_syn(endpoint, stimulus)) return Acting(endpoint, stimulus, delays, false).act(into);
  const bool keeps = !endpoint.held.empty() || !endpoint.held_fins.empty();
  if (!keeps || stimulus.kind != Stimulus::Kind::segment) return;
  const Facts kept = facts_of(endpoint, stimulus, true), dropped = facts_of(endpoint, stimulus, false);
  const bool differs = kept != dropped || taken_text(endpoint, stimulus, true).next !=
                                              taken_text(endpoint, stimulus, false).next;
  if (differs) Acting(endpoint, stimulus, delays, false).act(into);
}

void act(const Hypothesis& endpoint, const Stimulus& stimulus, const Delays& delays,
         std::vector<Hypothesis>& into) {
  act_either_way(endpoint, stimulus, delays, into);
  // Where TS.Recent is one of two, the segment may be old or not.
  const bool may_be_old = stimulus.timestamp && endpoint.ts_recent && endpoint.ts_most &&
                          Seq{*stimulus.timestamp} >= Seq{*endpoint.ts_recent} &&
                          Seq{*stimulus.timestamp} < Seq{*endpoint.ts_most};
  if (!may_be_old || stimulus.kind != Stimulus::Kind::segment) return;
  Hypothesis newer = endpoint;
  newer.ts_recent = newer.ts_most;
  act_either_way(newer, stimulus, delays, into);
}

}  // namespace finack
