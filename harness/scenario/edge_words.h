// SPDX-License-Identifier: Apache-2.0
// The closed vocabulary in which suites/catalogue/states.yaml says when an edge of the state machine is taken
// and what it does. A guard is a set of facts that must all be true; an effect is a set of deeds.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

namespace finack {

// What may be true when something happens to a connection. RCV.NXT, SND.UNA and the like are the endpoint's.
enum class Fact : std::uint8_t {
  // Calls of the user. `close` is the RFC's: no more to send; `both_ways`: and no more to receive either.
  passive_open,
  active_open,
  send,
  close,
  both_ways,
  abort,
  // Timers.
  rto,
  give_up,  // the user timeout, or R2
  probe_timeout,
  orphan_timeout,
  two_msl_timeout,
  // ICMP about the connection (RFC 9293 3.9.2.2).
  icmp_hard,
  icmp_soft,
  // Flags of the segment.
  rst,
  no_rst,
  syn,
  no_syn,
  ack,
  no_ack,
  // Its sequence number: the table of 3.10.7.4 (first); of a SYN or RST in states without RCV.NXT none is
  // true.
  in_window,
  outside_window,
  at_next,        // SEG.SEQ = RCV.NXT
  not_at_next,    //
  old_timestamp,  // older than TS.Recent, where timestamps were negotiated (RFC 7323 5.3): then no other fact
                  // of sequence
                  // or ACK number is true
  no_timestamp,   // none, where timestamps were negotiated (RFC 7323 3.2)
  // Its ACK number.
  ack_of_syn,           // SND.UNA < SEG.ACK =< SND.NXT, our SYN not acknowledged before
  unacceptable_ack,     // ACK is on, and that is not so
  no_unacceptable_ack,  //
  ack_too_new,          // of something not yet sent
  ack_too_old,          // SEG.ACK < SND.UNA - MAX.SND.WND (RFC 5961 5.2)
  accepted,             // neither RST nor SYN, in the window, ACK is on and not of something not yet sent
  ack_of_fin,           // covers our FIN
  no_ack_of_fin,        // we have sent a FIN, and it does not
  // What it carries.
  text_in_order,    // octets from RCV.NXT on that are new
  new_text,         // octets that are new, in order or not, or behind a window that is closed
  beyond_hole,      // something begins beyond RCV.NXT
  fin_in_order,     // the FIN is next after what has come
  no_fin_in_order,  //
  fin_again,        // the FIN that was taken before
  text_after_fin,   // octets or URG beyond the FIN that was taken before
  // A SYN in TIME-WAIT (RFC 9293 3.6.1, RFC 6191 2).
  new_by_number,
  new_by_timestamp,
  no_new_syn,
  // The endpoint.
  opened_passively,
  opened_actively,
  reopened,         // from TIME-WAIT
  nothing_pending,  // of what the user sent all has left
  pending,
  unread,       // octets came that the user has not taken
  reader_gone,  // the user has closed both ways
};

inline constexpr std::array<std::string_view, 50> fact_names = {
    "passive-open",
    "active-open",
    "send",
    "close",
    "both-ways",
    "abort",
    "rto",
    "give-up",
    "probe-timeout",
    "orphan-timeout",
    "2msl-timeout",
    "icmp-hard",
    "icmp-soft",
    "rst",
    "no-rst",
    "syn",
    "no-syn",
    "ack",
    "no-ack",
    "in-window",
    "outside-window",
    "at-next",
    "not-at-next",
    "old-timestamp",
    "no-timestamp",
    "ack-of-syn",
    "unacceptable-ack",
    "no-unacceptable-ack",
    "ack-too-new",
    "ack-too-old",
    "accepted",
    "ack-of-fin",
    "no-ack-of-fin",
    "text-in-order",
    "new-text",
    "beyond-hole",
    "fin-in-order",
    "no-fin-in-order",
    "fin-again",
    "text-after-fin",
    "new-by-number",
    "new-by-timestamp",
    "no-new-syn",
    "opened-passively",
    "opened-actively",
    "reopened",
    "nothing-pending",
    "pending",
    "unread",
    "reader-gone",
};

// What taking an edge does, beside entering its state. `send_` must be seen, `may_` may be.
enum class Deed : std::uint8_t {
  take_syn,   // RCV.NXT = SEG.SEQ + 1
  take_text,  // RCV.NXT moves behind the octets, and behind those that had waited for them
  take_fin,   // RCV.NXT moves behind the FIN
  hold,       // kept for later; RCV.NXT stays
  refuse,     // the call fails
  send_syn,
  send_syn_ack,
  send_ack,             // <SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK>
  send_data,            // as far as the window allows
  send_fin,             // after all data
  send_rst,             // <SEQ=SND.NXT><CTL=RST>
  send_rst_at_ack,      // <SEQ=SEG.ACK><CTL=RST>
  send_rst_of_segment,  // <SEQ=0><ACK=SEG.SEQ+SEG.LEN><CTL=RST,ACK>
  repeat,               // the oldest segment not acknowledged
  probe,                // of a closed window
  may_ack,
  may_rst,
  start_2msl,
  restart_2msl,
};

inline constexpr std::array<std::string_view, 19> deed_names = {
    "take-syn",
    "take-text",
    "take-fin",
    "hold",
    "refuse",
    "send-syn",
    "send-syn-ack",
    "send-ack",
    "send-data",
    "send-fin",
    "send-rst",
    "send-rst-at-ack",
    "send-rst-of-segment",
    "repeat",
    "probe",
    "may-ack",
    "may-rst",
    "start-2msl",
    "restart-2msl",
};

// A set of words of one of these enumerations.
template <class Word>
struct WordSet {
  std::uint64_t bits = 0;

  constexpr WordSet() = default;
  constexpr explicit WordSet(std::uint64_t all) : bits(all) {}
  constexpr WordSet(std::initializer_list<Word> words) {
    for (const Word word : words) add(word);
  }
  constexpr void add(Word word) { bits |= std::uint64_t{1} << static_cast<unsigned>(word); }
  constexpr void add(Word word, bool when) {
    if (when) add(word);
  }
  constexpr bool has(Word word) const { return (bits >> static_cast<unsigned>(word) & 1) != 0; }
  constexpr bool includes(WordSet other) const { return (bits & other.bits) == other.bits; }
  constexpr WordSet operator|(WordSet other) const { return WordSet(bits | other.bits); }
  friend constexpr bool operator==(WordSet, WordSet) = default;
};
using Facts = WordSet<Fact>;
using Deeds = WordSet<Deed>;

enum class Standing : std::uint8_t { base, option, legacy, practice };
inline constexpr std::array<std::string_view, 4> standing_names = {"base", "option", "legacy", "practice"};

// The place of a word in one of the tables above.
template <std::size_t count>
constexpr std::optional<std::size_t> place_of(std::string_view word,
                                              const std::array<std::string_view, count>& names) {
  for (std::size_t i = 0; i < count; ++i) {
    if (names[i] == word) return i;
  }
  return std::nullopt;
}

}  // namespace finack
