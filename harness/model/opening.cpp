// SPDX-License-Identifier: Apache-2.0
// The states in which a connection begins: CLOSED, LISTEN and SYN-SENT (RFC 9293 3.10.7.1 to 3.10.7.3).
#include "base/pattern.h"
#include "model/fast_open.h"
#include "model/receiving.h"
#include "model/retransmission.h"
#include "model/segment_arrives.h"
#include "model/sending.h"
#include "model/user_timeout.h"

namespace finack::model {

namespace {

Emission reset_at(Seq seq) {
  Emission out{Emission::Kind::reset};
  out.seq = seq;
  return out;
}

// What both SYNs must carry (RFC 7323 2.2 and 3.2, RFC 2018 2); a SYN+ACK answers only what was offered.
void negotiate(Tcb& tcb, const Turn& turn, const Segment& syn) {
  const bool ipv4 = tcb.pair.peer.address.family == Family::ipv4;
  tcb.snd_mss = ipv4 ? 536 : 1220;  // RFC 9293 3.7.1, MUST-15
  for (const Option& option : syn.options) {
    if (const auto mss = mss_of(option)) tcb.snd_mss = std::max<std::uint16_t>(*mss, 1);
    if (option.kind == option_kind::sack_permitted && !option.raw) tcb.sack = turn.settings.sack;
  }
  if (const auto stamps = timestamps_of(syn.options); stamps && turn.settings.timestamps) {
    tcb.timestamps = true;
    tcb.ts_recent = stamps->value;
    tcb.ts_recent_at = turn.now;
  }
  if (const auto shift = window_scale_of(syn.options); shift && turn.settings.window_scaling) {
    tcb.snd_shift = *shift;
    tcb.rcv_shift = turn.settings.window_shift;
  }
  // RFC 3168 6.1.1: both flags ask, ECE alone agrees.
  const bool ece = syn.flags.has(flag::ece), cwr = syn.flags.has(flag::cwr);
  const bool answers = syn.flags.has(flag::ack);
  tcb.ecn = answers ? turn.settings.ecn == 1 && ece && !cwr : turn.settings.ecn > 0 && ece && cwr;
  tcb.ecn_recovered = tcb.iss;
  adopt_user_timeout(tcb, turn, syn);
  start_congestion_control(tcb);
}

void begin_receiving(Tcb& tcb, const Turn& turn, const Segment& syn) {
  const std::uint32_t told = tcb.rcv_wnd();
  tcb.irs = syn.seq;
  tcb.rcv_nxt = syn.seq + 1;
  tcb.rcv_adv = tcb.rcv_nxt + told;
  tcb.snd_wnd = tcb.max_snd_wnd = syn.window;
  tcb.snd_wl1 = syn.seq;
  tcb.snd_wl2 = tcb.iss;
  tcb.last_ack_sent = tcb.rcv_nxt;
  negotiate(tcb, turn, syn);
}

// "Any other control or text should be queued for processing later" (3.10.7.2 and 3.10.7.3)
void queue_behind_syn(Tcb& tcb, const Segment& syn) {
  const bool more = !syn.payload.empty() || syn.flags.has(flag::fin) || syn.flags.has(flag::urg);
  if (more) tcb.behind_syn = without_syn(syn);
}

}  // namespace

Segment without_syn(const Segment& segment) {
  Segment out = segment;
  out.flags = out.flags - flag::syn;
  out.seq = out.seq + 1;
  if (out.urgent > 0) --out.urgent;  // counted from the SYN
  return out;
}

Seq initial_number(const EndpointPair& pair, const Turn& turn, const std::optional<Seq>& above) {
  if (turn.settings.iss && !above) return *turn.settings.iss;
  std::uint64_t hash = pattern_word(turn.settings.secret, 0);
  for (const Endpoint& end : {pair.target, pair.peer}) {
    hash = digest_add(hash, end.address.octets.data(), end.address.octets.size());
    const std::uint8_t port[] = {static_cast<std::uint8_t>(end.port >> 8),
                                 static_cast<std::uint8_t>(end.port)};
    hash = digest_add(hash, port, sizeof port);
  }
  const auto clock = static_cast<std::uint32_t>(turn.now.time_since_epoch() / 4us);
  const Seq out{static_cast<std::uint32_t>(hash >> 32) + clock};
  // RFC 1122 4.2.2.13 (a): larger than all that the old connection used
  constexpr std::uint32_t margin = 65'536;
  return above && out < *above + margin ? *above + margin : out;
}

void set_error(Tcb& tcb, std::string_view error) {
  if (!tcb.orphan) tcb.error = error;
  tcb.received.clear();
  tcb.urgent_octet.reset();
}

bool segment_for_nobody(const Segment& segment, TcpState state, Turn& turn) {
  const bool listens = state == TcpState::listen;
  Tcb nobody;
  nobody.pair = {segment.destination, segment.source};
  nobody.state = state;
  const auto stamps = turn.settings.timestamps ? timestamps_of(segment.options) : std::nullopt;
  nobody.timestamps = stamps.has_value();
  nobody.ts_recent = stamps ? stamps->value : 0;
  // first check for a RST
  if (segment.flags.has(flag::rst)) {
    take(nobody, turn, {Event::to_nobody_reset, state, state});
    if (turn.has(Defect::reset_answered))
      send_reset(nobody, turn, reset_at(segment.flags.has(flag::ack) ? segment.ack : Seq{}));
    return false;
  }
  // second check for an ACK
  if (segment.flags.has(flag::ack)) {
    take(nobody, turn, {Event::to_nobody_ack, state, state, reset_at(segment.ack)});
    return false;
  }
  // third check for a SYN
  if (listens && segment.flags.has(flag::syn)) return true;
  // fourth, other data or control
  Emission answer;
  if (!listens) {
    answer = reset_at(Seq{0});
    answer.ack = segment.end();
  }
  take(nobody, turn, {Event::to_nobody_other, state, state, answer});
  return false;
}

bool accept_syn(Tcb& child, Turn& turn, const Segment& segment, Event why, const Tcb* old) {
  const TcpState from = old ? TcpState::time_wait : TcpState::listen;
  child.state = from;
  const std::optional<Seq> above = old ? std::optional(old->snd_nxt) : std::nullopt;
  return take(child, turn, {why, from, TcpState::syn_received, {Emission::Kind::syn_ack}}, [&] {
    child.passive = true;
    const bool again = old && turn.has(Defect::reuse_with_old_number);
    child.iss = child.snd_una = child.snd_nxt = again ? old->iss : initial_number(child.pair, turn, above);
    child.stream_begin = child.iss + 1;
    child.path_mtu = turn.settings.mtu;
    if (old) child.reopened_from = std::make_shared<const Tcb>(*old);
    begin_receiving(child, turn, segment);
    queue_behind_syn(child, segment);
    accept_fast_open(child, turn, segment);
  });
}

std::optional<Event> may_reopen(const Tcb& tcb, const Turn& turn, const Segment& segment) {
  const Flags flags = segment.flags;
  if (tcb.state != TcpState::time_wait || !flags.has(flag::syn)) return std::nullopt;
  if (turn.settings.reset_for_syn) return std::nullopt;  // RFC 793 knows no reopening
  if (flags.has(flag::ack) || flags.has(flag::rst)) return std::nullopt;
  if (turn.has(Defect::reuse_by_lower_number)) return Event::reuse_by_number;
  const auto stamps = turn.settings.timestamps ? timestamps_of(segment.options) : std::nullopt;
  const bool beyond = segment.seq >= tcb.rcv_nxt;
  const bool newer = stamps && tcb.timestamps && Seq{stamps->value} > Seq{tcb.ts_recent};
  if (turn.has(Defect::reuse_needs_number) && newer && !beyond) return std::nullopt;
  if (turn.has(Defect::reuse_needs_newer_timestamp) && stamps && tcb.timestamps && !newer)
    return std::nullopt;
  if (turn.has(Defect::reuse_needs_timestamp) && tcb.timestamps && !stamps) return std::nullopt;
  if (turn.has(Defect::reuse_refuses_timestamps) && stamps && !tcb.timestamps) return std::nullopt;
  if (stamps && !tcb.timestamps) return Event::reuse_by_timestamp;
  if (stamps && Seq{stamps->value} > Seq{tcb.ts_recent}) return Event::reuse_by_timestamp;
  if (stamps && stamps->value != tcb.ts_recent) return std::nullopt;
  if (!beyond) return std::nullopt;
  return tcb.timestamps ? Event::reuse_by_timestamp : Event::reuse_by_number;
}

void segment_in_syn_sent(Tcb& tcb, Turn& turn, const Segment& segment) {
  constexpr TcpState here = TcpState::syn_sent;
  const bool ack = segment.flags.has(flag::ack), rst = segment.flags.has(flag::rst);
  // first, check the ACK bit
  if (ack && (segment.ack <= tcb.iss || segment.ack > tcb.snd_nxt)) {
    if (rst) {
      take(tcb, turn, {Event::wild_ack_reset, here, here});
    } else {
      take(tcb, turn, {Event::wild_ack, here, here, reset_at(segment.ack)});
    }
    return;
  }
  // second, check the RST bit
  if (rst && ack) {
    take(tcb, turn, {Event::reset, here, TcpState::closed}, [&] { set_error(tcb, "ECONNREFUSED"); });
    return;
  }
  if (rst) {
    take(tcb, turn, {Event::reset_without_ack, here, here});
    return;
  }
  // fourth, check the SYN bit
  if (!segment.flags.has(flag::syn)) {
    take(tcb, turn, {Event::neither, here, here});
    return;
  }
  if (!ack) {
    take(tcb, turn, {Event::syn, here, TcpState::syn_received, {Emission::Kind::syn_ack}}, [&] {
      begin_receiving(tcb, turn, segment);
      queue_behind_syn(tcb, segment);
      tcb.timers.retransmit = tcb.timers.give_up = never;
    });
    return;
  }
  const bool taken =
      take(tcb, turn, {Event::syn_ack, here, TcpState::established, {Emission::Kind::ack}}, [&] {
        begin_receiving(tcb, turn, segment);
        take_acknowledgment(tcb, turn, segment.ack);
        tcb.snd_wl2 = segment.ack;
        note_cookie(tcb, segment);
      });
  if (!taken) return;
  // RFC 7413 4.2.1: octets that were not taken with the SYN are sent as any others.
  const auto left = static_cast<std::uint32_t>(tcb.snd_nxt - tcb.snd_una);
  if (left > 0 && left <= tcb.snd_wnd) send_oldest(tcb, turn, {Emission::Kind::oldest});
  restart_keep_alive(tcb, turn);
  // "If there are other controls or text in the segment, then continue processing at the sixth step"
  take_contents(tcb, turn, without_syn(segment), TcpState::established);
}

}  // namespace finack::model
