// SPDX-License-Identifier: Apache-2.0
// What the target sends, held against what it may be: which of the hypotheses may have sent that, and what
// they are afterwards.
#include <fmt/format.h>

#include <algorithm>

#include "judge/tracker_futures.h"
#include "packet/notation.h"

namespace finack {

namespace {

bool is_synchronized(TcpState state) {
  return state != TcpState::closed && state != TcpState::listen && state != TcpState::syn_sent;
}

bool may_send_text(const Hypothesis& from) {
  const bool before_established = from.fast_open && from.state == TcpState::syn_received;
  return from.fin_pending || before_established || from.state == TcpState::established ||
         from.state == TcpState::close_wait;
}

// Text that came with our SYN may be taken before ESTABLISHED (RFC 7413 4.2); its first SYN+ACK shows that.
bool take_text_of_syn(Hypothesis& from, Seq ack) {
  if (from.known || !from.passive || from.state != TcpState::syn_received || from.held.empty()) return false;
  const Range text = from.held.front();
  if (text.begin != from.rcv_nxt || ack <= text.begin || ack > text.end) return false;
  from.fast_open = true;
  from.rcv_nxt = ack;
  std::erase_if(from.held, [&](const Range& range) { return range.end <= ack; });
  return true;
}

template <class Matches>
bool pay(Hypothesis& from, Matches matches) {
  const auto owed = std::ranges::find_if(from.owed, matches);
  if (owed == from.owed.end()) return false;
  from.owed.erase(owed);
  return true;
}

// Notes the stay edge by which a state repeats what it sent (RFC 9293 3.10.8).
void note_timer(Hypothesis& from, Fact timer) {
  for (const std::uint8_t place : edges_from(from.state)) {
    if (catalogue_edges()[place].guard.has(timer)) from.edges.set(place);
  }
}

// A reset takes its numbers from what it answers, else from what was sent (RFC 9293 3.5.2, 3.10.5).
bool is_reset_owed(const Owed& owed, const Segment& segment) {
  const bool answers_ack = segment.seq == owed.seq;
  const bool answers_other = segment.seq == Seq{} && segment.flags.has(flag::ack) && segment.ack == owed.ack;
  const bool own = segment.seq >= owed.una && segment.seq <= owed.nxt;
  switch (owed.deed) {
    case Deed::send_rst_at_ack:
      return answers_ack;
    case Deed::send_rst_of_segment:
      return answers_other;
    case Deed::send_rst:
    case Deed::may_rst:
      return own || (owed.for_segment && (answers_ack || answers_other));
    default:
      return false;
  }
}

// Neither it nor what it may become sends that any more: RCV.NXT never falls while a connection lasts, and
// another one begins with a SYN, but for the one that it was begun over.
bool is_past(const Hypothesis& each, const Segment& segment) {
  if (segment.flags.has(flag::rst) || segment.flags.has(flag::syn) || each.reopened()) return false;
  return !each.known || (is_synchronized(each.state) && each.rcv_nxt > segment.ack);
}

}  // namespace

void Tracker::arrived(Time at, const Segment& segment, const Conversation& numbers) {
  if (!begin(at)) return;
  const Arrival arrival{at, segment, numbers.their_window(segment), numbers.timestamps()};
  next_.clear();
  each_future(set_, [&](const Hypothesis& each) {
    if (is_past(each, segment)) return false;
    if (Hypothesis after = each; explains(after, arrival)) keep(after);
    if (!own_application_) return true;
    guessed_.clear();
    guess_call(each, arrival);
    for (Hypothesis& one : guessed_) {
      if (explains(one, arrival)) keep(one);
    }
    return true;
  });
  if (!judging_) return;
  if (next_.empty()) {
    const NumberBase base = numbers.base().reversed();
    return contradict(to_string(segment, base), "sends " + to_string(segment.flags));
  }
  replace();
}

// An application that we do not see may just have closed, aborted or connected.
void Tracker::guess_call(const Hypothesis& from, const Arrival& arrival) {
  const Flags flags = arrival.segment.flags;
  if (flags.has(flag::fin)) {
    guess(from, Fact::close, arrival.at);
  } else if (flags.has(flag::rst)) {
    guess(from, Fact::abort, arrival.at);
  } else if (flags.has(flag::syn) && !flags.has(flag::ack)) {
    guess(from, Fact::active_open, arrival.at);
  }
}

bool Tracker::explains(Hypothesis& from, const Arrival& arrival) const {
  const Segment& segment = arrival.segment;
  if (segment.flags.has(flag::rst)) {
    // First what only this one pays.
    for (const Deed deed :
         {Deed::send_rst_at_ack, Deed::send_rst_of_segment, Deed::send_rst, Deed::may_rst}) {
      if (pay(from, [&](const Owed& owed) { return owed.deed == deed && is_reset_owed(owed, segment); }))
        return true;
    }
    return false;
  }
  const bool fits =
      segment.flags.has(flag::syn) ? explains_syn(from, arrival) : explains_content(from, arrival);
  if (!fits) return false;
  if (segment.flags.has(flag::ack)) {
    from.rcv_edge = later(from.rcv_edge, segment.ack + arrival.window);
    note_acknowledgment(from, arrival);
  }
  return true;
}

// Only where it was asked to with a cookie, or is set up to do without one (RFC 7413 4.2.2); whether the
// cookie was a good one, only the target knows.
bool Tracker::takes_text_of_syn(Hypothesis& from, Seq ack) const {
  const bool cookie = std::ranges::find(cookies_, from.irs) != cookies_.end();
  return (cookie || needs_no_cookie_) && take_text_of_syn(from, ack);
}

bool Tracker::explains_syn(Hypothesis& from, const Arrival& arrival) const {
  const Segment& segment = arrival.segment;
  const bool ack = segment.flags.has(flag::ack);
  if (ack && segment.ack != from.rcv_nxt && !takes_text_of_syn(from, segment.ack)) return false;
  if (from.known && segment.seq == from.iss) {
    if (from.state != (ack ? TcpState::syn_received : TcpState::syn_sent)) return false;
    if (!ack || !pay(from, [](const Owed& owed) { return owed.deed == Deed::send_syn_ack; }))
      note_timer(from, Fact::rto);
    from.timestamps = arrival.timestamps;  // where SYNs cross, only now
    return true;
  }
  const Deed deed = ack ? Deed::send_syn_ack : Deed::send_syn;
  if (from.known || !pay(from, [&](const Owed& owed) { return owed.deed == deed; })) return false;
  from.known = true;
  from.iss = from.snd_una = segment.seq;
  from.snd_nxt = segment.end();
  from.rcv_edge = ack ? segment.ack : from.rcv_nxt + arrival.window;
  from.timestamps = arrival.timestamps;
  return true;
}

bool Tracker::explains_content(Hypothesis& from, const Arrival& arrival) const {
  const Segment& segment = arrival.segment;
  if (!from.known || !is_synchronized(from.state) || !segment.flags.has(flag::ack)) return false;
  if (segment.ack != from.rcv_nxt) return false;
  from.timestamps = arrival.timestamps;
  if (segment.length() == 0) {
    const bool probe = segment.seq == from.snd_nxt - 1;
    const bool held_back =
        segment.seq >= from.snd_una && segment.seq <= from.snd_nxt && our_edge_ < from.snd_nxt;
    if (probe) note_timer(from, Fact::probe_timeout);
    return segment.seq == from.snd_nxt || probe || held_back;
  }
  const Seq text_end = segment.seq + static_cast<std::uint32_t>(segment.payload.size());
  const bool fin = segment.flags.has(flag::fin);
  if (segment.seq < from.snd_nxt) {
    const bool waits =
        segment.end() > from.snd_una || arrival.at <= from.una_at || segment.end() > from.snd_nxt;
    if (!waits || (fin && from.fin_sent && text_end != *from.fin_sent)) return false;
    if (segment.end() <= from.snd_nxt) {
      if (fin && !from.fin_sent) return false;
      note_timer(from, Fact::rto);
      return true;
    }
  }
  if (segment.seq > from.snd_nxt || from.fin_sent) return false;
  return sends_more(from, text_end, fin);
}

// Octets or a FIN that have not been seen before.
bool Tracker::sends_more(Hypothesis& from, Seq text_end, bool fin) const {
  if (!may_send_text(from)) return false;
  const auto octets = static_cast<std::uint32_t>(text_end - from.iss - 1);
  if (octets > asked_) return false;
  if (text_end > from.snd_nxt) {
    for (const std::uint8_t place : edges_from(from.state)) {
      if (catalogue_edges()[place].guard.has(Fact::send)) from.edges.set(place);
    }
  }
  from.snd_nxt = text_end;
  if (!fin) return true;
  if (!from.fin_pending || octets < sent_) return false;
  from.fin_pending = false;
  from.fin_sent = text_end;
  from.snd_nxt = text_end + 1;
  from.owed.erase_if([](const Owed& owed) { return owed.deed == Deed::send_fin; });
  return true;
}

// All that was to be acknowledged up to there is.
void Tracker::note_acknowledgment(Hypothesis& from, const Arrival& arrival) const {
  bool answered = false;
  from.owed.erase_if([&](const Owed& owed) {
    const bool paid =
        (owed.deed == Deed::send_ack || owed.deed == Deed::may_ack) && owed.ack <= arrival.segment.ack;
    answered = answered || (paid && owed.rationed);
    return paid;
  });
  if (answered) from.rationed_at = arrival.at;
}

}  // namespace finack
