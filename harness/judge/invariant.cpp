// SPDX-License-Identifier: Apache-2.0
#include "judge/invariant.h"

#include <array>

namespace finack {

namespace {

constexpr auto must = InvariantLevel::must, should = InvariantLevel::should;

constexpr std::array<Invariant, 26> table = {{
    {Rule::ip_checksum, "INV-IP-CHECKSUM", must, "RFC 791 3.1", "", "a right IPv4 header checksum",
     "The checksum of an IPv4 header is right."},
    {Rule::tcp_checksum, "INV-TCP-CHECKSUM", must, "RFC 9293 3.1", "MUST-2", "a right TCP checksum",
     "The checksum of a segment is right."},
    {Rule::reserved_bits, "INV-RESERVED", must, "RFC 9293 3.1", "", "reserved bits of zero",
     "The reserved bits are zero, but the lowest one where a SYN asks for accurate ECN (RFC 9768 3.1)."},
    {Rule::ack_flag, "INV-ACK-FLAG", must, "RFC 9293 3.1", "", "the ACK flag",
     "Every segment after the first has the ACK flag, but resets and SYNs."},
    {Rule::option_length, "INV-OPTION-LENGTH", must, "RFC 9293 3.1, RFC 7323 2.2, 3.2, RFC 2018 2, 3",
     "MUST-68", "options of their right length",
     "The length of an option stays within the header, and is the one of its kind."},
    {Rule::option_on_syn, "INV-OPTION-SYN", must, "RFC 9293 3.2, RFC 7323 2.2, RFC 2018 2", "MUST-65",
     "options where they belong", "MSS, window scale and SACK-permitted stand on SYNs only."},
    {Rule::option_offered, "INV-OPTION-OFFER", must, "RFC 7323 2.2, 3.2, RFC 2018 2", "",
     "options that our SYN offered",
     "Window scale, SACK and timestamps are used only when our SYN offered them, timestamps only when the "
     "target's SYN did too. A SYN of the target's own may offer what it likes."},
    {Rule::ecn, "INV-ECN", must, "RFC 3168 6.1.1, RFC 9293 3.1", "", "ECN only as negotiated",
     "ECE and CWR are set only on a SYN that offers ECN, on the answer to one of ours that does, and after "
     "both SYNs agreed."},
    {Rule::syn_number, "INV-SYN", must, "RFC 9293 3.4, 3.10.8", "", "a SYN at the initial sequence number",
     "A repeated SYN keeps its sequence number. Another number opens another connection, for which something "
     "must have happened: a call, a reset, another SYN of ours."},
    {Rule::content, "INV-CONTENT", must, "RFC 9293 3.4, 3.10.8", "", "the octets that the application sent",
     "Every octet is the one that the application sent, at its place, the first time and each time it is "
     "repeated. One octet of garbage below the next, acknowledged already, is a keep-alive (MAY-6)."},
    {Rule::fin_number, "INV-FIN", must, "RFC 9293 3.10.8", "CR-014", "a FIN that keeps its number",
     "A FIN that is sent again has the sequence number of the first."},
    {Rule::beyond_fin, "INV-BEYOND-FIN", must, "RFC 9293 3.6, 3.10.2", "CR-009", "nothing beyond the FIN",
     "No octet has the sequence number of the FIN or a later one."},
    {Rule::mss, "INV-MSS", must, "RFC 9293 3.7.1", "MUST-15 MUST-16", "segments within our MSS",
     "Octets of data and of options together are no more than the MSS of our SYN; 536 (IPv6: 1220) where it "
     "had none."},
    {Rule::window, "INV-WINDOW", must, "RFC 9293 3.4, 3.8.6.1", "", "octets within our window",
     "No octet lies beyond the furthest edge of all windows that we have announced, but one alone just "
     "there, "
     "as a probe."},
    {Rule::ack_ahead, "INV-ACK-AHEAD", must, "RFC 9293 3.4, 3.10.7.4 (seventh)", "",
     "no ACK of what was not sent",
     "No number is acknowledged that we have not sent, and none behind a gap in what we have sent."},
    {Rule::ack_back, "INV-ACK-BACK", must, "RFC 9293 3.4, 3.10.7.4 (seventh)", "",
     "ACK numbers that never fall", "An acknowledgment number is never below one sent before."},
    {Rule::window_edge, "INV-WINDOW-EDGE", should, "RFC 9293 3.8.6, RFC 7323 2.4", "SHLD-14",
     "a window whose right edge stays",
     "The right edge of the window does not move to the left, by more than "
     "the rounding of a scaled window."},
    {Rule::sack, "INV-SACK", must, "RFC 2018 3, 4, RFC 2883 4", "", "SACK blocks that report what was sent",
     "A SACK block is not empty, reports octets that we have sent, and lies above the acknowledgment number; "
     "blocks do not overlap. The first may report a duplicate: below that number, or within the second."},
    {Rule::timestamp_present, "INV-TS-PRESENT", must, "RFC 7323 3.2", "CR-095", "the timestamps option",
     "Once both SYNs carried timestamps, so does every segment but a reset."},
    {Rule::timestamp_clock, "INV-TS-CLOCK", must, "RFC 7323 5.4", "",
     "a timestamp clock that never goes back",
     "The timestamp value is never below one sent before, around the circle."},
    {Rule::timestamp_echo, "INV-TS-ECHO", must, "RFC 7323 3.2, 4.3", "", "the echo of a timestamp of ours",
     "The timestamp echoed is one that we sent, none older than one echoed before, and none older than that "
     "of the octets which the segment acknowledges, where they came in order."},
    {Rule::reset_for_reset, "INV-RST-FOR-RST", must, "RFC 9293 3.5.2, 3.10.7.1", "CR-085",
     "no reset for a reset", "A reset is never answered with a reset."},
    {Rule::after_reset, "INV-AFTER-RST", must, "RFC 9293 3.10.5, 3.5.2", "CR-097",
     "nothing but resets after a reset",
     "Once a synchronized connection was reset, only resets come, until a SYN begins another."},
    {Rule::reset_fields, "INV-RST-FIELDS", must, "RFC 9293 3.5.2, 3.10.5, 3.10.7.1",
     "CR-044 CR-045 CR-046 CR-096", "a reset with the numbers that were due",
     "A reset has the acknowledgment number of the segment that it answers for its sequence number; where "
     "that "
     "has none, it has sequence number zero and acknowledges that segment. One that ends a connection lies "
     "between what we have acknowledged and what is due next: at SND.NXT, or where a window that shrank "
     "ends."},
    {Rule::backoff, "INV-BACKOFF", must, "RFC 9293 3.8.1, 3.8.2, RFC 6298 5.5", "MUST-18 MUST-19 CR-015",
     "timeouts that back off",
     "While we do nothing, the time between two repetitions of the same octets is no shorter than the time "
     "before; from the fourth on it is half as long again as the first, unless that was near the longest "
     "timeout. An eighth and 10 ms are for timers."},
    {Rule::state_machine, "INV-STATE-MACHINE", must, "RFC 9293 3.3.2, 3.10", "",
     "what the state machine permits",
     "Whatever the target sends, and every state that is read of it, follows by the edges of the state "
     "machine from what came before; and what an edge sends comes."},
}};

constexpr bool in_order() {
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (table[i].rule != static_cast<Rule>(i)) return false;
  }
  return true;
}
static_assert(in_order(), "invariant() looks up by place");

}  // namespace

std::string_view to_string(InvariantLevel level) {
  return level == InvariantLevel::must ? "MUST" : "SHOULD";
}

std::span<const Invariant> invariants() {
  return table;
}

const Invariant& invariant(Rule rule) {
  return table[static_cast<std::size_t>(rule)];
}

}  // namespace finack
