// SPDX-License-Identifier: Apache-2.0
#include "model/user_calls.h"

#include <algorithm>

#include "model/receiving.h"
#include "model/segment_arrives.h"
#include "model/sending.h"

namespace finack::model {

namespace {

constexpr Emission fin = {Emission::Kind::fin};

bool send_side_closed(TcpState state) {
  return state == TcpState::fin_wait_1 || state == TcpState::fin_wait_2 || state == TcpState::closing ||
         state == TcpState::last_ack || state == TcpState::time_wait;
}

void lose_what_waits(Tcb& tcb, const Turn& turn) {
  constexpr std::size_t most_kept = 65'535;
  const auto sent = static_cast<std::size_t>(later(tcb.snd_nxt, tcb.stream_begin) - tcb.stream_begin);
  if (turn.has(Defect::long_queue_cut) && tcb.stream.size() > std::max(sent, most_kept))
    tcb.stream.resize(std::max(sent, most_kept));
  if (turn.has(Defect::queue_lost_on_close) && tcb.stream.size() > sent) tcb.stream.resize(sent);
}

}  // namespace

void open_actively(Tcb& tcb, Turn& turn) {
  take(tcb, turn, {Event::active_open, TcpState::closed, TcpState::syn_sent, {Emission::Kind::syn}}, [&] {
    const Seq chosen = initial_number(tcb.pair, turn, std::nullopt);
    tcb.iss = tcb.snd_una = tcb.snd_nxt = tcb.options.iss.value_or(chosen);
    tcb.stream_begin = tcb.iss + 1;
    tcb.path_mtu = turn.settings.mtu;
  });
}

std::optional<std::size_t> send(Tcb& tcb, Turn& turn, BytesView octets, bool urgent) {
  const TcpState here = tcb.state;
  if (send_side_closed(here) && turn.has(Defect::text_beyond_fin_sent)) {
    send_beyond_fin(tcb, turn, octets);
    return octets.size();
  }
  if (send_side_closed(here)) take(tcb, turn, {Event::send_refused, here, here});
  if (send_side_closed(here) || here < TcpState::syn_sent || tcb.fin_queued) return std::nullopt;
  const std::size_t size = tcb.options.send_buffer.value_or(turn.settings.send_buffer);
  const std::size_t room = size > tcb.stream.size() ? size - tcb.stream.size() : 0;
  const std::size_t taken = std::min(room, octets.size());
  if (taken == 0) return 0;
  const auto queue = [&] {
    tcb.stream.insert(tcb.stream.end(), octets.begin(), octets.begin() + static_cast<std::ptrdiff_t>(taken));
    if (!urgent || taken != octets.size()) return;
    tcb.snd_up = tcb.queued_end();
    tcb.urgent_queued = true;
  };
  if (here == TcpState::syn_sent || here == TcpState::syn_received) {
    queue();  // "Queue the data for transmission after entering ESTABLISHED state" (3.10.2)
  } else {
    take(tcb, turn, {Event::send, here, here, {Emission::Kind::text}}, queue);
  }
  return taken;
}

Bytes receive(Tcb& tcb, Turn& turn, std::size_t most) {
  const auto count = static_cast<std::ptrdiff_t>(std::min(most, tcb.received.size()));
  Bytes out(tcb.received.begin(), tcb.received.begin() + count);
  const bool rest = !(tcb.end_of_stream && turn.has(Defect::rest_of_read_lost));
  tcb.received.erase(tcb.received.begin(), rest ? tcb.received.begin() + count : tcb.received.end());
  const bool open = tcb.state == TcpState::established || tcb.state == TcpState::fin_wait_1 ||
                    tcb.state == TcpState::fin_wait_2;
  if (count > 0 && open && !tcb.end_of_stream && window_worth_telling(tcb, turn))
    turn.ack_due = Emission{Emission::Kind::ack};
  return out;
}

void close(Tcb& tcb, Turn& turn) {
  const TcpState here = tcb.state;
  switch (here) {
    case TcpState::syn_sent:
      take(tcb, turn, {Event::close, here, TcpState::closed});
      return;
    case TcpState::syn_received:
      if (tcb.queued_end() <= tcb.snd_nxt) {  // nothing waits
        take(tcb, turn, {Event::close, here, TcpState::fin_wait_1, fin});
      } else {
        take(tcb, turn, {Event::close_pending, here, here}, [&] { tcb.fin_queued = fin; });
      }
      return;
    case TcpState::established:
      take(tcb, turn, {Event::close, here, TcpState::fin_wait_1, fin}, [&] { lose_what_waits(tcb, turn); });
      return;
    case TcpState::close_wait:
      take(tcb, turn, {Event::close, here, TcpState::last_ack, fin}, [&] { lose_what_waits(tcb, turn); });
      return;
    case TcpState::closed:
    case TcpState::listen:
      return;
    default:
      take(tcb, turn, {Event::close_again, here, here});
      if (turn.has(Defect::second_fin) && tcb.fin) {
        tcb.fin.reset();
        send_queued(tcb, turn);
      }
  }
}

void close_both_ways(Tcb& tcb, Turn& turn) {
  const TcpState here = tcb.state;
  tcb.orphan = true;
  const bool could_read =
      synchronized(here) && (here != TcpState::time_wait || turn.settings.reset_in_time_wait);
  if (could_read && tcb.unread() > 0 && !turn.has(Defect::no_reset_on_unread)) {
    take(tcb, turn, {Event::close_unread, here, TcpState::closed, {Emission::Kind::reset}});
    return;
  }
  close(tcb, turn);
  if (here == TcpState::fin_wait_2 && tcb.state == here)
    tcb.timers.orphan = turn.now + tcb.options.fin_timeout.value_or(turn.settings.fin_timeout);
}

void close_if_pending(Tcb& tcb, Turn& turn) {
  if (!tcb.fin_queued || tcb.state != TcpState::established) return;
  tcb.fin_queued.reset();
  close(tcb, turn);
}

void abort(Tcb& tcb, Turn& turn) {
  const TcpState here = tcb.state;
  const TcpState then = turn.settings.linger_after_reset ? TcpState::time_wait : TcpState::closed;
  switch (here) {
    case TcpState::closed:
    case TcpState::listen:
      return;
    case TcpState::syn_received:
    case TcpState::established:
    case TcpState::fin_wait_1:
    case TcpState::fin_wait_2:
    case TcpState::close_wait:
      take(tcb, turn, {Event::abort, here, then, {Emission::Kind::reset}});
      return;
    default:  // 3.10.5: "delete the TCB", and no reset
      take(tcb, turn, {Event::abort, here, TcpState::closed});
  }
}

}  // namespace finack::model
