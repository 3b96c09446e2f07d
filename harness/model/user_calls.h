// SPDX-License-Identifier: Apache-2.0
// The calls of the user, RFC 9293 3.10.1 to 3.10.5.
#pragma once

#include "model/turn.h"

namespace finack::model {

// OPEN, active. The pair is set; the state is CLOSED.
void open_actively(Tcb& tcb, Turn& turn);
// SEND: queues as much as there is room for and says how much. What is urgent is its last octet. None, with
// no octet taken: the stream is closed, or there never was one.
std::optional<std::size_t> send(Tcb& tcb, Turn& turn, BytesView octets, bool urgent);
// RECEIVE: up to `most` octets in order.
Bytes receive(Tcb& tcb, Turn& turn, std::size_t most);
// CLOSE: no more to send.
void close(Tcb& tcb, Turn& turn);
// And nobody to receive: what a socket's close() means (RFC 1122 4.2.2.13).
void close_both_ways(Tcb& tcb, Turn& turn);
void abort(Tcb& tcb, Turn& turn);

// A close that waited in SYN-RECEIVED for what had to be sent before it.
void close_if_pending(Tcb& tcb, Turn& turn);

}  // namespace finack::model
