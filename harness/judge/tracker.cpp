// SPDX-License-Identifier: Apache-2.0
// The tracker's frame: what happens to the target, and the passing of time.
#include "judge/tracker.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "packet/codec.h"

namespace finack {

namespace {

// More than the local suites ever need; beyond it nothing is judged.
constexpr std::size_t most_hypotheses = 64;
constexpr std::uint64_t never_sent_so_much = std::uint64_t{1} << 62;
// How long a connection must have been without an answer before it may be given up for that; far below any
// R2.
constexpr Duration shortest_give_up = 5s;

std::uint32_t scaled(const Segment& segment, const SendingHalf& sender, const SendingHalf& other) {
  const auto shift = window_scale_of(sender.syn_options());
  const bool scales = shift && window_scale_of(other.syn_options()) && !segment.flags.has(flag::syn);
  return std::uint32_t{segment.window} << (scales ? *shift : 0);
}

// Where the scenario opens no socket before the first segment, the target has a service of its own, which
// does what it likes.
bool opens_first(const Program& program) {
  for (const Step& step : program.steps) {
    const auto* call = std::get_if<CallStep>(&step.body);
    if (call && (call->word == "listen" || call->word == "connect")) return true;
    if (std::holds_alternative<SendStep>(step.body) || std::holds_alternative<ExpectStep>(step.body))
      return false;
  }
  return false;
}

}  // namespace

Tracker::Tracker(const Program& program, const Profile& profile)
    : profile_(profile), around_{profile.reaction, profile.processing}, set_(1) {
  own_application_ = !opens_first(program);
  if (own_application_) {
    asked_ = never_sent_so_much;
    Hypothesis listens;
    listens.listening = true;
    listens.state = TcpState::listen;
    set_.push_back(std::move(listens));
  }
  // A target that is set up otherwise may have other timers.
  loose_timers_ = !program.sysctls.empty();
}

void Tracker::injected(Time at, const Segment& sent, const Conversation& numbers) {
  if (!judging_) return;
  pass(at);
  // Most of what is sent comes as it is: it is not copied.
  std::optional<Segment> changed;
  if (!arrives_as_written(sent)) changed = as_received(sent);
  const Segment* received = arrives_as_written(sent) ? &sent : changed ? &*changed : nullptr;
  if (!received) return;
  Stimulus stimulus;
  stimulus.at = at;
  stimulus.by = at + around_.processing;
  stimulus.seq = received->seq;
  stimulus.ack = received->ack;
  stimulus.flags = received->flags;
  stimulus.text = static_cast<std::uint32_t>(received->payload.size());
  stimulus.urgent = received->flags.has(flag::urg);
  urgent_ = urgent_ || stimulus.urgent;
  stimulus.window = scaled(*received, numbers.ours, numbers.theirs);
  most_window_ = std::max(most_window_, stimulus.window);
  stimulus.most_window = most_window_;
  if (const auto stamps = timestamps_of(received->options)) stimulus.timestamp = stamps->value;
  stimulus.acknowledged = numbers.ours.unacknowledged();
  note_window(stimulus, numbers);
  stimuli_.push_back(stimulus);
  settle_inert(stimulus);
}

// SND.WND moves with what is surely accepted and newer than what moved it before (RFC 9293 3.10.7.4, fifth);
// of all else it is the worse for the target that counts.
void Tracker::note_window(const Stimulus& segment, const Conversation& numbers) {
  const SendingHalf &ours = numbers.ours, &theirs = numbers.theirs;
  const bool opens = segment.flags.has(flag::syn) && (!ours.isn() || segment.seq == *ours.isn());
  if (!segment.flags.has(flag::ack) || segment.flags.has(flag::rst)) return;
  if (segment.flags.has(flag::syn) && !opens) return;
  const Seq edge = segment.ack + segment.window;
  const bool in_order = segment.length() == 0 ? segment.seq == ours.next()
                                              : segment.seq <= ours.next() && segment.end() > ours.next();
  const bool newest = !window_seq_ || segment.seq >= *window_seq_;
  const bool acks = segment.ack >= theirs.unacknowledged() && segment.ack <= theirs.next();
  const bool surely = opens || (in_order && newest && acks);
  our_edge_ = surely || edge < our_edge_ ? edge : our_edge_;
  if (surely || segment.seq - ours.next() < static_cast<std::int32_t>(numbers.window()))
    window_seq_ = window_seq_ ? later(*window_seq_, segment.seq) : segment.seq;
}

void Tracker::icmp(Time at, bool hard) {
  if (!judging_) return;
  pass(at);
  Stimulus stimulus;
  stimulus.kind = Stimulus::Kind::icmp;
  stimulus.at = at;
  stimulus.by = at + around_.processing;
  stimulus.facts.add(hard ? Fact::icmp_hard : Fact::icmp_soft);
  stimuli_.push_back(stimulus);
}

// What only moves SND.UNA may as well be acted on at once: when exactly makes no difference to anything else.
void Tracker::settle_inert(const Stimulus& stimulus) {
  for (Hypothesis& each : set_) {
    if (each.stimuli_seen + 1 != first_stimulus_ + stimuli_.size()) continue;
    if (each.calls_seen != first_call_ + calls_.size()) continue;  // which may end it first
    if (each.state != TcpState::established && each.state != TcpState::close_wait) continue;
    Set after;
    act(each, stimulus, around_, after);
    if (after.size() == 1 && after.front().same_but_acknowledged(each) && after.front().edges == each.edges)
      each = std::move(after.front());
  }
  forget_seen();
}

void Tracker::call(Stimulus stimulus) {
  stimulus.kind = Stimulus::Kind::call;
  stimulus.by = stimulus.at + profile_.call;
  stimulus.sent = asked_;
  stimulus.received = received_;
  stimulus.accepted = users_.accepted();
  calls_.push_back(stimulus);
}

void Tracker::called(Time at, const CallStep& step) {
  if (!judging_) return;
  pass(at);
  const auto event = users_.called(step);
  if (step.word == "option") {
    constexpr std::string_view timers[] = {"user-timeout",   "linger2",        "syn-count",
                                           "keepalive",      "keepalive-idle", "keepalive-interval",
                                           "keepalive-count"};
    for (const auto& [key, value] : step.fields)
      loose_timers_ =
          loose_timers_ || (key == "name" && std::ranges::find(timers, value) != std::end(timers));
  }
  if (step.word == "send") asked_ += step.length.value_or(0);
  if (!event) return;
  Stimulus stimulus;
  stimulus.at = at;
  stimulus.facts = event->facts;
  stimulus.closes_listener = event->closes_listener;
  stimulus.orphans = event->orphans && !own_application_;
  stimulus.accepting = event->accepting;
  call(stimulus);
}

void Tracker::returned(Time at, const CallStep& step, const Returned& returned) {
  if (!judging_) return;
  pass(at);
  users_.returned(step, returned);
  const std::uint64_t octets = returned.octets.value_or(0);
  if (step.word == "send") sent_ += octets;
  if (step.word == "receive") received_ += octets;
  // A call that has returned has been acted on, but one that lingers or waits.
  for (Stimulus& each : calls_) each.by = std::min(each.by, std::max(at, each.at + around_.processing));
  const bool ends = step.word == "receive" && returned.kind == Returned::Kind::end;
  if (ends && !heard_end_at_) heard_end_at_ = at;
}

// The application was told that the stream is at its end: then our FIN was taken, and all before it read (RFC
// 9293 3.10.7.4, eighth). Where there is no connection any more, it may be told so for that.
void Tracker::hear_end() {
  if (urgent_ || own_application_ || !users_.receives()) return;
  const auto at_end = [&](const Hypothesis& each) {
    if (!each.known || each.state == TcpState::closed || each.state == TcpState::listen) return true;
    if (each.passive && each.begun > users_.accepted()) return true;  // it was told of another
    return each.fin_taken && static_cast<std::uint32_t>(*each.fin_taken - each.irs - 1) <= received_;
  };
  Set next;
  left_to_visit_ = most_visited;
  for (const Hypothesis& from : set_) {
    each_future(from, [&](const Hypothesis& each) {
      if (at_end(each)) add(next, each);
    });
  }
  if (is_exhausted()) return;
  if (next.empty())
    return contradict(fmt::format("the end of the stream told after {} octets", received_),
                      "end of the stream");
  replace(std::move(next));
}

void Tracker::grow(const Hypothesis& from, Set& into) const {
  if (from.stimuli_seen < first_stimulus_ + stimuli_.size())
    act(from, stimuli_[from.stimuli_seen - first_stimulus_], around_, into);
  if (from.calls_seen < first_call_ + calls_.size())
    act(from, calls_[from.calls_seen - first_call_], around_, into);
}

void Tracker::add(Set& set, Hypothesis hypothesis) const {
  const auto same =
      std::ranges::find_if(set, [&](const Hypothesis& each) { return each.same_as(hypothesis); });
  if (same == set.end()) {
    set.push_back(std::move(hypothesis));
    return;
  }
  same->edges &= hypothesis.edges;  // only what was taken on every way is sure
  same->since = std::min(same->since, hypothesis.since);
  same->since_latest = std::max(same->since_latest, hypothesis.since_latest);
  same->una_at = std::max(same->una_at, hypothesis.una_at);
  if (hypothesis.rationed_at) same->rationed_at = std::max(same->rationed_at, hypothesis.rationed_at);
}

void Tracker::contradict(std::string got, std::string signature) {
  if (!contradiction_)
    contradiction_ = Contradiction{possibilities(), std::move(got), std::move(signature), {}};
  judging_ = false;
}

bool Tracker::is_exhausted() {
  if (left_to_visit_ > 0) return false;
  overflowed_ = true;
  judging_ = false;
  return true;
}

void Tracker::replace(Set next) {
  if (next.size() > most_hypotheses) {
    overflowed_ = true;
    judging_ = false;
  }
  set_ = std::move(next);
  forget_seen();
}

void Tracker::forget_seen() {
  std::uint64_t stimuli = first_stimulus_ + stimuli_.size(), calls = first_call_ + calls_.size();
  for (const Hypothesis& each : set_) {
    stimuli = std::min(stimuli, each.stimuli_seen);
    calls = std::min(calls, each.calls_seen);
  }
  for (; first_stimulus_ < stimuli; ++first_stimulus_) stimuli_.pop_front();
  for (; first_call_ < calls; ++first_call_) calls_.pop_front();
}

// What the system tells of it. Some enter the state as soon as the application closes, some with the FIN.
static bool shows(const Hypothesis& each, const Reading& reading) {
  const TcpState got = reading.effective();
  if (got == TcpState::closed) return each.state == TcpState::closed || each.state == TcpState::listen;
  if (got == each.state) return true;
  return each.fin_pending && ((got == TcpState::established && each.state == TcpState::fin_wait_1) ||
                              (got == TcpState::close_wait && each.state == TcpState::last_ack));
}

void Tracker::read(Time at, const Reading& reading) {
  if (!judging_) return;
  pass(at);
  const TcpState got = reading.effective();
  Set next;
  left_to_visit_ = most_visited;
  for (const Hypothesis& from : set_) {
    each_future(from, [&](const Hypothesis& each) {
      if (shows(each, reading)) {
        add(next, each);
      } else if (own_application_) {
        guess_before(each, at, reading, next);
      }
    });
  }
  if (is_exhausted()) return;
  if (next.empty())
    return contradict(fmt::format("{} as the state that the system tells", to_string(got)),
                      fmt::format("reads {}", to_string(got)));
  replace(std::move(next));
}

// An application that we do not see may have made a call by then.
void Tracker::guess_before(const Hypothesis& from, Time at, const Reading& reading, Set& into) const {
  for (const Fact fact : {Fact::active_open, Fact::close, Fact::abort}) {
    Set guessed;
    guess(from, fact, at, guessed);
    for (const Hypothesis& one : guessed) {
      each_future(one, [&](const Hypothesis& each) {
        if (shows(each, reading)) add(into, each);
      });
    }
  }
}

void Tracker::guess(const Hypothesis& from, Fact fact, Time at, Set& into) const {
  Stimulus call;
  call.kind = Stimulus::Kind::call;
  call.at = call.by = at;
  call.facts = {fact};
  act(from, call, around_, into);
  for (Hypothesis& each : into) --each.calls_seen;
}

void Tracker::pass(Time now) {
  if (!judging_) return;
  // What it sent before may come later than what its application says.
  if (heard_end_at_ && now > *heard_end_at_ + around_.processing) {
    heard_end_at_.reset();
    hear_end();
    if (!judging_) return;
  }
  const auto is_over = [&](const Stimulus& each) { return each.by < now; };
  if (std::ranges::any_of(stimuli_, is_over) || std::ranges::any_of(calls_, is_over)) force(now);
  const auto has_timer = [&](const Hypothesis& each) {
    return loose_timers_ || each.state == TcpState::time_wait || now > each.since + shortest_give_up ||
           std::ranges::any_of(each.owed, [&](const Owed& owed) { return owed.due < now; });
  };
  if (judging_ && std::ranges::any_of(set_, has_timer)) let_timers_go(now);
}

// What has had its time has been acted on.
void Tracker::force(Time now) {
  Set next, open = set_;
  while (!open.empty()) {
    Hypothesis each = std::move(open.back());
    open.pop_back();
    const bool segment = each.stimuli_seen < first_stimulus_ + stimuli_.size() &&
                         stimuli_[each.stimuli_seen - first_stimulus_].by < now;
    const bool call =
        each.calls_seen < first_call_ + calls_.size() && calls_[each.calls_seen - first_call_].by < now;
    if (!segment && !call) {
      add(next, std::move(each));
    } else {
      Set after;
      grow(each, after);
      for (Hypothesis& one : after) open.push_back(std::move(one));
      if (open.size() > 4 * most_hypotheses) {
        overflowed_ = true;
        judging_ = false;
        return;
      }
    }
  }
  replace(std::move(next));
}

void Tracker::let_timers_go(Time now) {
  Set next;
  const Owed* missed = nullptr;
  for (Hypothesis& each : set_) {
    for (Owed& owed : each.owed) {
      if (owed.deed == Deed::send_fin && owed.due < now && is_blocked(each))
        owed.due = now + around_.reaction;
    }
    const auto late = std::ranges::find_if(each.owed, [&](const Owed& owed) { return owed.due < now; });
    if (late != each.owed.end()) {
      missed = &*late;
      continue;
    }
    for (const std::uint8_t place : edges_from(each.state)) {
      const Facts guard = catalogue_edges()[place].guard;
      if (!may_go_off(each, guard, now)) continue;
      Stimulus timer;
      timer.kind = Stimulus::Kind::timer;
      timer.at = timer.by = now;
      timer.facts = guard;
      Set after;
      act(each, timer, around_, after);
      for (Hypothesis& one : after) add(next, std::move(one));
    }
    const bool over = each.state == TcpState::time_wait &&
                      now > each.since_latest + 2 * profile_.msl + profile_.granularity;
    if (!over) add(next, each);
  }
  if (next.empty() && missed) {
    const CatalogueEdge& edge = catalogue_edges()[missed->edge];
    contradiction_ =
        Contradiction{fmt::format("{} within {}: {}, {} ({}, {})", edge.emits, to_text(around_.reaction),
                                  to_string(edge.from), edge.event, edge.id, edge.source),
                      "nothing", fmt::format("nothing for {}", edge.id), std::string(edge.id)};
    judging_ = false;
    return;
  }
  if (next.empty()) return contradict("no end of TIME-WAIT", "no end of TIME-WAIT");
  replace(std::move(next));
}

bool Tracker::may_go_off(const Hypothesis& each, Facts guard, Time now) const {
  if (guard.has(Fact::two_msl_timeout)) return now >= each.since + 2 * profile_.msl;
  if (guard.has(Fact::orphan_timeout)) {
    return each.reader_gone &&
           (loose_timers_ || now + profile_.granularity >= each.since + profile_.fin_timeout);
  }
  if (guard.has(Fact::give_up)) {
    return loose_timers_ ||
           (awaits_answer(each) && now >= std::max(each.since, each.una_at) + shortest_give_up);
  }
  return false;
}

// There is something that it may give up for: not acknowledged, or not even sent.
bool Tracker::awaits_answer(const Hypothesis& each) const {
  const auto seen = static_cast<std::uint32_t>(each.snd_nxt - each.iss - 1);
  return !each.known || each.fin_pending || each.snd_una < each.snd_nxt ||
         (own_application_ ? our_edge_ <= each.snd_nxt : seen < asked_);
}

// The FIN waits behind data that a window holds back, the peer's or that of congestion.
bool Tracker::is_blocked(const Hypothesis& each) const {
  if (!each.known) return true;
  const auto seen = static_cast<std::uint32_t>(each.snd_nxt - each.iss - 1);
  return our_edge_ <= each.snd_nxt || (seen < asked_ && each.snd_una < each.snd_nxt);
}

Time Tracker::owed_until() const {
  Time until{};
  if (!judging_) return until;
  for (const Hypothesis& each : set_) {
    for (const Owed& owed : each.owed) {
      if (owed.due != never) until = std::max(until, owed.due);
    }
  }
  return until;
}

std::vector<std::uint8_t> Tracker::edge_places() const {
  std::bitset<most_edges> sure = set_.front().edges;
  for (const Hypothesis& each : set_) sure &= each.edges;
  std::vector<std::uint8_t> out;
  for (std::size_t i = 0; i < sure.size(); ++i) {
    if (sure[i]) out.push_back(static_cast<std::uint8_t>(i));
  }
  return out;
}

std::vector<TcpState> Tracker::states() const {
  std::vector<TcpState> out;
  for (const Hypothesis& each : set_) {
    if (std::ranges::find(out, each.state) == out.end()) out.push_back(each.state);
  }
  return out;
}

std::optional<TcpState> Tracker::sure_state() const {
  if (!judging_) return std::nullopt;
  const TcpState state = set_.front().state;
  bool same = true;
  left_to_visit_ = most_visited;
  for (const Hypothesis& from : set_)
    each_future(from, [&](const Hypothesis& each) { same = same && each.state == state; });
  return same && left_to_visit_ > 0 ? std::optional(state) : std::nullopt;
}

// The states that were possible, and what the target owed in them.
std::string Tracker::possibilities() const {
  std::vector<std::string> out;
  for (const Hypothesis& each : set_) {
    std::string text = std::string(to_string(each.state));
    if (each.known && each.state != TcpState::closed && each.state != TcpState::listen) {
      text +=
          fmt::format(" with SND.NXT {} and RCV.NXT {}", each.snd_nxt - each.iss, each.rcv_nxt - each.irs);
    }
    std::vector<std::string> owed;
    for (const Owed& one : each.owed) {
      const CatalogueEdge& edge = catalogue_edges()[one.edge];
      owed.push_back(fmt::format("{} ({})", edge.emits, edge.id));
    }
    if (!owed.empty()) text += ", owing " + join(owed, " and ");
    if (std::ranges::find(out, text) == out.end()) out.push_back(std::move(text));
  }
  constexpr std::size_t most_told = 4;
  const std::size_t more = out.size() > most_told ? out.size() - most_told : 0;
  if (more > 0) out.resize(most_told);
  return join(out, "; or ") + (more > 0 ? fmt::format("; or one of {} more", more) : "");
}

}  // namespace finack
