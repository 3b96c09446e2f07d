// SPDX-License-Identifier: Apache-2.0
#include "model/retransmission.h"

#include <algorithm>

#include "model/sending.h"
#include "model/user_timeout.h"

namespace finack::model {

namespace {

void measure(Tcb& tcb, const Turn& turn, Duration sample) {
  // RFC 6298 2.2 and 2.3
  if (!tcb.measured) {
    tcb.srtt = sample;
    tcb.rttvar = sample / 2;
    tcb.measured = true;
  } else {
    const Duration error = tcb.srtt > sample ? tcb.srtt - sample : sample - tcb.srtt;
    tcb.rttvar = (3 * tcb.rttvar + error) / 4;
    tcb.srtt = (7 * tcb.srtt + sample) / 8;
  }
  const Duration granularity = 1ms;
  tcb.rto = std::clamp(tcb.srtt + std::max(granularity, 4 * tcb.rttvar), turn.settings.rto_min,
                       turn.settings.rto_max);
}

std::uint32_t full_segment(const Tcb& tcb) {
  return std::max<std::uint32_t>(tcb.snd_mss, 1);
}

}  // namespace

void start_congestion_control(Tcb& tcb) {
  tcb.cwnd = std::min(10 * full_segment(tcb), std::max(2 * full_segment(tcb), 14'600u));  // RFC 6928 2
  tcb.ssthresh = UINT32_MAX;
}

void expect_acknowledgment(Tcb& tcb, Turn& turn) {
  if (tcb.snd_una == tcb.snd_nxt || tcb.timers.retransmit != never) return;
  if (tcb.rto == Duration{})
    tcb.rto = turn.has(Defect::initial_rto_low) ? Duration(100ms) : turn.settings.initial_rto;
  tcb.timers.retransmit = turn.now + tcb.rto;
  if (tcb.timers.give_up == never) tcb.timers.give_up = turn.now + user_timeout(tcb, turn);
  tcb.timers.probe = never;
}

void start_probing(Tcb& tcb, Turn& turn) {
  if (tcb.timers.probe != never || turn.has(Defect::probe_deadlock)) return;
  // RFC 9293 3.8.6.1, SHLD-29: after one retransmission timeout
  tcb.probe_interval = std::max(tcb.rto, turn.settings.rto_min);
  tcb.timers.probe = turn.now + tcb.probe_interval;
  if (tcb.timers.give_up == never) tcb.timers.give_up = turn.now + user_timeout(tcb, turn);
}

void take_acknowledgment(Tcb& tcb, Turn& turn, Seq ack) {
  const auto octets = static_cast<std::uint32_t>(ack - tcb.snd_una);
  tcb.snd_una = ack;
  if (ack > tcb.stream_begin) {
    const auto gone = std::min(tcb.stream.size(), static_cast<std::size_t>(ack - tcb.stream_begin));
    tcb.stream.erase(tcb.stream.begin(), tcb.stream.begin() + static_cast<std::ptrdiff_t>(gone));
    tcb.stream_begin = tcb.stream_begin + static_cast<std::uint32_t>(gone);
  }
  if (tcb.urgent_queued && ack >= tcb.snd_up) tcb.urgent_queued = false;
  if (tcb.timing && ack >= tcb.timing->end) {
    measure(tcb, turn, turn.now - tcb.timing->at);
    tcb.timing.reset();
  }
  // RFC 5681 3.1 and 3.2
  const std::uint32_t mss = full_segment(tcb);
  if (tcb.duplicate_acks >= 3) {
    tcb.cwnd = tcb.ssthresh;
  } else {
    tcb.cwnd +=
        tcb.cwnd < tcb.ssthresh
            ? std::min(octets, mss)
            : std::max(1u, static_cast<std::uint32_t>(std::uint64_t{mss} * mss / std::max(tcb.cwnd, 1u)));
    tcb.cwnd = std::min(tcb.cwnd, std::uint32_t{1} << 30);
  }
  tcb.duplicate_acks = 0;
  tcb.retransmitted = 0;
  // RFC 6298 5.2 and 5.3; what was given a time is given a new one
  tcb.timers.retransmit = tcb.timers.give_up = never;
  expect_acknowledgment(tcb, turn);
}

void count_duplicate(Tcb& tcb, Turn& turn) {
  const std::uint32_t mss = full_segment(tcb);
  if (++tcb.duplicate_acks < 3) return;
  if (tcb.duplicate_acks > 3) {
    tcb.cwnd += mss;
    return;
  }
  const auto in_flight = static_cast<std::uint32_t>(tcb.snd_nxt - tcb.snd_una);
  tcb.ssthresh = std::max(in_flight / 2, 2 * mss);
  tcb.cwnd = tcb.ssthresh + 3 * mss;
  send_oldest(tcb, turn, {Emission::Kind::oldest});
}

void reduce_window(Tcb& tcb) {
  const auto in_flight = static_cast<std::uint32_t>(tcb.snd_nxt - tcb.snd_una);
  tcb.ssthresh = std::max(in_flight / 2, 2 * full_segment(tcb));
  tcb.cwnd = tcb.ssthresh;
}

void back_off(Tcb& tcb, Turn& turn) {
  const auto in_flight = static_cast<std::uint32_t>(tcb.snd_nxt - tcb.snd_una);
  const std::uint32_t mss = full_segment(tcb);
  tcb.ssthresh = std::max(in_flight / 2, 2 * mss);
  tcb.cwnd = mss;
  tcb.duplicate_acks = 0;
  if (!turn.has(Defect::no_back_off)) tcb.rto = std::min(2 * tcb.rto, turn.settings.rto_max);
  tcb.timers.retransmit = turn.now + tcb.rto;
  if (!turn.has(Defect::trouble_untold)) ++tcb.retransmitted;
}

}  // namespace finack::model
