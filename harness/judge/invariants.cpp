// SPDX-License-Identifier: Apache-2.0
// What the invariants know: taking observations, telling one connection from the next. The checks are in
// invariants_*.cpp.
#include "judge/invariants.h"

#include <fmt/format.h>

#include <algorithm>

#include "judge/segments.h"
#include "packet/checksum.h"
#include "packet/codec.h"
#include "packet/number.h"

namespace finack {

namespace {

// More than any burst of a scenario within `processing`.
constexpr std::size_t most_recent = 256, most_syns = 16;

// RFC 3168 6.1.1: a SYN asks with both flags, a SYN+ACK agrees with ECE alone.
bool agrees_to_ecn(Flags syn) {
  return syn.has(flag::ece) && syn.has(flag::ack) != syn.has(flag::cwr);
}

}  // namespace

Invariants::Invariants(const Program& program, const Profile& profile, std::uint64_t stream_seed)
    : program_(program), profile_(profile), stream_seed_(stream_seed) {}

std::vector<Violation> Invariants::observe(const Observation& observation) {
  at_ = observation.at;
  std::visit([&](const auto& what) { take(observation.at, what); }, observation.what);
  segment_ = nullptr;
  if (found_.empty()) return {};
  std::ranges::stable_sort(found_, {}, [](const Violation& each) {
    return std::ranges::find(invariants(), each.id, &Invariant::id) - invariants().begin();
  });
  return std::exchange(found_, {});
}

void Invariants::take(Time at, const Injected& injected) {
  series_.clear();
  std::optional<Segment> changed;
  const Segment* received = as_received(injected.segment, changed);
  if (!received) return;
  Connection& known = connection_;
  const SendingHalf& ours = known.conversation.ours;
  const Seq due = ours.next();
  note_window(*received);
  known.conversation.injected(injected.segment);
  note_timestamp(*received, due);

  note_sent(*received, received->end());
  if (received->flags.has(flag::rst) || (received->flags.has(flag::syn) && received->seq != ours.isn()))
    known.reopens = true;

  if (received->flags.has(flag::syn)) {
    if (received->seq == ours.isn() && agrees_to_ecn(received->flags)) known.we_agree_to_ecn = true;
    syns_.push_back(header_of(*received));
    if (syns_.size() > most_syns) syns_.pop_front();
  }
  recent_.push_back({at, header_of(*received), received->end()});
  if (recent_.size() > most_recent) recent_.pop_front();
}

// What a target must drop it cannot acknowledge. Which ACK numbers it finds too old or too new is its own to
// say: an octet that it was told to send may have left before ours came.
void Invariants::note_sent(const Segment& segment, Seq end) {
  Connection& known = connection_;
  const SendingHalf &ours = known.conversation.ours, &theirs = known.conversation.theirs;
  // Far from all that was sent, numbers mean nothing: see SeqRanges.
  constexpr std::int32_t reach = 1 << 29;
  const bool near = ours.isn() && segment.seq - ours.next() < reach && ours.next() - segment.seq < reach;
  if (!near || segment.flags.has(flag::rst)) return;
  known.sent.add(segment.seq, end);

  if (segment.flags.has(flag::syn) ? segment.seq != *ours.isn() : !segment.flags.has(flag::ack)) return;
  const bool wild = theirs.isn() && segment.flags.has(flag::ack) && segment.ack > most_theirs();
  const bool outside = known.their_edge && segment.seq > later(*known.their_edge, ours.next());
  // What was acknowledged beyond it was no FIN to the target.
  const bool beyond_fin = ours.fin() && known.acknowledged == *ours.fin() + 1 && segment.seq > *ours.fin();
  if (!wild && !outside && !beyond_fin) known.takable.add(segment.seq, end);
}

// What the target may have sent by now, seen or not: all that it was told to, and a FIN.
Seq Invariants::most_theirs() const {
  const SendingHalf& theirs = connection_.conversation.theirs;
  const auto asked = static_cast<std::uint32_t>(std::min<std::uint64_t>(asked_, 1u << 30));
  return later(theirs.next(), theirs.isn().value_or(theirs.next()) + asked + 2);
}

void Invariants::take(Time, const InjectedIcmp&) {
  series_.clear();  // an error may end a backoff (RFC 6069)
}

void Invariants::take(Time at, const Called& called) {
  series_.clear();
  called_at_ = at;
  const auto* call = std::get_if<CallStep>(&program_.steps.at(called.step).body);
  constexpr std::string_view ends_or_opens[] = {"connect", "listen", "close", "abort", "die", "destroy"};
  if (call && std::ranges::find(ends_or_opens, call->word) != std::end(ends_or_opens))
    connection_.reopens = true;
  if (call && call->word == "send") asked_ += call->length.value_or(0);
}

void Invariants::take(Time, const Reading& reading) {
  const TcpState state = reading.effective();
  if (state >= TcpState::established && state <= TcpState::time_wait) connection_.synchronized = true;
}

void Invariants::take(Time, const Unreadable& unreadable) {
  const auto ethernet = decode_ethernet(unreadable.frame);
  if (!ethernet || ethernet->type != ether_type::ipv4 || ethernet->payload.empty()) return;
  const std::size_t size = std::size_t{ethernet->payload[0]} % 16 * 4;
  if (size < 20 || size > ethernet->payload.size()) return;
  ChecksumSum sum;
  sum.add(ethernet->payload.first(size));
  if (sum.finish() != 0) broken(Rule::ip_checksum, "the IPv4 header checksum is wrong (RFC 791 3.1)");
}

void Invariants::take(Time at, const Arrived& arrived) {
  const Segment& segment = arrived.segment;
  segment_ = &segment;
  if (segment.bad_checksum) {  // nothing in it can be relied on
    broken(Rule::tcp_checksum, "the TCP checksum is wrong (RFC 9293 3.1, MUST-2)");
    return;
  }
  if (begins_another(segment)) begin_another(segment);
  if (is_of_the_one_before(segment)) {
    connection_ = *before_;
    before_.reset();
  }
  check_header(segment);
  check_options(segment);
  check_ecn(segment);
  if (segment.flags.has(flag::rst)) {
    check_reset(segment);
  } else {
    check_after_reset(segment);
    check_stream(segment);
    check_sizes(segment);
    check_ack(segment);
    check_window_edge(segment);
    check_sack(segment);
    check_timestamps(segment);
    check_backoff(segment);
  }
  Connection& known = connection_;
  if (segment.flags.has(flag::syn)) known.their_syn_flags = known.their_syn_flags + segment.flags;
  known.accurate_ecn = known.accurate_ecn || (segment.flags.has(flag::syn) && segment.reserved == 1);
  known.conversation.arrived(segment);
  known.last_at = std::max(known.last_at, at);
  const Conversation& talk = known.conversation;
  const bool past_syn = !segment.flags.has(flag::syn) && segment.flags.has(flag::ack);
  const bool octets_taken =
      talk.ours.isn() && segment.flags.has(flag::ack) && segment.ack > *talk.ours.isn() + 1;
  if (past_syn && !segment.flags.has(flag::rst) && (segment.length() > 0 || octets_taken))
    known.synchronized = true;
}

// A SYN at another number than the last one, where something happened that allows it; or a SYN+ACK that
// answers another SYN of ours than the one the connection began with.
bool Invariants::begins_another(const Segment& segment) const {
  if (!segment.flags.has(flag::syn) || segment.flags.has(flag::rst)) return false;
  const Connection& known = connection_;
  const auto& their_isn = known.conversation.theirs.isn();
  const auto& our_isn = known.conversation.ours.isn();
  if (their_isn && segment.seq != *their_isn) return known.reopens;
  const bool answers_another = segment.flags.has(flag::ack) && our_isn && segment.ack != *our_isn + 1 &&
                               std::ranges::find(syns_, segment.ack - 1, &Segment::seq) != syns_.end();
  return answers_another;
}

// A reset of ours may have ended what was begun over TIME-WAIT, and brought that back (RFC 9293 3.6.1,
// MAY-2).
bool Invariants::is_of_the_one_before(const Segment& segment) const {
  if (!before_ || connection_.synchronized || !connection_.reopens) return false;
  if (segment.flags.has(flag::syn) || segment.flags.has(flag::rst)) return false;
  return segment.seq == before_->conversation.theirs.next() && segment.ack == before_->acknowledged &&
         segment.seq != connection_.conversation.theirs.next();
}

void Invariants::begin_another(const Segment& segment) {
  const std::optional<Seq> before = connection_.conversation.ours.isn();
  if (connection_.conversation.theirs.fin()) before_ = connection_;
  connection_ = Connection{};
  connection_.first = false;
  series_.clear();
  if (!segment.flags.has(flag::ack)) return;
  const Seq isn = segment.ack - 1;
  const auto answers = [&](const Sent& sent) {
    return sent.segment.flags.has(flag::syn) && !sent.segment.flags.has(flag::ack) && sent.segment.seq == isn;
  };
  // Where both connections begin at one number, the SYNs of the first are older.
  const auto first = std::ranges::find_if(recent_, answers);
  const auto last = std::find_if(recent_.rbegin(), recent_.rend(), answers);
  if (first != recent_.end()) {
    repeat_since(before == isn ? *last : *first);
  } else {
    const auto answered = std::ranges::find(syns_, isn, &Segment::seq);
    if (answered != syns_.end()) repeat_since({{}, *answered, answered->end()});
  }
  // It echoes whichever of them it has seen.
  for (const Segment& syn : syns_) {
    if (syn.seq == isn) note_timestamp(syn, isn);
  }
}

// The SYN that another connection began with, and all that we have sent since.
void Invariants::repeat_since(const Sent& syn) {
  connection_.we_agree_to_ecn = agrees_to_ecn(syn.segment.flags);
  const auto repeat = [&](const Sent& sent) {
    Segment segment = sent.segment;
    const Seq begin = segment.seq + segment.length();
    segment.payload.resize(static_cast<std::size_t>(sent.end - begin));
    const Seq due = connection_.conversation.ours.next();
    note_window(segment);
    connection_.conversation.injected(segment);
    note_timestamp(segment, due);
    note_sent(segment, sent.end);
    if (segment.flags.has(flag::rst)) connection_.reopens = true;
  };
  const auto at = std::ranges::find_if(recent_, [&](const Sent& sent) { return &sent == &syn; });
  if (at == recent_.end()) return repeat(syn);
  std::for_each(at, recent_.end(), repeat);
}

// The furthest edge, because the target may not have seen a later window yet, and a receiver should not take
// back what it announced (RFC 9293 3.8.6).
void Invariants::note_window(const Segment& segment) {
  Connection& known = connection_;
  const Conversation& talk = known.conversation;
  const bool syn = segment.flags.has(flag::syn);
  if (segment.flags.has(flag::rst)) return;
  if (syn) known.syn_window = std::max(known.syn_window, std::uint32_t{segment.window});
  if (!segment.flags.has(flag::ack) || !talk.theirs.isn() || segment.ack > most_theirs()) return;
  const Seq edge = segment.ack + talk.our_window(segment);
  known.our_edge = known.our_edge ? later(*known.our_edge, edge) : edge;
}

bool Invariants::is_keep_alive(const Segment& segment) const {
  const SendingHalf& theirs = connection_.conversation.theirs;
  return segment.payload.size() == 1 && segment.length() == 1 && segment.seq == theirs.next() - 1 &&
         segment.end() <= theirs.unacknowledged();
}

// What a segment that answers us may use: the options of our SYN, whether or not it opened the connection.
const std::vector<Option>& Invariants::offered() const {
  static const std::vector<Option> nothing;
  const SendingHalf& ours = connection_.conversation.ours;
  if (ours.isn()) return ours.syn_options();
  return syns_.empty() ? nothing : syns_.back().options;
}

std::string Invariants::relative_ours(Seq seq) const {
  return to_string(relative_number(seq, connection_.conversation.ours.isn()));
}

std::string Invariants::relative_theirs(Seq seq) const {
  return to_string(relative_number(seq, connection_.conversation.theirs.isn()));
}

void Invariants::broken(Rule rule, std::string difference, const std::string& which) {
  const Invariant& about = invariant(rule);
  Violation out{about.id, about.level, about.source, std::string(about.wanted), {}, std::move(difference),
                {}};
  if (segment_) {
    NumberBase base = connection_.conversation.base().reversed();
    if (!base.sender && segment_->flags.has(flag::syn)) base.sender = segment_->seq;
    out.got = to_string(*segment_, base);
  } else {
    out.got = "a frame that holds no TCP segment";
  }
  out.signature = std::string(about.id) + (which.empty() ? "" : " " + which);
  found_.push_back(std::move(out));
}

}  // namespace finack
