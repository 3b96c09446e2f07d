// SPDX-License-Identifier: Apache-2.0
// The receive window, and what lies in it out of order (RFC 9293 3.8.6 and 3.10.7.4, seventh).
#pragma once

#include "model/turn.h"

namespace finack::model {

// The window field of the next segment. Moves the announced edge, and never back (3.8.6.2.1).
std::uint16_t announce_window(Tcb& tcb, const Turn& turn, bool syn);
// Whether the application has made enough room that the peer should hear of it (3.8.6.2.2).
bool window_worth_telling(const Tcb& tcb, const Turn& turn);

// Keeps what of the octets lies in the window, and moves what is in order to the application's side.
void take_text(Tcb& tcb, const Turn& turn, Seq begin, BytesView octets);
// A FIN with that number was announced.
void note_fin(Tcb& tcb, Seq number);
// Whether something lies beyond RCV.NXT.
bool has_hole(const Tcb& tcb);

}  // namespace finack::model
