// SPDX-License-Identifier: Apache-2.0
// The transmission control block (RFC 9293 3.3.1): all that is known of one connection.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "base/address.h"
#include "base/bytes.h"
#include "base/seq.h"
#include "base/tcp_state.h"
#include "base/time.h"
#include "model/outcome.h"
#include "model/settings.h"
#include "packet/segment.h"

namespace finack::model {

// Octets that came before those in front of them.
struct Piece {
  Seq begin;
  Bytes octets;

  Seq end() const { return begin + static_cast<std::uint32_t>(octets.size()); }
};

struct Timers {
  Time retransmit = never;
  Time give_up = never;  // the user timeout, or R2
  Time probe = never;    // of a closed window
  Time keep_alive = never;
  Time orphan = never;  // of FIN-WAIT-2 without an application
  Time time_wait = never;
};

struct Tcb {
  EndpointPair pair;
  TcpState state = TcpState::closed;
  bool passive = false;  // opened by a SYN that met a listener
  Options options = {};

  // Sending (RFC 9293 figure 3).
  Seq iss, snd_una, snd_nxt, snd_wl1, snd_wl2, snd_up;
  std::uint32_t snd_wnd = 0, max_snd_wnd = 0;
  std::uint8_t snd_shift = 0;               // of the windows that the peer announces (RFC 7323 2.3)
  std::uint16_t snd_mss = 536;              // octets in a segment, options included (RFC 9293 3.7.1)
  std::uint16_t path_mtu = 1500;            // with the IP header
  Seq stream_begin;                         // number of the first octet of `stream`
  Bytes stream = {};                        // not acknowledged yet, or not sent yet
  std::optional<Emission> fin_queued = {};  // close was called; how the FIN is to go out
  std::optional<Seq> fin = {};              // its number, once sent
  bool urgent_queued = false;               // snd_up counts

  // Congestion control (RFC 5681).
  std::uint32_t cwnd = 0, ssthresh = UINT32_MAX;
  unsigned duplicate_acks = 0;

  // Retransmission (RFC 6298).
  Duration rto{}, srtt{}, rttvar{};
  bool measured = false;
  struct Timing {
    Seq end;
    Time at;
  };
  std::optional<Timing> timing = {};  // the segment whose round trip is being measured
  Duration probe_interval{};
  unsigned keep_alives = 0;  // sent without an answer

  // Receiving.
  Seq irs, rcv_nxt, rcv_adv;          // rcv_adv: the right edge of the window as announced
  std::uint8_t rcv_shift = 0;         // of the windows that we announce
  Bytes received = {};                // in order, not yet read
  std::vector<Piece> held = {};       // beyond a hole, in order, apart from each other
  Seq latest_piece;                   // where in `held` the last came to lie (RFC 2018 4)
  std::optional<Seq> peer_fin = {};   // number of the peer's FIN, as soon as it is known
  bool end_of_stream = false;         // all up to it came
  std::optional<Seq> urgent_at = {};  // number of the urgent octet (RFC 6093), while the application cares
  // What came with the SYN beside it, until ESTABLISHED (3.10.7.2 and 3.10.7.3).
  std::optional<Segment> behind_syn = {};
  std::optional<std::uint8_t> urgent_octet = {};  // taken out of the stream

  // Timestamps (RFC 7323) and SACK (RFC 2018), once both SYNs had them.
  bool timestamps = false, sack = false;
  // ECN (RFC 3168 6.1): whether both agreed; a mark came, and no CWR since; ECE came, and CWR is due; up to
  // where the window was reduced already.
  bool ecn = false, echo_congestion = false, window_reduced = false;
  Seq ecn_recovered;
  // Fast Open (RFC 7413): the octets of the SYN were taken, and the application has the connection already;
  // the cookie that our SYN presents (empty: asks for), or our SYN+ACK grants; the one that theirs granted.
  bool fast_open = false;
  std::optional<Bytes> cookie = {}, granted = {};
  std::optional<Duration> agreed_timeout = {};  // the user timeout that both options led to (RFC 5482)
  std::uint32_t ts_recent = 0;
  Time ts_recent_at{};
  Seq last_ack_sent;
  std::uint32_t ts_offset = 0;

  // Challenge ACKs (RFC 5961 7): how many in the span of time that began then.
  unsigned challenges = 0;
  Time challenges_since{-24h};

  // The application.
  bool orphan = false;          // it has closed both ways
  std::string_view error = {};  // what its next call meets: "ECONNRESET"
  unsigned retransmitted = 0;   // in a row, without an ACK of something new
  Timers timers = {};
  std::shared_ptr<const Tcb> reopened_from = {};  // in TIME-WAIT before a SYN came (RFC 1122 4.2.2.13)

  // RCV.WND
  std::uint32_t rcv_wnd() const {
    return rcv_nxt < rcv_adv ? static_cast<std::uint32_t>(rcv_adv - rcv_nxt) : 0;
  }
  Seq queued_end() const { return stream_begin + static_cast<std::uint32_t>(stream.size()); }
  bool fin_acknowledged() const { return fin && snd_una > *fin; }
  std::size_t unread() const { return received.size() + (urgent_octet ? 1 : 0); }
};

constexpr bool synchronized(TcpState state) {
  return state >= TcpState::established;
}

}  // namespace finack::model
