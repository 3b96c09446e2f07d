// SPDX-License-Identifier: Apache-2.0
// RFC 9293 3.10.7.4: a segment arrives in SYN-RECEIVED or a synchronized state. A function a check, in the
// order of the text; each says whether the next one comes.
#include <utility>

#include "model/receiving.h"
#include "model/retransmission.h"
#include "model/segment_arrives.h"
#include "model/sending.h"
#include "model/user_calls.h"
#include "model/user_timeout.h"

namespace finack::model {

namespace {

constexpr Emission ack = {Emission::Kind::ack};

bool in_window(const Tcb& tcb, Seq seq) {
  return tcb.rcv_nxt <= seq && seq < tcb.rcv_nxt + tcb.rcv_wnd();
}

// 3.10.7.4, first: the four cases.
bool acceptable(const Tcb& tcb, const Segment& segment) {
  const std::uint32_t length = segment.length();
  if (length == 0) return tcb.rcv_wnd() == 0 ? segment.seq == tcb.rcv_nxt : in_window(tcb, segment.seq);
  return in_window(tcb, segment.seq) || in_window(tcb, segment.end() - 1);
}

bool repeats_fin(const Tcb& tcb, const Segment& segment) {
  return segment.flags.has(flag::fin) && tcb.end_of_stream && segment.end() == tcb.rcv_nxt;
}

void fin_again(Tcb& tcb, Turn& turn) {
  take(tcb, turn, {Event::fin_again, tcb.state, tcb.state, ack}, [&] {
    if (tcb.state == TcpState::time_wait && !turn.has(Defect::time_wait_not_restarted))
      tcb.timers.time_wait = turn.now + time_wait_lasts(turn);
  });
}

// RFC 7323 5.3, R1 to R3, and 3.2: none after they were agreed on.
bool check_timestamp(Tcb& tcb, Turn& turn, const Segment& segment) {
  const auto stamps = timestamps_of(segment.options);
  const bool exempt = segment.flags.has(flag::rst) && !(stamps && turn.has(Defect::reset_under_paws));
  if (!tcb.timestamps || exempt) return true;
  if (!stamps) {
    take(tcb, turn, {Event::no_timestamp, tcb.state, tcb.state});
    return false;
  }
  constexpr Duration outdated = std::chrono::hours(24 * 24);  // 5.5
  const bool old = Seq{stamps->value} < Seq{tcb.ts_recent} && turn.now - tcb.ts_recent_at < outdated;
  if (old) {
    if (repeats_fin(tcb, segment)) {
      fin_again(tcb, turn);
    } else {
      take(tcb, turn, {Event::old_timestamp, tcb.state, tcb.state, ack});
    }
    return false;
  }
  if (acceptable(tcb, segment) && segment.seq <= tcb.last_ack_sent) {
    tcb.ts_recent = stamps->value;
    tcb.ts_recent_at = turn.now;
  }
  return true;
}

// RFC 3168 6.1.3: marks on octets are echoed until CWR comes.
void note_mark(Tcb& tcb, const Segment& segment) {
  constexpr std::uint8_t congestion_experienced = 3;
  if (!tcb.ecn || segment.payload.empty()) return;
  if (segment.flags.has(flag::cwr)) tcb.echo_congestion = false;
  if (segment.ip.tos % 4 == congestion_experienced) tcb.echo_congestion = true;
}

// RFC 3168 6.1.2: as for a loss, once for each window of octets.
void note_echo(Tcb& tcb, const Segment& segment) {
  if (!tcb.ecn || !segment.flags.has(flag::ece) || segment.ack <= tcb.ecn_recovered) return;
  reduce_window(tcb);
  tcb.window_reduced = true;
  tcb.ecn_recovered = tcb.snd_nxt;
}

// RFC 5961 7: no more than ten in five seconds, its example.
void challenge(Tcb& tcb, Turn& turn, Event why) {
  constexpr unsigned most = 10;
  constexpr Duration span = 5s;
  const bool over = turn.now >= tcb.challenges_since + span;
  const bool mute = !over && tcb.challenges == most && !turn.has(Defect::challenges_unlimited);
  take(tcb, turn, {why, tcb.state, tcb.state, mute ? Emission{} : ack}, [&] {
    if (over) tcb.challenges_since = turn.now;
    if (!mute) tcb.challenges = over ? 1 : std::min(most, tcb.challenges + 1);
  });
}

bool check_acknowledgment(Tcb& tcb, Turn& turn, const Segment& segment);

// first, check sequence number
bool check_sequence(Tcb& tcb, Turn& turn, const Segment& segment) {
  if (segment.flags.has(flag::rst)) return true;  // the next check has a stricter test (RFC 5961 3.2)
  if (acceptable(tcb, segment)) return true;
  if (turn.has(Defect::text_after_fin) && tcb.end_of_stream && segment.seq == tcb.rcv_nxt) return true;
  const bool syn = segment.flags.has(flag::syn) && synchronized(tcb.state);
  if (syn && turn.has(Defect::no_challenge)) return false;
  if (repeats_fin(tcb, segment)) {
    fin_again(tcb, turn);
  } else if (syn) {
    challenge(tcb, turn, Event::syn_challenged);
  } else {
    take(tcb, turn, {Event::unacceptable, tcb.state, tcb.state, ack});
  }
  // "special allowance should be made to accept valid ACKs" when the window is zero
  const bool closed_window = tcb.rcv_wnd() == 0 && segment.seq == tcb.rcv_nxt && synchronized(tcb.state);
  if (closed_window && !syn && segment.flags.has(flag::ack)) check_acknowledgment(tcb, turn, segment);
  return false;
}

std::string_view reset_error(TcpState state) {
  return state == TcpState::close_wait ? "EPIPE" : state == TcpState::time_wait ? "" : "ECONNRESET";
}

// A defect's reason not to heed a reset.
bool passes_over(const Tcb& tcb, const Turn& turn, const Segment& reset) {
  const bool acknowledges =
      reset.flags.has(flag::ack) && tcb.snd_una <= reset.ack && reset.ack <= tcb.snd_nxt;
  return (turn.has(Defect::reset_needs_window) && tcb.rcv_wnd() == 0) ||
         (turn.has(Defect::reset_needs_ack) && !acknowledges) ||
         (turn.has(Defect::reset_with_text_dropped) && !reset.payload.empty());
}

// Back to LISTEN: whom Fast Open gave the connection already must hear of it.
void tell_if_accepted(Tcb& tcb) {
  if (tcb.fast_open) set_error(tcb, "ECONNRESET");
}

// second, check the RST bit
bool check_reset(Tcb& tcb, Turn& turn, const Segment& segment) {
  if (!segment.flags.has(flag::rst)) return true;
  const TcpState here = tcb.state;
  if (passes_over(tcb, turn, segment)) return false;
  const bool anywhere = turn.has(Defect::reset_anywhere);
  if (!in_window(tcb, segment.seq) && segment.seq != tcb.rcv_nxt && !anywhere) {
    take(tcb, turn, {Event::reset_outside, here, here});
    return false;
  }
  if (here == TcpState::time_wait && turn.settings.ignore_reset_in_time_wait) {
    take(tcb, turn, {Event::reset_ignored, here, here});
    return false;
  }
  if (segment.seq != tcb.rcv_nxt && !anywhere) {
    if (!turn.has(Defect::no_challenge)) challenge(tcb, turn, Event::reset_inexact);
    return false;
  }
  if (here == TcpState::syn_received && tcb.reopened_from) {
    const auto before = tcb.reopened_from;
    take(tcb, turn, {Event::reuse_undone, here, TcpState::time_wait}, [&] {
      tcb = *before;
      tcb.state = here;
    });
  } else if (here == TcpState::syn_received && tcb.passive) {
    take(tcb, turn, {Event::reset, here, TcpState::listen}, [&] { tell_if_accepted(tcb); });
  } else if (here == TcpState::syn_received) {
    take(tcb, turn, {Event::reset, here, TcpState::closed}, [&] { set_error(tcb, "ECONNREFUSED"); });
  } else {
    const std::string_view told = turn.has(Defect::reset_told_as_end) ? "" : reset_error(here);
    take(tcb, turn, {Event::reset, here, TcpState::closed}, [&] { set_error(tcb, told); });
  }
  return false;
}

// fourth, check the SYN bit
bool check_syn(Tcb& tcb, Turn& turn, const Segment& segment) {
  if (!segment.flags.has(flag::syn)) return true;
  const bool silently = turn.has(Defect::syn_ends_silently);
  if (turn.settings.reset_for_syn || silently) {
    const Emission answer{silently ? Emission::Kind::none : Emission::Kind::reset};
    take(tcb, turn, {Event::syn_resets, tcb.state, TcpState::closed, answer},
         [&] { set_error(tcb, "ECONNRESET"); });
  } else if (tcb.state == TcpState::syn_received && tcb.passive) {
    take(tcb, turn, {Event::syn_returns, tcb.state, TcpState::listen}, [&] { tell_if_accepted(tcb); });
  } else if (!turn.has(Defect::no_challenge)) {
    challenge(tcb, turn, Event::syn_challenged);
  }
  return false;
}

void update_window(Tcb& tcb, const Segment& segment) {
  const bool newer = tcb.snd_wl1 < segment.seq || (tcb.snd_wl1 == segment.seq && tcb.snd_wl2 <= segment.ack);
  if (!newer || segment.ack < tcb.snd_una) return;
  tcb.snd_wnd = std::uint32_t{segment.window} << tcb.snd_shift;
  tcb.max_snd_wnd = std::max(tcb.max_snd_wnd, tcb.snd_wnd);
  tcb.snd_wl1 = segment.seq;
  tcb.snd_wl2 = segment.ack;
}

bool is_duplicate(const Tcb& tcb, const Segment& segment) {  // RFC 5681 2
  return segment.ack == tcb.snd_una && tcb.snd_una < tcb.snd_nxt && segment.length() == 0 &&
         (std::uint32_t{segment.window} << tcb.snd_shift) == tcb.snd_wnd;
}

// Whether the eighth step will find a FIN to act on.
bool fin_follows(const Tcb& tcb, const Segment& segment) {
  return segment.flags.has(flag::fin) && segment.seq <= tcb.rcv_nxt && segment.end() > tcb.rcv_nxt;
}

// fifth, check the ACK field: what the closing states make of it
bool acknowledge_fin(Tcb& tcb, Turn& turn, const Segment& segment) {
  const TcpState here = tcb.state;
  const bool all = tcb.fin_acknowledged();
  switch (here) {
    case TcpState::fin_wait_1:
      // With a FIN of the peer in the same segment the step from here is another one.
      if (all && fin_follows(tcb, segment)) return true;
      if (all || turn.has(Defect::old_ack_ends_fin_wait_1)) {
        take(tcb, turn, {Event::ack_of_fin, here, TcpState::fin_wait_2});
      } else {
        take(tcb, turn, {Event::ack_short, here, here});
      }
      return true;
    case TcpState::closing:
      if (!all) {
        take(tcb, turn, {Event::ack_short, here, here});
        return false;
      }
      take(tcb, turn, {Event::ack_of_fin, here, TcpState::time_wait});
      return true;
    case TcpState::last_ack:
      if (!all && !turn.has(Defect::any_ack_ends_last_ack)) {
        take(tcb, turn, {Event::ack_short, here, here});
        return true;
      }
      take(tcb, turn, {Event::ack_of_fin, here, TcpState::closed});
      return tcb.state != TcpState::closed;
    default:
      return true;
  }
}

// fifth, check the ACK field
bool check_acknowledgment(Tcb& tcb, Turn& turn, const Segment& segment) {
  const TcpState here = tcb.state;
  if (!segment.flags.has(flag::ack)) {
    take(tcb, turn, {Event::no_ack, here, here});
    return false;
  }
  if (here == TcpState::syn_received) {
    if (segment.ack <= tcb.snd_una || segment.ack > tcb.snd_nxt) {
      Emission reset{Emission::Kind::reset};
      reset.seq = segment.ack;
      take(tcb, turn, {Event::wild_ack, here, here, reset});
      return false;
    }
    const bool taken = take(tcb, turn, {Event::ack_of_syn, here, TcpState::established}, [&] {
      tcb.snd_wnd = std::uint32_t{segment.window} << tcb.snd_shift;
      tcb.max_snd_wnd = std::max(tcb.max_snd_wnd, tcb.snd_wnd);
      tcb.snd_wl1 = segment.seq;
      tcb.snd_wl2 = segment.ack;
    });
    if (!taken) return false;
    take_acknowledgment(tcb, turn, segment.ack);
    tcb.reopened_from.reset();
    restart_keep_alive(tcb, turn);
    close_if_pending(tcb, turn);
    return true;
  }
  // RFC 5961 5.2
  if (segment.ack < tcb.snd_una - tcb.max_snd_wnd) {
    take(tcb, turn, {Event::ack_old, here, here, ack});
    return false;
  }
  const bool plain = turn.has(Defect::plain_comparison);
  if (plain ? segment.ack.value > tcb.snd_nxt.value : segment.ack > tcb.snd_nxt) {
    take(tcb, turn, {Event::ack_ahead, here, here, ack});
    return false;
  }
  note_echo(tcb, segment);
  if (plain ? segment.ack.value > tcb.snd_una.value : segment.ack > tcb.snd_una) {
    take_acknowledgment(tcb, turn, segment.ack);
  } else if (is_duplicate(tcb, segment)) {
    count_duplicate(tcb, turn);
  }
  // A closed window may stay closed for as long as its owner answers (3.8.6.1, MUST-37).
  const bool closed = tcb.timers.probe != never || tcb.snd_wnd == 0;
  if (closed && !turn.has(Defect::probed_to_death)) tcb.timers.give_up = never;
  update_window(tcb, segment);
  return acknowledge_fin(tcb, turn, segment);
}

// sixth, check the URG bit
void take_urgent(Tcb& tcb, const Segment& segment) {
  if (!segment.flags.has(flag::urg) || segment.urgent == 0) return;
  // RFC 6093 2 and 5: the pointer is at the octet behind the urgent ones.
  const Seq at = segment.seq + segment.urgent - 1;
  if (tcb.urgent_at && at <= *tcb.urgent_at) return;
  if (at < tcb.rcv_nxt) return;
  tcb.urgent_at = at;
  tcb.urgent_octet.reset();
}

// seventh, process the segment text; false when that ended the connection
bool process_text(Tcb& tcb, Turn& turn, const Segment& segment) {
  const TcpState here = tcb.state;
  if (segment.payload.empty()) return true;
  const bool new_octets = segment.seq + static_cast<std::uint32_t>(segment.payload.size()) > tcb.rcv_nxt;
  if (!new_octets) return true;
  // RFC 1122 4.2.2.13: nobody is left to read it
  if (tcb.orphan && !turn.has(Defect::no_reset_after_close)) {
    take(tcb, turn, {Event::text_after_close, here, TcpState::closed, {Emission::Kind::reset}});
    return false;
  }
  const bool in_order = segment.seq <= tcb.rcv_nxt;
  take(tcb, turn, {in_order ? Event::text : Event::text_beyond_hole, here, here, ack}, [&] {
    take_text(tcb, turn, segment.seq, segment.payload);
    const bool lost = turn.has(Defect::half_close_is_full) && here != TcpState::established;
    const bool unpushed = turn.has(Defect::unpushed_text_lost) && !segment.flags.has(flag::psh);
    if (lost || unpushed || tcb.orphan) tcb.received.clear();
  });
  return true;
}

// eighth, check the FIN bit
void process_fin(Tcb& tcb, Turn& turn, const Segment& segment, TcpState began) {
  const TcpState here = tcb.state;
  const bool has_fin = segment.flags.has(flag::fin);
  if (!tcb.peer_fin || tcb.end_of_stream) return;
  const bool due = tcb.rcv_nxt == *tcb.peer_fin || (has_fin && turn.has(Defect::fin_beyond_hole));
  if (!due) {
    if (has_fin && !turn.ack_due) take(tcb, turn, {Event::text_beyond_hole, here, here, ack});
    return;
  }
  const auto advance = [&] {
    tcb.rcv_nxt = *tcb.peer_fin + 1;
    tcb.rcv_adv = later(tcb.rcv_adv, tcb.rcv_nxt);
    tcb.end_of_stream = true;
    tcb.held.clear();
    if (turn.has(Defect::read_end_early)) tcb.received.clear();
  };
  switch (here) {
    case TcpState::established:
      take(tcb, turn, {Event::fin, began == TcpState::syn_received ? began : here, TcpState::close_wait, ack},
           advance);
      if (turn.has(Defect::fin_answers_fin)) close(tcb, turn);
      return;
    case TcpState::fin_wait_1:
      if (tcb.fin_acknowledged()) {
        take(tcb, turn, {Event::fin, here, TcpState::time_wait, ack}, advance);
      } else if (take(tcb, turn, {Event::fin, here, TcpState::closing, ack}, advance) &&
                 turn.has(Defect::closing_skipped)) {
        apply(tcb, turn, {Event::fin, here, TcpState::time_wait});
      }
      return;
    case TcpState::fin_wait_2:
      take(tcb, turn, {Event::fin, here, TcpState::time_wait, ack}, advance);
      return;
    default:
      return;
  }
}

}  // namespace

void take_contents(Tcb& tcb, Turn& turn, const Segment& segment, TcpState began) {
  switch (tcb.state) {
    case TcpState::established:
    case TcpState::fin_wait_1:
    case TcpState::fin_wait_2:
      take_urgent(tcb, segment);
      if (segment.flags.has(flag::fin) && turn.has(Defect::fin_beyond_window))
        tcb.rcv_adv = later(tcb.rcv_adv, segment.end());
      if (turn.has(Defect::fin_with_text_lost) && !segment.payload.empty()) {
        process_text(tcb, turn, segment);
        return;
      }
      if (segment.flags.has(flag::fin)) note_fin(tcb, segment.end() - 1);
      if (process_text(tcb, turn, segment)) process_fin(tcb, turn, segment, began);
      return;
    case TcpState::close_wait:
    case TcpState::closing:
    case TcpState::last_ack:
    case TcpState::time_wait:
      if (segment.flags.has(flag::fin)) return fin_again(tcb, turn);
      if (segment.payload.empty() && !segment.flags.has(flag::urg)) {
        const bool ends = turn.has(Defect::ack_ends_time_wait) && tcb.state == TcpState::time_wait;
        if (ends) apply(tcb, turn, {Event::time_wait_over, tcb.state, TcpState::closed});
        return;
      }
      if (turn.has(Defect::text_after_fin)) {
        tcb.rcv_adv = later(tcb.rcv_adv, segment.end());
        take_text(tcb, turn, segment.seq, segment.payload);
        turn.ack_due = ack;
        return;
      }
      take(tcb, turn, {Event::text_beyond_fin, tcb.state, tcb.state});
      return;
    default:
      return;
  }
}

void segment_in_other_states(Tcb& tcb, Turn& turn, const Segment& segment) {
  const TcpState began = tcb.state;
  const bool syn = segment.flags.has(flag::syn) && !segment.flags.has(flag::rst);
  if (syn && began == TcpState::time_wait && turn.settings.drop_old_syn) {
    take(tcb, turn, {Event::syn_dropped, began, began});
    return;
  }
  if (!check_timestamp(tcb, turn, segment)) return;
  if (!check_sequence(tcb, turn, segment)) return;
  if (!check_reset(tcb, turn, segment)) return;
  if (!check_syn(tcb, turn, segment)) return;
  restart_keep_alive(tcb, turn);
  if (!check_acknowledgment(tcb, turn, segment)) return;
  if (turn.has(Defect::unknown_option_resets) && has_user_timeout(segment))
    return apply(tcb, turn, {Event::abort, tcb.state, TcpState::closed, {Emission::Kind::reset}});
  adopt_user_timeout(tcb, turn, segment);
  note_mark(tcb, segment);
  if (tcb.behind_syn) {
    const Segment queued = *std::exchange(tcb.behind_syn, std::nullopt);
    take_contents(tcb, turn, queued, began);
  }
  take_contents(tcb, turn, segment, began);
}

void segment_arrives(Tcb& tcb, Turn& turn, const Segment& segment) {
  switch (tcb.state) {
    case TcpState::closed:
    case TcpState::listen:
      return;  // there is no such record; the host knows what is due
    case TcpState::syn_sent:
      segment_in_syn_sent(tcb, turn, segment);
      break;
    default:
      segment_in_other_states(tcb, turn, segment);
  }
}

}  // namespace finack::model
