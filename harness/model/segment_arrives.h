// SPDX-License-Identifier: Apache-2.0
// The event processing of RFC 9293 3.10.7: a segment arrives.
#pragma once

#include <optional>

#include "model/turn.h"

namespace finack::model {

// 3.10.7.1, there is no connection, and 3.10.7.2, a listener and no SYN for it: `state` says which. True when
// it is a SYN that a listener must answer: then accept_syn() does.
bool segment_for_nobody(const Segment& segment, TcpState state, Turn& turn);
// Fills `child`, whose pair and options are set, and answers. `why` is syn, or how TIME-WAIT is reopened;
// then `old` is the connection in TIME-WAIT.
bool accept_syn(Tcb& child, Turn& turn, const Segment& segment, Event why, const Tcb* old);
// Whether a SYN may reopen a connection in TIME-WAIT, and by which of its numbers (RFC 6191 2).
std::optional<Event> may_reopen(const Tcb& tcb, const Turn& turn, const Segment& segment);

// 3.10.7.3 and 3.10.7.4, for a connection that there is.
void segment_arrives(Tcb& tcb, Turn& turn, const Segment& segment);

// The parts of it. Sixth to eighth step: URG, text, FIN. `began`: the state in which the segment came.
void take_contents(Tcb& tcb, Turn& turn, const Segment& segment, TcpState began);
// What a segment holds beside its SYN, which has been processed.
Segment without_syn(const Segment& segment);
void segment_in_syn_sent(Tcb& tcb, Turn& turn, const Segment& segment);
void segment_in_other_states(Tcb& tcb, Turn& turn, const Segment& segment);

// RFC 6528; `above` is a number that it must exceed.
Seq initial_number(const EndpointPair& pair, const Turn& turn, const std::optional<Seq>& above);
// The peer answered, or at least spoke: keep-alive begins anew (RFC 9293 3.8.4).
void restart_keep_alive(Tcb& tcb, const Turn& turn);
// Ends the connection with an error for the application.
void set_error(Tcb& tcb, std::string_view error);

}  // namespace finack::model
