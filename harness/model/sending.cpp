// SPDX-License-Identifier: Apache-2.0
#include "model/sending.h"

#include <algorithm>
#include <utility>

#include "model/fast_open.h"
#include "model/receiving.h"
#include "model/retransmission.h"
#include "model/user_timeout.h"

namespace finack::model {

namespace {

constexpr std::uint16_t tcp_header = 20;

std::uint16_t headers(const Tcb& tcb) {
  return static_cast<std::uint16_t>((tcb.pair.target.address.family == Family::ipv4 ? 20 : 40) + tcp_header);
}

std::uint32_t clock_of(const Tcb& tcb, const Turn& turn) {
  // RFC 7323 5.4: milliseconds
  return tcb.ts_offset + static_cast<std::uint32_t>(turn.now.time_since_epoch() / 1ms);
}

std::vector<Option> syn_options(const Tcb& tcb, const Turn& turn, bool answer) {
  const Settings& settings = turn.settings;
  std::vector<Option> out = {mss_option(receive_mss(tcb, settings))};
  // What is answered was offered; where SYNs cross, ours is the same once more.
  if (answer && tcb.passive ? tcb.sack : settings.sack) out.push_back({option_kind::sack_permitted});
  if (answer && tcb.passive ? tcb.timestamps : settings.timestamps)
    out.push_back(timestamps_option(clock_of(tcb, turn), answer ? tcb.ts_recent : 0));
  if (answer && tcb.passive ? tcb.rcv_shift > 0 : settings.window_scaling) {
    out.push_back({option_kind::nop});
    out.push_back({option_kind::window_scale, {settings.window_shift}});
  }
  if (const auto timeout = user_timeout_option(tcb, turn)) out.push_back(*timeout);
  add_fast_open_option(out, tcb, answer);
  return out;
}

std::vector<Option> usual_options(const Tcb& tcb, const Turn& turn) {
  std::vector<Option> out;
  if (tcb.timestamps) {
    out.push_back({option_kind::nop});
    out.push_back({option_kind::nop});
    out.push_back(timestamps_option(clock_of(tcb, turn), tcb.ts_recent));
  }
  if (tcb.sack && !tcb.held.empty()) {
    // RFC 2018 4: the block with what came last stands first; three fit beside timestamps.
    const std::size_t most = tcb.timestamps ? 3 : 4;
    ByteWriter blocks;
    const auto add = [&](const Piece& piece) {
      if (blocks.size() == 8 * most) return;
      blocks.u32(piece.begin.value);
      blocks.u32(piece.end().value);
    };
    const auto latest = [&](const Piece& piece) {
      return piece.begin <= tcb.latest_piece && tcb.latest_piece < piece.end();
    };
    for (const Piece& piece : tcb.held) {
      if (latest(piece)) add(piece);
    }
    for (const Piece& piece : tcb.held) {
      if (!latest(piece)) add(piece);
    }
    out.push_back({option_kind::nop});
    out.push_back({option_kind::nop});
    out.push_back({option_kind::sack, blocks.take()});
  }
  return out;
}

std::uint32_t usual_option_octets(const Tcb& tcb) {
  const std::uint32_t stamps = tcb.timestamps ? 12 : 0;
  const auto blocks =
      std::min<std::uint32_t>(static_cast<std::uint32_t>(tcb.held.size()), tcb.timestamps ? 3 : 4);
  return stamps + (tcb.sack && blocks > 0 ? 4 + 8 * blocks : 0);
}

// The segment that the connection's variables make, without payload.
Segment blank(Tcb& tcb, Turn& turn, Flags flags, Seq seq) {
  Segment out;
  out.source = tcb.pair.target;
  out.destination = tcb.pair.peer;
  out.flags = flags;
  out.seq = seq;
  if (flags.has(flag::ack)) {
    out.ack = tcb.rcv_nxt;
    tcb.last_ack_sent = tcb.rcv_nxt;
    if (turn.has(Defect::fin_not_counted) && tcb.end_of_stream) out.ack = out.ack - 1;
  }
  out.window = announce_window(tcb, turn, flags.has(flag::syn));
  if (tcb.ecn && tcb.echo_congestion && !flags.has(flag::syn)) out.flags = out.flags + flag::ece;
  return out;
}

// One segment of the stream from `seq` on.
void send_text(Tcb& tcb, Turn& turn, Seq seq, std::uint32_t length, bool fin) {
  Segment out = blank(tcb, turn, flag::ack, seq);
  const auto at = static_cast<std::size_t>(seq - tcb.stream_begin);
  if (length > 0) {  // a FIN alone may lie behind it
    out.payload.assign(tcb.stream.begin() + static_cast<std::ptrdiff_t>(at),
                       tcb.stream.begin() + static_cast<std::ptrdiff_t>(at + length));
  }
  if (turn.has(Defect::octet_lost_at_zero) && Seq{} >= seq && Seq{} < seq + length)
    out.payload[static_cast<std::size_t>(Seq{} - seq)] ^= 0xff;
  if (length > 0 && at + length == tcb.stream.size() && !turn.has(Defect::no_push))
    out.flags = out.flags + flag::psh;
  if (tcb.urgent_queued && seq < tcb.snd_up && tcb.snd_up - seq <= 0xffff) {
    out.flags = out.flags + flag::urg;
    out.urgent = static_cast<std::uint16_t>(tcb.snd_up - seq);
  }
  if (fin) {
    out.flags = out.flags + flag::fin;
    out.seq = out.seq + tcb.fin_queued->seq_error;
    out.ack = out.ack + tcb.fin_queued->ack_error;
  }
  // RFC 3168 6.1.2 and 6.1.5: of new octets alone.
  if (tcb.ecn && length > 0 && seq == tcb.snd_nxt) {
    constexpr std::uint8_t ect_0 = 2;
    out.ip.tos = ect_0;
    if (std::exchange(tcb.window_reduced, false)) out.flags = out.flags + flag::cwr;
  }
  if (!fin || !turn.has(Defect::fin_without_timestamps)) out.options = usual_options(tcb, turn);
  turn.ack_due.reset();
  turn.out.push_back(std::move(out));
}

// RFC 9293 3.7.1: what is left of the peer's MSS, and of the path, beside the options.
std::uint32_t effective_mss(const Tcb& tcb, const Turn& turn) {
  std::uint32_t out = std::min<std::uint32_t>(tcb.snd_mss, tcb.path_mtu - headers(tcb));
  if (tcb.options.max_segment) out = std::min<std::uint32_t>(out, *tcb.options.max_segment);
  if (!turn.has(Defect::mss_without_options)) out -= std::min(out - 1, usual_option_octets(tcb));
  return std::max<std::uint32_t>(out, 1);
}

bool may_send(const Tcb& tcb) {
  if (tcb.snd_nxt < tcb.stream_begin) return false;  // a mutant has kept the SYN back
  const TcpState state = tcb.state;
  const bool before_established = state == TcpState::syn_received && tcb.fast_open;  // RFC 7413 4.2.2
  return before_established || state == TcpState::established || state == TcpState::close_wait ||
         state == TcpState::fin_wait_1 || state == TcpState::closing || state == TcpState::last_ack;
}

// What is to go out next, if anything may (RFC 9293 3.7.4 and 3.8.6.2.1).
struct Next {
  std::uint32_t length = 0;
  bool fin = false;
  bool blocked = false;  // something waits that the window keeps back
};

Next next_segment(const Tcb& tcb, const Turn& turn, bool force) {
  Next out;
  if (tcb.fin) return out;
  const Seq end = later(tcb.queued_end(), tcb.snd_nxt);
  const auto left = static_cast<std::uint32_t>(end - tcb.snd_nxt);
  const auto in_flight = static_cast<std::uint32_t>(tcb.snd_nxt - tcb.snd_una);
  const std::uint32_t window = std::min(tcb.snd_wnd, tcb.cwnd);
  const std::uint32_t usable = window > in_flight ? window - in_flight : 0;
  const std::uint32_t mss = effective_mss(tcb, turn);
  const bool may_fin = tcb.state != TcpState::syn_received;  // there a close waits for the handshake
  const bool fin_waits = tcb.fin_queued && may_fin && (!turn.has(Defect::fin_late) || in_flight == 0);
  out.length = std::min({left, mss, usable});
  const bool last = out.length == left;
  out.fin = last && fin_waits && usable > out.length;
  if (out.length == 0 && !out.fin) {
    out.blocked = left > 0 || fin_waits;
    return out;
  }
  if (force || out.length == mss || out.fin) return out;
  // A part of what waits goes out only when it is worth it; a last small segment when nothing is outstanding.
  const bool outstanding = tcb.stream_begin < tcb.snd_nxt;
  const bool hold =
      last ? outstanding && !tcb.options.no_delay && !tcb.fin_queued : out.length < tcb.max_snd_wnd / 2;
  if (hold) out = {0, false, true};
  return out;
}

// RFC 7413 4.2.1: what fits beside the options. Only then is there anything to send already.
void add_first_octets(Segment& syn, const Tcb& tcb) {
  const std::uint32_t most = std::min<std::uint32_t>(tcb.snd_mss, tcb.path_mtu - headers(tcb));
  const std::size_t options = (size_of(syn.options) + 3) / 4 * 4;
  const std::size_t length = std::min(tcb.stream.size(), most - std::min<std::size_t>(most, options));
  syn.payload.assign(tcb.stream.begin(), tcb.stream.begin() + static_cast<std::ptrdiff_t>(length));
}

}  // namespace

std::uint16_t receive_mss(const Tcb& tcb, const Settings& settings) {
  const auto most = static_cast<std::uint16_t>(settings.mtu - headers(tcb));
  return std::min(most, tcb.options.max_segment.value_or(most));
}

void send_syn(Tcb& tcb, Turn& turn, const Emission& emission) {
  const bool answer = emission.kind == Emission::Kind::syn_ack;
  Segment out = blank(tcb, turn, answer ? flag::syn + flag::ack : flag::syn, tcb.iss);
  if (answer ? tcb.ecn : turn.settings.ecn == 1)
    out.flags = out.flags + (answer ? flag::ece : flag::ece + flag::cwr);
  out.seq = out.seq + emission.seq_error;
  out.ack = out.ack + emission.ack_error;
  out.options = syn_options(tcb, turn, answer);
  if (is_first_syn(tcb)) add_first_octets(out, tcb);
  tcb.snd_nxt = later(tcb.snd_nxt, tcb.iss + out.length());
  turn.ack_due.reset();
  turn.out.push_back(std::move(out));
  expect_acknowledgment(tcb, turn);
}

void send_queued(Tcb& tcb, Turn& turn) {
  if (!may_send(tcb)) return;
  for (;;) {
    const Next next = next_segment(tcb, turn, false);
    if (next.length == 0 && !next.fin) {
      const bool idle = tcb.snd_una == tcb.snd_nxt;
      if (turn.has(Defect::fin_overtakes) && next.blocked && tcb.fin_queued && tcb.snd_wnd == 0 && idle) {
        tcb.stream.clear();
        tcb.fin = tcb.snd_nxt;
        send_text(tcb, turn, tcb.snd_nxt, 0, true);
        tcb.snd_nxt = tcb.snd_nxt + 1;
        break;
      }
      if (next.blocked && idle) start_probing(tcb, turn);
      if (!next.blocked) tcb.timers.probe = never;
      break;
    }
    tcb.timers.probe = never;
    if (next.fin) tcb.fin = tcb.snd_nxt + next.length;
    send_text(tcb, turn, tcb.snd_nxt, next.length, next.fin);
    tcb.snd_nxt = tcb.snd_nxt + next.length + (next.fin ? 1 : 0);
    if (!tcb.timing) tcb.timing = Tcb::Timing{tcb.snd_nxt, turn.now};
  }
  expect_acknowledgment(tcb, turn);
}

void send_oldest(Tcb& tcb, Turn& turn, const Emission& emission) {
  tcb.timing.reset();  // Karn's algorithm (RFC 6298 3)
  const std::size_t before = turn.out.size();
  if (tcb.state == TcpState::syn_sent || tcb.state == TcpState::syn_received) {
    Emission again = emission;
    again.kind = tcb.state == TcpState::syn_sent ? Emission::Kind::syn : Emission::Kind::syn_ack;
    return send_syn(tcb, turn, again);
  }
  const Seq text_end =
      tcb.fin ? std::min(*tcb.fin, tcb.queued_end()) : std::min(tcb.snd_nxt, tcb.queued_end());
  const Seq first = later(tcb.snd_una, tcb.stream_begin);
  const auto outstanding = first < text_end ? static_cast<std::uint32_t>(text_end - first) : 0;
  const std::uint32_t length = std::min(outstanding, effective_mss(tcb, turn));
  const bool fin = tcb.fin && first + length == *tcb.fin;
  const bool fin_again = turn.has(Defect::fin_repeated_for_ever) && tcb.state == TcpState::fin_wait_2;
  if (fin_again || (turn.has(Defect::fin_alone_repeated) && tcb.fin))
    return send_text(tcb, turn, *tcb.fin, 0, true);
  if (length == 0 && !fin) return;
  if (fin && length == 0 && turn.has(Defect::fin_sent_once)) return;
  send_text(tcb, turn, first, length, fin);
  if (turn.out.size() == before) return;
  Segment& again = turn.out.back();
  again.seq = again.seq + emission.seq_error;
  again.ack = again.ack + emission.ack_error;
  if (turn.has(Defect::inconsistent_retransmission) && length > 0) again.payload[0] ^= 0xff;
  if (turn.has(Defect::fin_renumbered) && fin && length == 0) again.seq = again.seq + 1;
}

void send_probe(Tcb& tcb, Turn& turn, const Emission& emission) {
  Segment out = blank(tcb, turn, flag::ack, tcb.snd_nxt - 1 + emission.seq_error);
  out.ack = out.ack + emission.ack_error;
  out.options = usual_options(tcb, turn);
  turn.out.push_back(std::move(out));
}

void send_reset(Tcb& tcb, Turn& turn, const Emission& emission) {
  Segment out;
  out.source = tcb.pair.target;
  out.destination = tcb.pair.peer;
  out.flags = flag::rst;
  out.seq = emission.seq.value_or(tcb.snd_nxt) + emission.seq_error;
  if (emission.ack) {
    out.flags = out.flags + flag::ack;
    out.ack = *emission.ack + emission.ack_error;
  }
  if (tcb.timestamps && !turn.has(Defect::reset_without_timestamps)) {  // RFC 7323 5.2; where there is no
                                                                        // connection there is no clock
    const bool nobody = tcb.state == TcpState::closed || tcb.state == TcpState::listen;
    out.options = {{option_kind::nop},
                   {option_kind::nop},
                   timestamps_option(nobody ? 0 : clock_of(tcb, turn), tcb.ts_recent)};
  }
  turn.out.push_back(std::move(out));
}

void finish_turn(Tcb& tcb, Turn& turn) {
  send_queued(tcb, turn);
  if (!turn.ack_due) return;
  const Emission due = *turn.ack_due;
  Segment out = blank(tcb, turn, flag::ack, tcb.snd_nxt + due.seq_error);
  out.ack = out.ack + due.ack_error;
  out.options = usual_options(tcb, turn);
  turn.out.push_back(std::move(out));
  turn.ack_due.reset();
}

void send_beyond_fin(Tcb& tcb, Turn& turn, BytesView octets) {
  Segment out = blank(tcb, turn, flag::ack + flag::psh, tcb.snd_nxt);
  out.payload.assign(octets.begin(), octets.end());
  out.options = usual_options(tcb, turn);
  turn.out.push_back(std::move(out));
}

void send_despite_window(Tcb& tcb, Turn& turn) {
  const Next next = next_segment(tcb, turn, true);
  if (next.length == 0 && !next.fin) return;
  if (next.fin) tcb.fin = tcb.snd_nxt + next.length;
  send_text(tcb, turn, tcb.snd_nxt, next.length, next.fin);
  tcb.snd_nxt = tcb.snd_nxt + next.length + (next.fin ? 1 : 0);
  expect_acknowledgment(tcb, turn);
}

}  // namespace finack::model
