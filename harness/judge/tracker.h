// SPDX-License-Identifier: Apache-2.0
// The reference tracker: watches an exchange with the state machine of the RFCs in hand. It keeps the set of
// all that the target may be (judge/hypothesis.h) and narrows it with everything that is seen; when nothing
// is left, the target has done what no reading of the RFCs permits. It knows nothing of what the scenario
// expects.
#pragma once

#include <bitset>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/queue.h"
#include "judge/hypothesis.h"
#include "judge/machine.h"
#include "judge/observation.h"
#include "judge/user_calls.h"
#include "packet/conversation.h"
#include "scenario/profile.h"
#include "scenario/scenario.h"

namespace finack {

// What following a target may cost, so that an exchange takes time in proportion to its observations: as many
// futures of the hypotheses as this are looked at for one observation, and what one leaves over another may
// use, up to so many at once. More than the local suites ever need.
inline constexpr std::size_t visits_each = 64, most_visits = 1024;

// Nothing that the target may be fits what came.
struct Contradiction {
  std::string wanted;  // what was possible
  std::string got;
  std::string signature;  // without what chance decides
  std::string edge;       // that was not followed, where one can be named
};

class Tracker {
 public:
  // Both must outlive the tracker.
  Tracker(const Program& program, const Profile& profile);

  // Observations in the order of their coming; `numbers` are those of the wire before this one.
  // `in_stream`: all of it will be waited for, so that when the target acts on it is of no account. An
  // application that is just reading may keep its stack from looking at more for as long as it gets no
  // processor.
  void injected(Time at, const Segment& sent, const Conversation& numbers, bool in_stream = false);
  void icmp(Time at, bool hard);
  void called(Time at, const CallStep& call);
  void returned(Time at, const CallStep& call, const Returned& returned);
  void arrived(Time at, const Segment& segment, const Conversation& numbers);
  void read(Time at, const Reading& reading);
  // All that came before `now` has been observed.
  void pass(Time now);
  // Nothing seen so far counts for sure.
  void disturbed() { judging_ = false; }

  const std::optional<Contradiction>& contradiction() const { return contradiction_; }
  // There were more possibilities than are kept: nothing is judged any more.
  bool overflowed() const { return overflowed_; }
  // When the last of what the target owes is due; past when nothing is.
  Time owed_until() const;

  // The edges that the target has taken for sure, by their places in catalogue_edges().
  std::vector<std::uint8_t> edge_places() const;
  // The states that it may be in.
  std::vector<TcpState> states() const;
  // The one that it is in for sure, whatever it has acted on yet; none once nothing is sure any more.
  std::optional<TcpState> sure_state();

 private:
  using Set = std::vector<Hypothesis>;
  struct Arrival {
    Time at;
    const Segment& segment;
    std::uint32_t window;  // scaled
    bool timestamps;       // negotiated
  };
  // Calls visit(hypothesis) for each thing the target may be once it has acted on some of what it has not
  // acted on yet, and follows those for which it returns true.
  template <class Visit>
  void each_future(Set& from, Visit visit);
  template <class Visit>
  bool look_ahead(Set& from, Visit visit);  // the same; false when there were more than it may look at
  bool has_seen_all(const Hypothesis& each) const {
    return each.stimuli_seen == first_stimulus_ + stimuli_.size() &&
           each.calls_seen == first_call_ + calls_.size();
  }
  void grow(const Hypothesis& from);  // by one stimulus or call, into following_
  void keep(const Hypothesis& hypothesis) { add(next_, hypothesis); }
  void replace();                                           // by next_, which is not empty
  void contradict(std::string got, std::string signature);  // next_ is
  static void add(Set& set, const Hypothesis& hypothesis);
  // Into the first of these that is the same; false when none is.
  static bool merge(std::span<Hypothesis> known, const Hypothesis& hypothesis);
  // Of one more observation; false when it is not to be looked at.
  bool begin(Time at);
  void await(Queue<Stimulus>& row, const Stimulus& stimulus);
  void lose_track();
  bool is_overdue(const Hypothesis& each, Time now) const;
  void force(Time now);
  bool is_timed(const Hypothesis& each, Time now) const;
  void let_timers_go(Time now);
  void forget_seen();
  void call(Stimulus stimulus);
  void note_window(const Stimulus& segment, const Conversation& numbers);
  void guess(const Hypothesis& from, Fact fact, Time at);  // into guessed_
  void guess_call(const Hypothesis& from, const Arrival& arrival);
  bool is_inert(const Hypothesis& from, const Stimulus& segment, Hypothesis* after);
  void settle();
  void hear_end();
  bool may_go_off(const Hypothesis& each, Facts guard, Time now) const;
  bool is_over(const Hypothesis& each, Time now) const;
  bool awaits_answer(const Hypothesis& each) const;
  bool is_blocked(const Hypothesis& each) const;
  // Whether it may have sent that; it becomes what it is afterwards.
  bool explains(Hypothesis& from, const Arrival& arrival) const;
  bool takes_text_of_syn(Hypothesis& from, Seq ack) const;
  bool explains_syn(Hypothesis& from, const Arrival& arrival) const;
  bool explains_content(Hypothesis& from, const Arrival& arrival) const;
  bool sends_more(Hypothesis& from, Seq text_end, bool fin) const;
  void note_acknowledgment(Hypothesis& from, const Arrival& arrival) const;
  std::string possibilities() const;

  const Profile& profile_;
  Delays delays_;
  Set set_;
  Queue<Stimulus> stimuli_;           // not yet acted on by all
  std::uint64_t first_stimulus_ = 0;  // the number of the first of them
  Queue<Stimulus> calls_;
  std::uint64_t first_call_ = 0;
  bool own_application_ = false;      // which we neither drive nor see
  bool loose_timers_ = false;         // the application or the configuration has set some
  bool needs_no_cookie_ = false;      // to take the text of a SYN at once
  std::vector<Seq> cookies_;          // the SYNs of ours that had one
  std::uint64_t asked_ = 0;           // octets that the application was told to send
  std::uint64_t sent_ = 0;            // octets that the stack has taken
  Seq our_edge_;                      // the right edge of the window that we announced last
  std::optional<Seq> window_seq_;     // SND.WL1
  std::uint64_t received_ = 0;        // octets that it has got
  std::uint32_t most_window_ = 0;     // the largest that we announced
  std::optional<Time> heard_end_at_;  // by the application: that of the stream
  bool urgent_ = false;               // some octets may have gone another way than the stream
  UserCalls users_;
  std::optional<Contradiction> contradiction_;
  bool judging_ = true;
  bool overflowed_ = false;
  std::size_t visits_left_ = most_visits;
  // Room to work in, kept because an observation comes after the other.
  Set next_;               // what is left after this one
  Set layer_, following_;  // futures that have acted on equally many, and on one more
  Set grown_, guessed_, settled_;
};

}  // namespace finack
