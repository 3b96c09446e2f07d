// SPDX-License-Identifier: Apache-2.0
// Holds a target to what is true of every connection, whatever the scenario says: the second, always present
// layer of checking. Pure, and no larger after a million observations than after a thousand.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/queue.h"
#include "base/time.h"
#include "judge/invariant.h"
#include "judge/observation.h"
#include "judge/seq_ranges.h"
#include "packet/conversation.h"
#include "scenario/profile.h"
#include "scenario/scenario.h"

namespace finack {

class Invariants {
 public:
  // Program and profile must outlive it. `stream_seed`: of the octets that the target's application sends
  // (base/pattern.h).
  Invariants(const Program& program, const Profile& profile, std::uint64_t stream_seed);

  // In the order of their coming. Returns what the observation broke, in the order of the table: mostly
  // nothing.
  std::vector<Violation> observe(const Observation& observation);

 private:
  // What we sent and the target has not dropped unseen, without its payload.
  struct Sent {
    Time at;
    Segment segment;
    Seq end;
  };
  // A run of transmissions that begin at one number, all of them after what we did last.
  struct Series {
    Time last;
    Duration interval{};
    Duration first_interval{};
    unsigned intervals = 0;
  };
  struct Stamped {
    Seq end;
    Seq value;
  };

  // What holds for one connection; another one begins with an empty one.
  struct Connection {
    Conversation conversation;
    bool first = true;     // of the exchange
    SeqRanges sent;        // by us
    SeqRanges takable;     // of that, what the target may have taken
    bool reopens = false;  // something happened after which a SYN may begin another connection

    Time last_at = Time::min();       // of the target's segments, the latest stamp
    std::optional<Seq> acknowledged;  // the highest by the target
    std::optional<Seq> their_edge;    // right edge of the target's window, the furthest
    std::optional<Seq> our_edge;      // and of ours
    std::uint32_t syn_window = 0;     // of our SYN, while we know no number of the target's

    Flags their_syn_flags;         // of all SYNs at the initial number
    bool we_agree_to_ecn = false;  // by a SYN of ours there
    bool accurate_ecn = false;     // its SYN has the bit of RFC 9768

    bool synchronized = false;  // seen to be so
    std::optional<Time> reset_at;

    std::optional<Seq> clock;   // the target's timestamps, the last
    std::optional<Seq> echoed;  // of ours, the last one echoed
    Queue<Seq> stamps;          // ours, those that may be echoed yet, in the order of sending
    bool stamps_forgotten = false;
    Queue<Stamped> stamped;  // octets of ours that came in order, and their timestamps
  };

  void take(Time at, const Injected& injected);
  void take(Time at, const InjectedIcmp&);
  void take(Time at, const Arrived& arrived);
  void take(Time at, const Unreadable& unreadable);
  void take(Time at, const Called& called);
  void take(Time at, const Reading& reading);
  void take(Time, const Returned&) {}
  void take(Time, const Told&) {}
  void take(Time, const Disturbed&) {}

  void note_window(const Segment& segment);
  void note_sent(const Segment& segment, Seq end);
  Seq most_theirs() const;
  void note_timestamp(const Segment& segment, Seq due);
  bool begins_another(const Segment& segment) const;
  void begin_another(const Segment& segment);
  void repeat_since(const Sent& syn);
  bool is_of_the_one_before(const Segment& segment) const;
  bool was_sent(const SeqRanges::Range& range) const;

  // Each looks at a segment of the target before connection_.conversation knows it.
  void check_header(const Segment& segment);
  void check_options(const Segment& segment);
  void check_ecn(const Segment& segment);
  void check_stream(const Segment& segment);
  void check_content(const Segment& segment);
  void check_sizes(const Segment& segment);
  void check_ack(const Segment& segment);
  void check_window_edge(const Segment& segment);
  void check_sack(const Segment& segment);
  void check_timestamps(const Segment& segment);
  void check_echo(const Segment& segment, Seq echo);
  void check_reset(const Segment& segment);
  void check_after_reset(const Segment& segment);
  void check_backoff(const Segment& segment);

  bool in_order() const { return at_ >= connection_.last_at; }
  bool is_keep_alive(const Segment& segment) const;
  const std::vector<Option>& offered() const;
  std::string relative_ours(Seq seq) const;
  std::string relative_theirs(Seq seq) const;
  void broken(Rule rule, std::string difference, const std::string& which = {});

  const Program& program_;
  const Profile& profile_;
  std::uint64_t stream_seed_;
  Connection connection_;
  std::optional<Connection> before_;  // the one that another was begun over
  Queue<Sent> recent_;                // bounded
  Queue<Segment> syns_;               // of ours; bounded
  Time called_at_ = Time::min();
  std::uint64_t asked_ = 0;                 // octets that the application was told to send
  std::map<std::uint32_t, Series> series_;  // bounded

  Time at_{};  // of the observation that is looked at
  const Segment* segment_ = nullptr;
  std::vector<Violation> found_;
};

}  // namespace finack
