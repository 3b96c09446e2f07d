// SPDX-License-Identifier: Apache-2.0
// The retransmission timer (RFC 6298), congestion control (RFC 5681), and what an acknowledgment means to
// both.
#pragma once

#include "model/turn.h"

namespace finack::model {

// Something was sent that takes sequence numbers: the timer runs from now on, if it does not already.
void expect_acknowledgment(Tcb& tcb, Turn& turn);
// The window keeps back what waits, and nothing is outstanding that would bring an ACK.
void start_probing(Tcb& tcb, Turn& turn);
// `ack` is new: what it covers is gone.
void take_acknowledgment(Tcb& tcb, Turn& turn, Seq ack);
// It is not, although something is outstanding.
void count_duplicate(Tcb& tcb, Turn& turn);
// An echo of congestion came: as for a loss (RFC 3168 6.1.2).
void reduce_window(Tcb& tcb);
// The timer went off (RFC 6298 5.5, RFC 5681 3.1).
void back_off(Tcb& tcb, Turn& turn);
void start_congestion_control(Tcb& tcb);

}  // namespace finack::model
