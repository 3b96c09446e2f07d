// SPDX-License-Identifier: Apache-2.0
// What a decision of the event processing comes to: a value, so that a mutant may change it before it takes
// effect.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/seq.h"
#include "base/tcp_state.h"

namespace finack::model {

// What is decided about. Together with the state it happens in, and the one it leads to, each names an edge
// of the state machine (suites/catalogue/states.yaml).
enum class Event : std::uint8_t {
  // calls of the user
  passive_open,
  active_open,
  send,
  send_refused,
  close,
  close_pending,
  close_again,
  close_unread,
  abort,
  open_again,
  // segments, in the order of the checks
  to_nobody_reset,
  to_nobody_ack,
  to_nobody_other,
  syn,
  syn_ack,
  wild_ack,
  wild_ack_reset,
  reset_without_ack,
  neither,
  old_timestamp,
  no_timestamp,
  unacceptable,
  fin_again,
  reset,
  reset_ignored,
  reset_outside,
  reset_inexact,
  syn_challenged,
  syn_dropped,
  syn_resets,
  syn_returns,
  reuse_by_number,
  reuse_by_timestamp,
  reuse_undone,
  no_ack,
  ack_of_syn,
  ack_ahead,
  ack_old,
  ack_short,
  ack_of_fin,
  text,
  text_beyond_hole,
  text_beyond_fin,
  text_after_close,
  fin,
  // ICMP
  hard_error,
  soft_error,
  // timers
  retransmit,
  probe,
  give_up,
  orphan_over,
  time_wait_over,
  keep_alive,
  keep_alive_over,
};

struct Emission {
  enum class Kind : std::uint8_t {
    none,
    ack,      // <SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK>
    reset,    // <SEQ=SND.NXT><CTL=RST>, or as `seq` and `ack` say
    syn,      // <SEQ=ISS><CTL=SYN>
    syn_ack,  // <SEQ=ISS><ACK=RCV.NXT><CTL=SYN,ACK>
    fin,      // when all that is queued before it is out
    text,     // what the window lets through
    oldest,   // the oldest segment that is not acknowledged, again
    probe,    // <SEQ=SND.NXT-1><ACK=RCV.NXT><CTL=ACK>
  };
  Kind kind = Kind::none;
  std::optional<Seq> seq = {};  // of a reset where there is no connection
  std::optional<Seq> ack = {};
  std::uint32_t seq_error = 0, ack_error = 0;  // a mutant's: added to the numbers

  friend bool operator==(const Emission&, const Emission&) = default;
};

struct Outcome {
  Event event;
  TcpState from;  // when the event came; a segment may have gone on from there already
  TcpState next;
  Emission emits = {};
  std::string_view edge = {};  // "T-022"; empty where the catalogue has none. decide() fills it
};

}  // namespace finack::model
