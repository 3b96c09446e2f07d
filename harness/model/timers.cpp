// SPDX-License-Identifier: Apache-2.0
#include "model/timers.h"

#include <algorithm>

#include "model/retransmission.h"
#include "model/segment_arrives.h"
#include "model/sending.h"
#include "model/user_timeout.h"

namespace finack::model {

namespace {

void keep_alive_expires(Tcb& tcb, Turn& turn) {
  const Settings& settings = turn.settings;
  const TcpState here = tcb.state;
  const Duration interval = tcb.options.keep_alive_interval.value_or(settings.keep_alive_interval);
  tcb.timers.keep_alive = turn.now + (turn.has(Defect::keep_alive_often) ? interval / 10 : interval);
  if (tcb.snd_una != tcb.snd_nxt) return;  // whether the peer lives will show by itself
  const unsigned most = turn.has(Defect::keep_alive_short)
                            ? 1
                            : tcb.options.keep_alive_count.value_or(settings.keep_alive_count);
  if (tcb.keep_alives < most) {
    ++tcb.keep_alives;
    take(tcb, turn, {Event::keep_alive, here, here, {Emission::Kind::probe}});
    return;
  }
  // Nothing prescribes the reset; it is what stacks do.
  take(tcb, turn, {Event::keep_alive_over, here, TcpState::closed, {Emission::Kind::reset}},
       [&] { set_error(tcb, "ETIMEDOUT"); });
}

void probe_expires(Tcb& tcb, Turn& turn) {
  const TcpState here = tcb.state;
  // SHLD-30: the interval grows
  if (!turn.has(Defect::no_back_off))
    tcb.probe_interval = std::min(2 * tcb.probe_interval, turn.settings.rto_max);
  tcb.timers.probe = turn.now + tcb.probe_interval;
  if (tcb.timers.give_up == never) tcb.timers.give_up = turn.now + user_timeout(tcb, turn);
  if (tcb.snd_wnd > 0) return send_despite_window(tcb, turn);
  take(tcb, turn, {Event::probe, here, here, {Emission::Kind::probe}});
}

}  // namespace

void restart_keep_alive(Tcb& tcb, const Turn& turn) {
  tcb.keep_alives = 0;
  const bool wanted =
      tcb.options.keep_alive && tcb.state >= TcpState::established && tcb.state != TcpState::time_wait;
  Duration idle = tcb.options.keep_alive_idle.value_or(turn.settings.keep_alive);
  // RFC 5482 4.2: later than the user timeout, whatever the application asked for.
  const bool given = tcb.options.user_timeout || tcb.agreed_timeout;
  if (given && !turn.has(Defect::keep_alive_first))
    idle = std::max<Duration>(idle, user_timeout(tcb, turn) + 1s);
  if (turn.has(Defect::keep_alive_often)) idle /= 10;
  tcb.timers.keep_alive = wanted ? turn.now + idle : never;
}

Time next_timer(const Tcb& tcb) {
  const Timers& timers = tcb.timers;
  return std::min(
      {timers.retransmit, timers.give_up, timers.probe, timers.keep_alive, timers.orphan, timers.time_wait});
}

void timer_expires(Tcb& tcb, Turn& turn) {
  const TcpState here = tcb.state;
  Timers& timers = tcb.timers;
  const auto due = [&](Time& timer) { return timer <= turn.now && (timer = never, true); };
  if (due(timers.time_wait)) {
    take(tcb, turn, {Event::time_wait_over, here, TcpState::closed});
  } else if (due(timers.orphan)) {
    take(tcb, turn, {Event::orphan_over, here, TcpState::closed});
  } else if (due(timers.give_up)) {
    take(tcb, turn, {Event::give_up, here, TcpState::closed}, [&] { set_error(tcb, "ETIMEDOUT"); });
  } else if (due(timers.retransmit)) {
    back_off(tcb, turn);
    take(tcb, turn, {Event::retransmit, here, here, {Emission::Kind::oldest}});
  } else if (due(timers.probe)) {
    probe_expires(tcb, turn);
  } else if (due(timers.keep_alive)) {
    keep_alive_expires(tcb, turn);
  }
}

}  // namespace finack::model
