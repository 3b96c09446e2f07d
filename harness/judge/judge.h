// SPDX-License-Identifier: Apache-2.0
// Judges one exchange: takes what was seen and done, says what has to happen next and, at the end, what it
// came to. Pure: it neither waits nor sends, and knows no time but that of the observations and of advance().
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/queue.h"
#include "base/time.h"
#include "judge/claims.h"
#include "judge/invariants.h"
#include "judge/matcher.h"
#include "judge/observation.h"
#include "judge/story.h"
#include "judge/streaming.h"
#include "judge/tracker.h"
#include "judge/verdict.h"
#include "packet/conversation.h"
#include "scenario/profile.h"
#include "scenario/scenario.h"

namespace finack {

// What a judge needs next.
struct Want {
  enum class Kind : std::uint8_t {
    act,         // send or call as steps[step] says, and report it as Injected or Called; in a step that
                 // sends many segments, `segment` is the one
    read_state,  // read the connection's state, and report the Reading
    wait,        // report what comes; call advance() again then, and at `until` at the latest
    done,        // the verdict stands
  };
  Kind kind;
  std::size_t step = 0;
  Time until = never;
  const SegmentSpec* segment = nullptr;  // stands until the judge observes something
};

// Seeds of the octet pattern (base/pattern.h) of the two byte streams of an instance.
struct Streams {
  std::uint64_t ours = 0;
  std::uint64_t theirs = 0;
};

// The second part of a signature (judge/verdict.h): what was seen in the place of what was wanted, without
// what chance decides.
std::string what_went_wrong(const Finding& finding);

class Judge {
 public:
  // Both must outlive the judge.
  Judge(const Program& program, const Profile& profile, const Streams& streams, Time start);

  // In the order of their coming; an arrival may be stamped a little earlier than what was observed before.
  void observe(Observation observation);
  // `now`: all that came before it has been observed.
  Want advance(Time now);

  const Conversation& conversation() const { return conversation_; }
  // Of the first connection.
  NumberBase base() const { return first_base_.value_or(conversation_.base()); }
  const Trace& trace() const { return trace_; }
  Trace take_trace() { return std::move(trace_); }

  // These stand once advance() says done.
  Verdict verdict() const { return verdict_; }
  const std::string& reason() const { return reason_; }  // in one line, empty for pass
  const std::optional<Finding>& finding() const { return finding_; }
  // Which reading of each one-of the target was seen to follow.
  const std::vector<std::string>& readings() const { return readings_; }
  const Tracker& tracker() const { return tracker_; }
  // Of the claims in `covers`, those on rules; before the trace is taken.
  std::vector<Claim> claims() const;

 private:
  enum class Phase : std::uint8_t { steps, settling, post_mortem, done };

  // A segment that came and that no step has taken yet.
  struct Waiting {
    Time at;
    std::size_t place;          // in the trace
    Expected expected;          // as of its arrival
    bool advances = false;      // a bare ACK that tells something new: no stack may be blamed for it
    bool acknowledges = false;  // it advances by what it acknowledges
    bool repeats = false;       // repeats what we have not acknowledged, a timeout after the last time
    bool probes = false;        // repeats sooner than that, as a probe for a lost tail
    std::string stale = {};     // why a repetition is not one of those
  };

  void take(Observation observation);
  void take(Time at, const Injected& injected);
  void take(Time at, const InjectedIcmp& injected);
  void take(Time at, const Arrived& arrived);
  void take(Time at, const Unreadable& unreadable);
  void take(Time at, const Called& called);
  void take(Time at, const Returned& returned);
  void take(Time at, const Told& told);
  void take(Time at, const Reading& reading);
  void take(Time at, const Disturbed& disturbed);

  const Segment& segment_of(const Waiting& waiting) const {
    return std::get<Arrived>(trace_[waiting.place].what).segment;
  }

  // How a step that looks at the target stands. It changes nothing, so that a one-of can ask all its
  // branches.
  struct Check {
    enum class Kind : std::uint8_t { pending, done, failed };
    Kind kind = Kind::pending;
    Time at{};                                 // pending: when to look again; done: when it was fulfilled
    std::optional<Time> really = {};           // done: when we saw that, where it is not the same
    bool wants_reading = false;                // pending: the state has to be read now
    std::size_t taken = 0;                     // done: how many of the waiting segments are over with
    std::unique_ptr<const Finding> finding{};  // failed
  };
  static Check failed(Finding finding);
  // What a step has seen of the waiting segments, so that it looks at each once, however often it is asked.
  struct Looked {
    std::size_t at = 0;                    // how many
    std::optional<std::size_t> near = {};  // the last that is the wanted one but for some field
    std::vector<bool> here = {};           // of all-of: which of its segments have come
  };
  Looked& looked(std::size_t branch = 0);
  Check check(const ExpectStep& step, Time now, Looked& looked) const;
  Check check(const QuietStep& step, Time now, Looked& looked) const;
  Check check(const StateStep& step, Time now) const;
  Check check(const AllOfStep& step, Time now, Looked& looked) const;
  Check check_first(const Step& step, Time now, Looked& looked) const;
  // Draws the conclusion; what go_on() returns.
  std::optional<Want> follow(Check check);

  Want go_on(Time now);
  // Something is wrong, but it came only after the step was over, which is to come to what it comes to when
  // we look in time.
  bool step_is_first() const;
  // Fails where the tracker has found a contradiction; says whether.
  bool heed_tracker();
  // Each returns what the step still wants; nothing when it is over, one way or the other.
  std::optional<Want> go_on(const SendStep& step, Time now);
  std::optional<Want> go_on(const IcmpStep& step, Time now);
  std::optional<Want> go_on(const ExpectStep& step, Time now);
  std::optional<Want> go_on(const QuietStep& step, Time now);
  std::optional<Want> go_on(const WaitStep& step, Time now);
  std::optional<Want> go_on(const StateStep& step, Time now);
  std::optional<Want> go_on(const CallStep& step, Time now);
  std::optional<Want> go_on(const ReturnsStep& step, Time now);
  std::optional<Want> go_on(const ToldStep& step, Time now);
  std::optional<Want> go_on(const OneOfStep& step, Time now);
  std::optional<Want> go_on(const AllOfStep& step, Time now);
  std::optional<Want> go_on(const AllowStep& step, Time now);
  std::optional<Want> go_on(const StreamStep& step, Time now);
  Seq first_not_taken() const;
  bool begin_stream(const StreamStep& step);
  bool take_stream(Time latest);
  void end_stream();
  std::optional<Want> collect(std::size_t call, const std::vector<CallOutcome>& outcomes, Time now);
  std::optional<Want> settle(Time now);

  bool is_flood(const Observation& observation);
  bool moves_on(const Segment& segment) const;
  void heed(const std::vector<Violation>& violations);
  Want wait(Time until);
  // `at`: when a harness that takes no time would have been done with it; `really`: when this one was.
  void finish_step(Time at, Time really);
  // We acted on the target, which should have been done when the step became due.
  void note_act(Time at, Time done);
  // The same in a stream, in which each act waits for the one before or for the target.
  void note_stream_act(Time at, const Injected& injected);
  // When the segment that goes out at that time was due.
  Time due_at(Time at) const;
  // The same of what we only look at.
  void note_look(Time due, Time at);
  Time ideal_return(const CallStep& step, const Returned& returned, Time asked);
  void set_in_step(Finding& finding) const;
  void fail_step(Finding finding);
  void fail_protest();
  void fail_unexpected(const Waiting& waiting, std::string wanted);
  void conclude();

  bool advances(const Segment& segment, const Expected& expected) const;
  void classify_repetition(Waiting& waiting) const;
  std::vector<Seq> acks_at(Time at) const;
  Expected expected_now(const SegmentSpec& wanted) const;
  void expect_of_stranger(Expected& expected) const;
  void expect_of_handshake(Expected& expected, Flags flags) const;
  void expect_of_another(Expected& expected, Flags flags) const;
  void begin_another(Time at, const Segment& segment);
  std::vector<std::string> compare(const SegmentSpec& wanted, const Waiting& waiting) const;
  bool is_free(const Waiting& waiting) const;
  bool is_allowed(const Waiting& waiting) const;
  TcpState shown(const Reading& reading, TcpState wanted) const;
  bool lingers() const;
  bool has_sack() const;
  bool is_window_probe(const Waiting& waiting) const;
  std::string step_name() const;

  const Program& program_;
  const Profile& profile_;
  Streams streams_;

  Phase phase_ = Phase::steps;
  std::size_t pc_ = 0;        // of program_.steps
  Time since_;                // when the step at pc_ became due, had the harness taken no time
  Time ready_;                // when the harness had come to it: what the target is allowed counts from here
  bool must_broken_ = false;  // a failure is more than a warning
  bool acted_ = false;        // its act is done
  bool looked_back_ = false;  // the state was read once more after the last step
  Time waiting_until_ = never;  // of the last wait asked for

  Tracker tracker_;
  Conversation conversation_;
  std::optional<NumberBase> first_base_;  // once another connection was opened
  Invariants invariants_;
  Queue<std::pair<Time, Seq>> sent_up_to_;  // our next number after each injection, the last few
  std::optional<Time> unanswered_since_;    // our first injection that no `expect` has answered
  std::uint16_t their_window_ = 0;          // as last announced
  std::map<std::uint32_t, Time> sent_at_;   // when the target last sent the segment that begins there
  Time acknowledged_at_{};                  // when we last acknowledged something new
  Queue<Waiting> waiting_;
  std::vector<Looked> looked_;                // by this step, or by the first of each of its branches
  std::vector<SegmentSpec> allowed_;          // may come at any time
  std::map<std::string, std::size_t> later_;  // the steps whose calls return later, by name
  Time acted_at_{};
  std::vector<std::optional<Returned>> returned_;  // by step
  std::vector<Time> returned_at_;                  // by step
  Time seen_on_wire_at_ = Time::min();             // when anything passed the wire last
  std::optional<Time> heard_at_;                   // when the first segment came since the last call
  std::vector<std::pair<Time, Told>> told_;        // and not yet asked for; bounded
  std::optional<Streaming> streaming_;             // while a stream lasts
  std::optional<Streaming> halted_;                // one that left something
  std::optional<SegmentSpec> stream_due_;          // what our end sends next in it
  std::optional<Reading> reading_;                 // the last one during this step
  Time read_at_{};                                 // when
  Time read_again_at_{};                           // when the next one is to be
  Time reading_due_{};                             // when the one that was asked for was due
  Duration reading_pause_{};
  std::string impossible_;                // why the last reading cannot follow the one before
  std::optional<TcpState> state_;         // last read
  std::optional<TcpState> shown_;         // last read, a listener included, of whichever connection
  std::optional<TcpState> shown_before_;  // the same before this step
  std::set<std::string> listeners_;       // sockets that listen
  bool listener_closed_ = false;          // there was one, and there is none any more
  std::optional<Segment> last_sent_;      // by us, as the target has received it, without its payload
  std::uint32_t sent_length_ = 0;         // its SEG.LEN
  unsigned duplicate_acks_ = 0;           // of ours, since the last new one, while something is in flight
  bool probed_ = false;                   // for a lost tail, since then
  std::optional<Time> window_probed_at_;  // when last
  bool strays_ = false;                   // we have sent what others than this connection may answer
  std::optional<Time>
      unsettled_since_;  // our last injection, while nothing shows that the target has seen it

  std::uint64_t asked_octets_;  // of the target
  Trace trace_;
  bool wants_states_;                                    // for the claims
  SureStates states_;                                    // after each of the trace
  std::size_t arrived_octets_ = 0, unasked_octets_ = 0;  // of memory for what came
  std::optional<Finding> finding_;
  std::vector<std::string> readings_;
  std::optional<Finding> advice_;   // about something that should not happen, where it did
  bool only_advice_ = false;        // nothing worse was found
  std::optional<Finding> protest_;  // against something that may never happen, raised when it came
  Time wrong_at_ = never;           // when what that, or the tracker, is against came
  bool harness_at_fault_ = false;
  // Each act that is late moves all that follows away from the timers of the target, so it is their sum.
  Duration lag_{};
  Duration worst_lateness_{};  // the largest that it was at, with what we looked at too late
  std::string disturbance_;
  Verdict verdict_ = Verdict::error;
  std::string reason_ = "not finished";
};

}  // namespace finack
