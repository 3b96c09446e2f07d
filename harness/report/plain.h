// SPDX-License-Identifier: Apache-2.0
// What several reports write alike.
#pragma once

#include <string>
#include <string_view>

#include "base/time.h"
#include "judge/event.h"

namespace finack {

// For formats that want seconds as a decimal number.
double seconds(Duration duration);

// A text that may quote what came from outside, safe for a terminal, for XML and for TAP: tabs become spaces,
// other control characters and octets that are no UTF-8 become U+FFFD, newlines stay.
std::string plain_text(std::string_view text);
// The same on one line: newlines become spaces.
std::string plain_line(std::string_view text);

// "close/active-close/ipv4", or of a program that runs several times "close/active-close/ipv4 (2 of 10)".
// `rounds` 0: nobody knows how many there will be.
std::string instance_name(const InstanceFinished& event, std::size_t rounds);

// "step 3 of 9, expect: FIN+ACK"; steps are counted as the author wrote them.
std::string step_line(const Program& program, const Finding& finding);
// "INV-ACK-AHEAD, a MUST of RFC 9293 3.4": the invariant that is broken; empty where it is none.
std::string broken_rule(const Finding& finding);
// Place, step, wanted, got, differences, rule and hint of a finding, the reason where it says more, and the
// exchange; each line ended by a newline and begun by two spaces.
std::string details(const InstanceFinished& event);

// "CR-014 in FIN-WAIT-1: none of its edges": what a program claims and its exchange has not shown.
std::string claim_line(const Program& program, const Claim& claim);

// Whether an instance makes the run a bad one: `strict` takes a broken SHOULD for a failure.
bool counts_as_failure(Verdict verdict, bool strict);

}  // namespace finack
