// SPDX-License-Identifier: Apache-2.0
// The closed vocabulary in which suites/catalogue/close_rules.yaml says by what a rule shows that has no
// edges, or edges that cannot be told from others by what follows: one situation, in a state that the rule
// names, and reactions of the target to it. judge/evidence.h finds them.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "scenario/edge_words.h"

namespace finack {

// What a situation or a reaction is called, and in words what was seen when it was.
struct EvidenceWord {
  std::string_view name;
  std::string_view meaning;
};

enum class Situation : std::uint8_t {
  ack_after_both_fins,
  silent_for_2msl,
  timestamps_on_all,
  fin_tried_for_100s,
  close_with_octets_unacknowledged,
  close_with_octets_queued,
  last_ack,
  fin_in_order,
  octets_with_fin,
  fin_behind_unpushed_octets,
  hole_before_fin_filled,
  fin_past_window,
  pure_ack_in_order,
  syn_at_number_of_fin,
  challenged_again_and_again,
  timestamps_left_out,
  abort_with_octets_outstanding,
  abort_with_timestamps,
  timestamps_to_nobody,
  octets_after_full_close,
  window_probe_after_full_close,
  outstanding_under_user_timeout,
  outstanding_under_fixed_timeout,
  outstanding_under_agreed_timeout,
  keep_alive_probe,
  keep_alive_with_user_timeout,
  window_shrunk_behind_octets,
  user_timeout_option,
  fin_or_reset,
  fin_while_reading,
  read_with_octets_left,
  reset_while_call_pends,
  repeated_three_times,
  ack_too_old,
  reset_inside_window,
  syn_on_connection,
  syn_outside_window,
};

inline constexpr std::array<EvidenceWord, 37> situation_words = {{
    {"ack-after-both-fins", "an ACK of the target numbered after its FIN, of our FIN"},
    {"silent-for-2msl", "a silence of 2 MSL, and the state read after it"},
    {"timestamps-on-all", "a FIN or an ACK of the target with timestamps, and no segment of it without"},
    {"fin-tried-for-100s", "a FIN, repeated, that is not acknowledged for 100 s"},
    {"close-with-octets-unacknowledged", "a close while octets that came are not acknowledged"},
    {"close-with-octets-queued", "a close while not all octets of the application have come"},
    {"last-ack", "our acknowledgment of the target's FIN"},
    {"fin-in-order", "a FIN of ours in sequence"},
    {"octets-with-fin", "a FIN of ours in sequence, in one segment with octets"},
    {"fin-behind-unpushed-octets", "a FIN of ours behind octets without PSH that are not read yet"},
    {"hole-before-fin-filled", "a segment of ours that fills the hole before a FIN"},
    {"fin-past-window", "a segment of ours from RCV.NXT on whose FIN lies beyond the window"},
    {"pure-ack-in-order", "a pure ACK of ours in sequence"},
    {"syn-at-number-of-fin", "a SYN with the number of our FIN"},
    {"challenged-again-and-again", "more than ten segments within 5 s that draw a challenge ACK"},
    {"timestamps-left-out", "a segment of ours without the timestamps that were negotiated"},
    {"abort-with-octets-outstanding", "an abort with octets unsent or unacknowledged"},
    {"abort-with-timestamps", "an abort of a connection with timestamps"},
    {"timestamps-to-nobody", "a segment of ours with timestamps, no RST"},
    {"octets-after-full-close", "octets of ours after the application closed both ways"},
    {"window-probe-after-full-close",
     "a probe of ours into a window of zero after the application closed both ways"},
    {"outstanding-under-user-timeout",
     "something of the target unacknowledged while the application's user timeout runs"},
    {"outstanding-under-fixed-timeout",
     "something of the target unacknowledged while the application's user timeout runs and ours, another "
     "one, "
     "was announced"},
    {"outstanding-under-agreed-timeout",
     "something of the target unacknowledged after both ends announced a user timeout"},
    {"keep-alive-probe", "a keep-alive probe of the target"},
    {"keep-alive-with-user-timeout", "keep-alives and a user timeout both on"},
    {"window-shrunk-behind-octets", "a window of ours that shrinks behind octets that are not acknowledged"},
    {"user-timeout-option", "a segment of ours with a user timeout option"},
    {"fin-or-reset", "a FIN of ours in sequence, or a RST at RCV.NXT"},
    {"fin-while-reading", "a FIN of ours in sequence while the application waits in a read"},
    {"read-with-octets-left", "a read while octets are left that the application has not got"},
    {"reset-while-call-pends", "a RST at RCV.NXT while the application waits in a read or a send"},
    {"repeated-three-times", "the same segment of the target sent a fourth time, unacknowledged"},
    {"ack-too-old",
     "a segment of ours in sequence that acknowledges less than SND.UNA less the largest window"},
    {"reset-inside-window", "a RST of ours in the window but not at RCV.NXT"},
    {"syn-on-connection", "a SYN of ours"},
    {"syn-outside-window", "a SYN of ours outside the window"},
}};

enum class Reaction : std::uint8_t {
  fin_before_their_ack,
  push_at_the_end,
  syn_answered_at_once,
  fin_acknowledged,
  fin_acknowledged_within_half_a_second,
  delivered_then_end,
  delivered_at_once,
  one_ack_past_fin,
  ack_short_of_fin,
  at_most_one_answer,
  state_kept,
  not_reopened,
  fewer_answers,
  not_aborted,
  reset_and_nothing_after,
  reset_with_timestamps,
  reset_echoes_timestamp,
  each_reset,
  reset,
  gives_up_by_user_timeout,
  gives_up_by_agreed_timeout,
  not_dropped_for_one_probe,
  alive_a_minute_later,
  no_probe_within_user_timeout,
  not_timed_out,
  told_which,
  read_ends,
  pending_calls_reset,
  told_of_trouble,
  answered_by_ack,
  our_reset_obeyed,
};

inline constexpr std::array<EvidenceWord, 31> reaction_words = {{
    {"fin-before-their-ack", "the target's FIN before we acknowledged them"},
    {"push-at-the-end", "PSH on the target's FIN or on the octets before it"},
    {"syn-answered-at-once", "a SYN for the same pair within 2 MSL, and the SYN,ACK to it"},
    {"fin-acknowledged", "the acknowledgment of our FIN"},
    {"fin-acknowledged-within-half-a-second", "the acknowledgment of our FIN within half a second"},
    {"delivered-then-end", "all our octets read as we sent them, then the end of the stream"},
    {"delivered-at-once", "all our octets read as we sent them without delay"},
    {"one-ack-past-fin", "one acknowledgment of all, past the FIN, and none of less"},
    {"ack-short-of-fin", "an acknowledgment of octets that fit, and none of the FIN"},
    {"at-most-one-answer", "at most one answer while we listened"},
    {"state-kept", "the same state read afterwards"},
    {"not-reopened", "no SYN,ACK to it"},
    {"fewer-answers", "fewer answers than there were such segments"},
    {"not-aborted", "the connection alive afterwards, and no reset"},
    {"reset-and-nothing-after", "a RST, and nothing but resets after it"},
    {"reset-with-timestamps", "a RST with timestamps"},
    {"reset-echoes-timestamp", "a RST that echoes the timestamp, its own being 0"},
    {"each-reset", "two such segments or more, and a RST for each"},
    {"reset", "a RST"},
    {"gives-up-by-user-timeout", "the end of the connection when that user timeout was over"},
    {"gives-up-by-agreed-timeout",
     "the end of the connection when the larger user timeout, or 100 s, was over"},
    {"not-dropped-for-one-probe",
     "the connection alive later, or a second probe, without an answer to the first"},
    {"alive-a-minute-later", "the connection alive a minute later without an answer to any probe"},
    {"no-probe-within-user-timeout", "no keep-alive probe before the user timeout was over"},
    {"not-timed-out", "the connection alive when 100 s, or the user timeout, were over"},
    {"told-which", "the application told of the end, or of the reset, whichever it was"},
    {"read-ends", "that read ended by the end of the stream"},
    {"pending-calls-reset", "those calls failed with ECONNRESET (EPIPE of a send)"},
    {"told-of-trouble", "the application told of an error while the connection lived"},
    {"answered-by-ack", "the ACK of what had come before, in answer"},
    {"our-reset-obeyed", "the end of the connection by a RST of ours at RCV.NXT"},
}};

constexpr std::string_view meaning_of(Situation word) {
  return situation_words[static_cast<std::size_t>(word)].meaning;
}
constexpr std::string_view meaning_of(Reaction word) {
  return reaction_words[static_cast<std::size_t>(word)].meaning;
}

// By what a rule shows: the situation in one of the rule's states, and after it every reaction.
struct RuleEvidence {
  std::string_view rule;  // id
  Situation when;
  WordSet<Reaction> then;
};
// Of every rule without edges, and of some that have them.
std::span<const RuleEvidence> rule_evidence();

}  // namespace finack
