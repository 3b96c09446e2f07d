// SPDX-License-Identifier: Apache-2.0
// All that a connection puts on the wire.
#pragma once

#include "model/turn.h"

namespace finack::model {

// The largest segment that we can receive (RFC 9293 3.7.1, SendMSS of the peer).
std::uint16_t receive_mss(const Tcb& tcb, const Settings& settings);

void send_syn(Tcb& tcb, Turn& turn, const Emission& emission);
// What windows and Nagle's algorithm let through of what is queued, and behind it the FIN.
void send_queued(Tcb& tcb, Turn& turn);
void send_oldest(Tcb& tcb, Turn& turn, const Emission& emission);
// Without an octet of data, with a number that has been acknowledged, as stacks commonly do: whoever gets it
// answers with an ACK (RFC 9293 3.10.7.4, first), and so tells its window. Serves keep-alive, too (3.8.4).
void send_probe(Tcb& tcb, Turn& turn, const Emission& emission);
void send_reset(Tcb& tcb, Turn& turn, const Emission& emission);
// At the end of an event: what the window lets through by now, and the ACK if it is still owed.
void finish_turn(Tcb& tcb, Turn& turn);

// Sends what waits although it is little (RFC 9293 3.8.6.2.1, the override timeout).
void send_despite_window(Tcb& tcb, Turn& turn);

// A defect's: octets with the numbers behind the FIN, as if it were not there.
void send_beyond_fin(Tcb& tcb, Turn& turn, BytesView octets);

}  // namespace finack::model
