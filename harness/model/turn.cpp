// SPDX-License-Identifier: Apache-2.0
#include "model/turn.h"

#include "model/edges.h"
#include "model/sending.h"

namespace finack::model {

namespace {

void emit(Tcb& tcb, Turn& turn, const Emission& emission) {
  using Kind = Emission::Kind;
  switch (emission.kind) {
    case Kind::none:
      return;
    case Kind::ack:
      turn.ack_due = emission;
      return;
    case Kind::reset:
      return send_reset(tcb, turn, emission);
    case Kind::syn:
    case Kind::syn_ack:
      return send_syn(tcb, turn, emission);
    case Kind::fin:
      tcb.fin_queued = emission;
      return send_queued(tcb, turn);
    case Kind::text:
      return send_queued(tcb, turn);
    case Kind::oldest:
      return send_oldest(tcb, turn, emission);
    case Kind::probe:
      return send_probe(tcb, turn, emission);
  }
}

void enter(Tcb& tcb, Turn& turn, TcpState next) {
  if (tcb.state == next) return;
  tcb.state = next;
  Timers& timers = tcb.timers;
  switch (next) {
    case TcpState::closed:
    case TcpState::listen:
      timers = {};
      tcb.held.clear();
      tcb.stream.clear();
      break;
    case TcpState::close_wait:
      if (turn.has(Defect::close_wait_ends)) timers.orphan = turn.now + 60s;
      break;
    case TcpState::fin_wait_2:
      if (turn.has(Defect::fin_repeated_for_ever)) timers.retransmit = turn.now + tcb.rto;
      if (tcb.orphan) timers.orphan = turn.now + tcb.options.fin_timeout.value_or(turn.settings.fin_timeout);
      break;
    case TcpState::time_wait:
      // "start the time-wait timer, turn off the other timers" (RFC 9293 3.10.7.4, eighth)
      timers = {};
      timers.time_wait = turn.now + time_wait_lasts(turn);
      break;
    default:
      break;
  }
}

}  // namespace

Duration time_wait_lasts(const Turn& turn) {
  return turn.has(Defect::time_wait_short) ? turn.settings.msl / 2 : 2 * turn.settings.msl;
}

std::optional<Outcome> decide(const Tcb& tcb, Turn& turn, Outcome outcome) {
  const Edge* edge = find_edge(outcome.event, outcome.from, outcome.next);
  if (edge) outcome.edge = edge->id;
  auto changed = mutate(turn.mutant, outcome);
  if (changed && turn.hook) turn.hook(tcb.pair, outcome);
  return changed;
}

void apply(Tcb& tcb, Turn& turn, const Outcome& outcome) {
  // A reset goes out before the numbers it is made of are gone; a FIN after the state has changed, so that
  // its ACK finds it.
  const bool first = outcome.emits.kind == Emission::Kind::reset;
  if (first) emit(tcb, turn, outcome.emits);
  enter(tcb, turn, outcome.next);
  if (!first) emit(tcb, turn, outcome.emits);
}

bool take(Tcb& tcb, Turn& turn, const Outcome& wanted) {
  return take(tcb, turn, wanted, [] {});
}

}  // namespace finack::model
