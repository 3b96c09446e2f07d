// SPDX-License-Identifier: Apache-2.0
// The checks of RFC 9293 3.10.7 on a segment that comes, as facts.
#include "judge/hypothesis.h"

#include <algorithm>

namespace finack {

namespace {

bool has_receive_numbers(TcpState state) {
  return state != TcpState::closed && state != TcpState::listen && state != TcpState::syn_sent;
}

bool has_closed(const Hypothesis& endpoint) {
  return endpoint.fin_sent || endpoint.fin_pending;
}

// The table of 3.10.7.4 (first); of a RST its number alone counts (RFC 5961 3.2).
bool is_in_window(const Hypothesis& endpoint, const Stimulus& segment) {
  const auto inside = [&](Seq at) { return at >= endpoint.rcv_nxt && at < endpoint.rcv_edge; };
  if (segment.flags.has(flag::rst) || segment.length() == 0)
    return inside(segment.seq) || segment.seq == endpoint.rcv_nxt;
  return inside(segment.seq) || inside(segment.end() - 1);
}

void add_flags(Facts& facts, Flags flags) {
  facts.add(flags.has(flag::rst) ? Fact::rst : Fact::no_rst);
  facts.add(flags.has(flag::syn) ? Fact::syn : Fact::no_syn);
  facts.add(flags.has(flag::ack) ? Fact::ack : Fact::no_ack);
}

void add_ack_of_syn(Facts& facts, const Hypothesis& endpoint, const Stimulus& segment) {
  const bool on = segment.flags.has(flag::ack);
  const bool acceptable = on && segment.ack > endpoint.snd_una && segment.ack <= endpoint.snd_nxt;
  facts.add(Fact::ack_of_syn, acceptable);
  facts.add(on && !acceptable ? Fact::unacceptable_ack : Fact::no_unacceptable_ack);
}

// RFC 6191 2: where there were timestamps they decide, and the number where they are equal or gone; where
// there were none the first one is proof for some.
void add_new_syn(Facts& facts, const Hypothesis& endpoint, const Stimulus& segment) {
  const bool had = endpoint.timestamps && endpoint.ts_recent, has = segment.timestamp.has_value();
  const bool beyond = segment.seq >= endpoint.rcv_nxt;
  const bool newer = had && has && Seq{*segment.timestamp} > Seq{*endpoint.ts_recent};
  const bool undecided = had && (!has || *segment.timestamp == *endpoint.ts_recent);
  const bool by_timestamp = newer || (undecided && beyond) || (!had && has);
  facts.add(Fact::new_by_timestamp, by_timestamp);
  facts.add(Fact::new_by_number, beyond && !(newer || (undecided && beyond)));
  // At RCV.NXT itself one may see it either way.
  facts.add(Fact::no_new_syn, !newer && (!beyond || segment.seq == endpoint.rcv_nxt));
}

void add_content(Facts& facts, const Hypothesis& endpoint, const Stimulus& segment, bool holds) {
  const Seq end = segment.fin();
  const Taken taken = taken_text(endpoint, segment, holds);
  if (endpoint.fin_taken) {
    facts.add(Fact::text_after_fin, (segment.text > 0 || segment.urgent) && end > *endpoint.fin_taken);
    facts.add(Fact::no_fin_in_order);
    return;
  }
  facts.add(Fact::text_in_order, taken.next > endpoint.rcv_nxt);
  facts.add(Fact::new_text, segment.text > 0 && end > endpoint.rcv_nxt);
  facts.add(Fact::beyond_hole, segment.length() > 0 && segment.seq > endpoint.rcv_nxt);
  facts.add(taken.fin ? Fact::fin_in_order : Fact::no_fin_in_order);
}

// To a connection the end of its listener means something only while it waits to be accepted.
Facts facts_of_listener_close(const Hypothesis& endpoint, const Stimulus& call) {
  if (endpoint.state == TcpState::listen) return {call.facts.has(Fact::abort) ? Fact::abort : Fact::close};
  return call.orphans ? Facts{Fact::abort} : Facts{};
}

void add_buffers(Facts& facts, const Hypothesis& endpoint, const Stimulus& call) {
  const auto left = endpoint.known ? static_cast<std::uint32_t>(endpoint.snd_nxt - endpoint.iss - 1) : 0;
  facts.add(left < call.sent ? Fact::pending : Fact::nothing_pending);
  const Seq end = endpoint.fin_taken.value_or(endpoint.rcv_nxt);
  facts.add(Fact::unread, has_receive_numbers(endpoint.state) &&
                              static_cast<std::uint32_t>(end - endpoint.irs - 1) > call.received);
}

}  // namespace

// Of a peer that says two ends of its stream, the lower one counts for who has kept what it said.
Taken taken_text(const Hypothesis& endpoint, const Stimulus& segment, bool holds) {
  Taken out{endpoint.rcv_nxt};
  if (endpoint.fin_taken) return out;
  const auto take_segment = [&] {
    if (segment.seq > out.next || segment.fin() < out.next) return false;
    out.next = segment.fin();
    out.fin = segment.flags.has(flag::fin);
    return true;
  };
  const bool at_once = take_segment();
  if (!holds) return out;
  const auto until_fin = [&](Seq end) {
    for (const Seq fin : endpoint.held_fins) {
      if (fin < endpoint.rcv_nxt || fin > end) continue;
      out.fin = true;
      end = fin;
    }
    return end;
  };
  const auto take_held = [&] {
    out.next = until_fin(out.next);
    for (const Range& range : endpoint.held) {
      if (out.fin || range.begin > out.next) break;
      if (range.end > out.next) out.next = until_fin(range.end);
    }
  };
  take_held();
  // It may follow what came with a SYN.
  if (!at_once && !out.fin && take_segment()) take_held();
  return out;
}

Facts facts_of(const Hypothesis& endpoint, const Stimulus& segment, bool holds) {
  if (segment.closes_listener) return facts_of_listener_close(endpoint, segment);
  Facts facts = segment.facts;
  // What a connection is told after its end is no SEND to the listener that it came from (RFC 9293 3.10.2).
  if (endpoint.state == TcpState::listen && segment.accepted > 0 && facts.has(Fact::send)) return {};
  if (segment.kind == Stimulus::Kind::call) add_buffers(facts, endpoint, segment);
  if (segment.kind != Stimulus::Kind::segment) return facts;
  const Flags flags = segment.flags;
  add_flags(facts, flags);
  facts.add(endpoint.passive ? Fact::opened_passively : Fact::opened_actively);
  facts.add(Fact::reopened, endpoint.reopened());
  facts.add(Fact::reader_gone, endpoint.reader_gone);
  if (endpoint.state == TcpState::syn_sent) add_ack_of_syn(facts, endpoint, segment);
  if (!has_receive_numbers(endpoint.state)) return facts;

  facts.add(Fact::fin_again,
            endpoint.fin_taken && flags.has(flag::fin) && segment.fin() == *endpoint.fin_taken);
  const bool old = endpoint.timestamps && segment.timestamp && endpoint.ts_recent && !flags.has(flag::rst) &&
                   Seq{*segment.timestamp} < Seq{*endpoint.ts_recent};
  if (old) {
    facts.add(Fact::old_timestamp);
    if (!flags.has(flag::syn)) return facts;
  }
  facts.add(Fact::no_timestamp, endpoint.timestamps && !segment.timestamp && !flags.has(flag::rst));
  if (flags.has(flag::syn) && !flags.has(flag::rst) && endpoint.state == TcpState::time_wait)
    add_new_syn(facts, endpoint, segment);
  const bool inside = is_in_window(endpoint, segment);
  // The fifth check; 3.5.2 has a reset for it wherever the segment lies.
  const bool early = !inside || flags.has(flag::syn);
  if (endpoint.state == TcpState::syn_received && early) add_ack_of_syn(facts, endpoint, segment);
  if (!inside) {
    facts.add(Fact::outside_window);
    // A closed window does not keep the octet of a probe from being new.
    const bool closed = endpoint.rcv_edge <= endpoint.rcv_nxt && segment.seq == endpoint.rcv_nxt;
    facts.add(Fact::new_text, closed && segment.text > 0 && flags.has(flag::ack) && !flags.has(flag::rst) &&
                                  !flags.has(flag::syn) && !endpoint.fin_taken);
    return facts;
  }
  facts.add(Fact::in_window);
  facts.add(segment.seq == endpoint.rcv_nxt ? Fact::at_next : Fact::not_at_next);
  if (flags.has(flag::rst) || flags.has(flag::syn) || !flags.has(flag::ack)) return facts;

  if (endpoint.state == TcpState::syn_received) {
    add_ack_of_syn(facts, endpoint, segment);
    if (facts.has(Fact::unacceptable_ack)) return facts;
  } else {
    facts.add(Fact::ack_too_new, segment.ack > endpoint.snd_nxt);
    // What was never sent is too old for everybody, and some count no more than what was acknowledged.
    const std::int32_t acknowledged = std::max(endpoint.snd_una - endpoint.iss - 1, 0);
    const std::uint32_t oldest_distance =
        std::min(segment.most_window, static_cast<std::uint32_t>(acknowledged));
    facts.add(Fact::ack_too_old, segment.ack < endpoint.snd_una - oldest_distance);
    if (facts.has(Fact::ack_too_new)) return facts;
  }
  facts.add(Fact::accepted);
  if (has_closed(endpoint)) {
    const bool covers = endpoint.fin_sent && segment.ack > *endpoint.fin_sent;
    facts.add(covers ? Fact::ack_of_fin : Fact::no_ack_of_fin);
  }
  add_content(facts, endpoint, segment, holds);
  return facts;
}

// Of what was begun over the same one.
static bool same_value(const std::shared_ptr<const Former>& a, const std::shared_ptr<const Former>& b) {
  return a == b || (a && b && *a == *b);
}

bool Hypothesis::same_as(const Hypothesis& other) const {
  return stimuli_seen == other.stimuli_seen && snd_una == other.snd_una && ts_recent == other.ts_recent &&
         ts_most == other.ts_most && same_but_acknowledged(other);
}

bool Hypothesis::same_but_acknowledged(const Hypothesis& other) const {
  return state == other.state && listening == other.listening && passive == other.passive &&
         reader_gone == other.reader_gone && close_held == other.close_held && fast_open == other.fast_open &&
         fin_pending == other.fin_pending && timestamps == other.timestamps && known == other.known &&
         iss == other.iss && snd_nxt == other.snd_nxt && irs == other.irs && rcv_nxt == other.rcv_nxt &&
         rcv_edge == other.rcv_edge && fin_sent == other.fin_sent && fin_taken == other.fin_taken &&
         held == other.held && held_fins == other.held_fins && begun == other.begun &&
         calls_seen == other.calls_seen && owed == other.owed && same_value(former, other.former);
}

}  // namespace finack
