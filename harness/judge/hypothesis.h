// SPDX-License-Identifier: Apache-2.0
// One thing that the target may be: a state and numbers that fit all that was seen. The tracker
// (judge/tracker.h) keeps a set of them.
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "base/seq.h"
#include "base/short_list.h"
#include "base/tcp_state.h"
#include "base/time.h"
#include "packet/segment.h"
#include "scenario/edge_words.h"

namespace finack {

// What happens to the target: all of it that decides what it does.
struct Stimulus {
  enum class Kind : std::uint8_t {
    segment,  // of ours, as it was received
    icmp,     // an error about what it sent; acted on in turn with the segments
    call,     // of its application, on the connection
    timer,
  };
  Kind kind = Kind::segment;
  Time at{};
  Time by{};                     // when the target must have acted on it
  Facts facts = {};              // of all but a segment
  bool closes_listener = false;  // of a call: it is about the listener
  bool orphans = false;          // and the connection waits in its queue
  bool accepting = false;        // but may just be taken from there
  // Of a call: octets that the application had sent and received until then.
  std::uint64_t sent = 0, received = 0;
  unsigned accepted = 0;  // of a call: connections that the application had got from its listener
  // Of a segment.
  Seq seq, ack;
  std::uint32_t text = 0;  // octets
  Flags flags;
  std::uint32_t window = 0;  // scaled
  bool urgent = false;
  std::optional<std::uint32_t> timestamp = {};
  bool may_be_dropped = false;    // before TCP sees it: packet/codec.h
  std::uint32_t most_window = 0;  // MAX.SND.WND (RFC 5961 5.2)
  Seq acknowledged;               // Last.ACK.sent is surely no less (RFC 7323 4.3)

  Seq fin() const { return seq + text + (flags.has(flag::syn) ? 1u : 0u); }
  Seq end() const { return fin() + (flags.has(flag::fin) ? 1u : 0u); }
  std::uint32_t length() const { return static_cast<std::uint32_t>(end() - seq); }
};

// What the target has yet to send: it must by `due`, or it may when that is `never`.
struct Owed {
  Deed deed = Deed::may_ack;
  std::uint8_t edge = 0;     // of catalogue_edges(): why
  bool for_segment = false;  // a segment of ours draws it, whose numbers a reset takes (RFC 9293 3.5.2)
  bool rationed = false;     // as an answer to what is wrong (RFC 5961 7)
  Seq seq, ack;              // of such a reset; or the number that an acknowledgment must have reached
  Seq una, nxt;              // of a reset: SND.UNA and SND.NXT
  Time due = never;

  // Why it is owed makes no difference to what may come, nor does by when as long as it must.
  friend bool operator==(const Owed& a, const Owed& b) {
    return a.deed == b.deed && a.for_segment == b.for_segment && a.rationed == b.rationed && a.seq == b.seq &&
           a.ack == b.ack && a.una == b.una && a.nxt == b.nxt && (a.due == never) == (b.due == never);
  }
};

// Octets of ours.
struct Range {
  Seq begin, end;

  friend bool operator==(const Range&, const Range&) = default;
};

// Nobody answers without end.
constexpr std::uint8_t most_owed = 16;

constexpr std::size_t most_edges = 256;

// The numbers of a connection in TIME-WAIT over which another was begun, and to which that may give way again
// (RFC 9293 3.6.1, MAY-2).
struct Former {
  bool passive = false, timestamps = false, reader_gone = false;
  Seq iss, snd_una, snd_nxt, irs, rcv_nxt, rcv_edge;
  std::optional<Seq> fin_sent, fin_taken;
  std::optional<std::uint32_t> ts_recent, ts_most;

  friend bool operator==(const Former&, const Former&) = default;
};

struct Hypothesis {
  TcpState state = TcpState::closed;
  bool listening = false;           // a listener takes the next SYN
  bool passive = false;             // opened so
  bool reader_gone = false;         // the application has closed both ways
  bool fast_open = false;           // it took text of our SYN at once (RFC 7413 4.2)
  bool close_held = false;          // it has closed behind what is queued, and waits for ESTABLISHED
  bool fin_pending = false;         // it has closed, and the FIN has not been seen
  bool timestamps = false;          // negotiated
  bool known = false;               // its SYN was seen: the numbers below mean something
  Seq iss, snd_una, snd_nxt;        // as far as seen
  Seq irs, rcv_nxt, rcv_edge;       // the last is the right edge of the window that it announced; in
                                    // SYN-SENT counted from a RCV.NXT of 0
  std::optional<Seq> fin_sent;      // the number of its FIN
  std::optional<Seq> fin_taken;     // of ours
  std::vector<Range> held = {};     // what waits for a hole to be filled, or for ESTABLISHED; ascending
  std::vector<Seq> held_fins = {};  // and the FINs there
  std::optional<std::uint32_t> ts_recent;  // TS.Recent is no less
  std::optional<std::uint32_t> ts_most;    // and no more
  unsigned begun = 0;                      // connections that a SYN of ours has begun
  std::uint64_t stimuli_seen = 0;          // how many of the segments, and of the calls, it has acted on
  std::uint64_t calls_seen = 0;
  Time since{}, since_latest{};     // entered the state between these times; in TIME-WAIT, 2 MSL began to run
  Time una_at{};                    // when SND.UNA moved last
  std::optional<Time> rationed_at;  // when the last such answer came
  ShortList<Owed, most_owed> owed = {};
  std::bitset<most_edges> edges = {};         // taken, by their place in catalogue_edges()
  std::shared_ptr<const Former> former = {};  // where it was begun over TIME-WAIT

  bool reopened() const { return former != nullptr; }
  // The same future: all but the edges that led here.
  bool same_as(const Hypothesis& other) const;
  // The same but for what an acknowledgment moves, and for having seen it.
  bool same_but_acknowledged(const Hypothesis& other) const;
};

// What is true when the segment comes to the target. `holds`: it has kept what came out of order (SHLD-31).
Facts facts_of(const Hypothesis& endpoint, const Stimulus& segment, bool holds);

// RCV.NXT after all text in order was taken, and whether the FIN is next then.
struct Taken {
  Seq next;
  bool fin = false;
};
Taken taken_text(const Hypothesis& endpoint, const Stimulus& segment, bool holds);

}  // namespace finack
