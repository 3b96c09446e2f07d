// SPDX-License-Identifier: Apache-2.0
// TCP Fast Open (RFC 7413): octets on a SYN, and the cookies that permit them.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "model/turn.h"
#include "packet/option.h"

namespace finack::model {

inline constexpr std::uint8_t fast_open_kind = 34;  // of the option: 4.1.1

// What a client keeps of a server: 4.1.3.
struct ServerCookie {
  Bytes cookie;
  std::uint16_t mss = 0;
};

// The cookie that a server gives to an address: 4.1.2.
Bytes cookie_for(const Address& peer, const Settings& settings);

// 4.2.2: takes the octets of the SYN at once where its cookie, or the settings, permit it, and grants a
// cookie to who asked for one or had a wrong one. What else came with the SYN is queued in `behind_syn`
// already.
void accept_fast_open(Tcb& child, const Turn& turn, const Segment& syn);

// 4.2.1: whether an active OPEN may wait for the octets that are to go with its SYN.
bool may_send_with_syn(const Settings& settings, const Options& options, const ServerCookie* known);
// Before the active OPEN: the cookie to present, or to ask for, and the octets for its SYN.
void prepare_fast_open(Tcb& tcb, const Settings& settings, const ServerCookie* known, BytesView first);
// The answer to our SYN came, and may grant a cookie.
void note_cookie(Tcb& tcb, const Segment& syn_ack);

// The option of our SYN, or of the answer to theirs, if it has one and there is room. A client's stands on
// its first SYN alone, as its octets do (4.1.3.1: what comes again does without).
void add_fast_open_option(std::vector<Option>& options, const Tcb& tcb, bool answer);
bool is_first_syn(const Tcb& tcb);

}  // namespace finack::model
