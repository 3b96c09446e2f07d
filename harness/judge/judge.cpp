// SPDX-License-Identifier: Apache-2.0
// The judge's frame: taking observations, going from step to step, coming to a verdict. The steps themselves
// are in judge_steps.cpp.
#include "judge/judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "judge/evidence.h"
#include "judge/hint.h"
#include "judge/segments.h"
#include "packet/codec.h"
#include "scenario/catalogue.h"

namespace finack {

namespace {

// How many of our injections an answer may be behind; more than any burst of a scenario within `processing`.
constexpr std::size_t most_remembered = 256;

// Of memory for what comes in one instance and that nobody has asked for: a target that floods us.
constexpr std::size_t most_unasked = 64 << 20;
// Of memory for all that comes. What a scenario asks for fits, but in the smallest of segments.
constexpr std::size_t most_octets = 512 << 20;

// Pauses between readings of a state that is not there yet: short first, because most changes are immediate;
// later no longer than this, or than that part of the time it has been waited for already.
constexpr Duration first_pause = 500us, longest_pause = 20ms;
constexpr int part_of_wait = 100;

// What an observation of the target costs us, roughly: it is kept in the trace, and waits for a step to take
// it. The frame is kept for a capture alone, and must not change a verdict.
std::size_t footprint(const Observation& observation) {
  constexpr std::size_t overhead = 768;
  if (const auto* arrived = std::get_if<Arrived>(&observation.what)) {
    return overhead + arrived->segment.payload.size();
  }
  return overhead;
}

// Octets that the scenario asks of the target, by its application or in streams.
std::uint64_t asked_octets(const Program& program) {
  std::uint64_t told = 0, expected = 0;
  for (const Step& step : program.steps) {
    const auto* call = std::get_if<CallStep>(&step.body);
    if (call && call->word == "send") told += call->length.value_or(0);
    const auto* stream = std::get_if<StreamStep>(&step.body);
    if (stream && stream->expected) expected += stream->expected->octets;
  }
  return std::max(told, expected);
}

// Without the window, which differs from run to run.
std::string short_text(const Segment& segment, const NumberBase& base) {
  std::string out = to_string(segment.flags);
  if (base.sender) out += fmt::format(" seq={}", segment.seq - *base.sender);
  if (base.receiver && segment.flags.has(flag::ack))
    out += fmt::format(" ack={}", segment.ack - *base.receiver);
  if (!segment.payload.empty()) out += fmt::format(" len={}", segment.payload.size());
  return out;
}

}  // namespace

Judge::Judge(const Program& program, const Profile& profile, const Streams& streams, Time start)
    : program_(program),
      profile_(profile),
      streams_(streams),
      since_(start),
      ready_(start),
      tracker_(program, profile),
      invariants_(program, profile, streams.theirs),
      returned_(program.steps.size()),
      returned_at_(program.steps.size()),
      asked_octets_(asked_octets(program)),
      wants_states_(claims_need_states(program)) {
  // A step is an act or a reading and mostly has an answer.
  constexpr std::size_t most_reserved = 256;
  trace_.reserve(std::min(2 * program.steps.size(), most_reserved));
  states_.reserve(trace_.capacity());
}

void Judge::observe(Observation observation) {
  const Time at = observation.at;
  take(std::move(observation));
  if (wrong_at_ == never && (protest_ || tracker_.contradiction())) wrong_at_ = at;
}

void Judge::take(Observation observation) {
  if (is_flood(observation)) return;
  if (auto* injected = std::get_if<Injected>(&observation.what))
    injected->late = std::max(Duration{}, observation.at + injected->took - due_at(observation.at));
  trace_.push_back(std::move(observation));
  const Observation& kept = trace_.back();
  heed(invariants_.observe(kept));
  std::visit([&](const auto& what) { take(kept.at, what); }, kept.what);
  states_.push_back(wants_states_ ? tracker_.sure_state() : std::nullopt);
}

// A target that floods us may fail its scenario, not our memory; what the scenario itself asked for is none
// of its faults.
bool Judge::is_flood(const Observation& observation) {
  const auto* arrived = std::get_if<Arrived>(&observation.what);
  if (!arrived && !std::holds_alternative<Unreadable>(observation.what)) return false;
  const std::size_t octets = footprint(observation);
  arrived_octets_ += octets;
  if (!arrived || !moves_on(arrived->segment)) unasked_octets_ += octets;
  const bool flood = unasked_octets_ > most_unasked;
  if (!flood && arrived_octets_ <= most_octets) return false;
  if (!protest_) {
    protest_ = Finding{};
    protest_->wanted = flood
                           ? fmt::format("at most {} octets of segments that nothing asks for", most_unasked)
                           : fmt::format("at most {} octets of segments to keep", most_octets);
    protest_->got = "more";
    harness_at_fault_ = !flood;
  }
  return true;
}

// It brings octets that were asked for, or acknowledges some of ours, or lets us send more: of as many
// segments as the sizes agreed on make of that.
bool Judge::moves_on(const Segment& segment) const {
  const SendingHalf &ours = conversation_.ours, &theirs = conversation_.theirs;
  if (segment.bad_checksum || !ours.isn() || !theirs.isn() || !segment.flags.has(flag::ack)) return false;
  if (segment.ack > ours.unacknowledged() && segment.ack <= ours.next()) return true;
  if (segment.payload.empty())
    return segment.seq == theirs.next() && segment.ack == ours.unacknowledged() &&
           segment.window > their_window_;
  const auto come = static_cast<std::uint32_t>(theirs.next() - *theirs.isn()) - 1;
  return segment.seq <= theirs.next() && segment.end() > theirs.next() && come < asked_octets_;
}

// What breaks a MUST is a protest; a SHOULD is advice, and counts where nothing else went wrong.
void Judge::heed(const std::vector<Violation>& violations) {
  if (violations.empty()) return;
  for (const auto level : {InvariantLevel::must, InvariantLevel::should}) {
    std::optional<Finding>& kept = level == InvariantLevel::must ? protest_ : advice_;
    if (kept) continue;
    Finding finding;
    std::vector<std::string> signatures;
    for (const Violation& violation : violations) {
      if (violation.level != level) continue;
      if (finding.rule.empty()) {
        finding.rule = violation.id;
        finding.wanted = violation.wanted;
        finding.got = violation.got;
      }
      finding.differences.push_back(violation.difference);
      signatures.push_back(violation.signature);
    }
    if (signatures.empty()) continue;
    finding.signature = join(signatures, ", ");
    if (level == InvariantLevel::should) set_in_step(finding);
    kept = std::move(finding);
  }
}

std::vector<Claim> Judge::claims() const {
  const auto edges = tracker_.edge_places();
  return weigh_claims(program_, profile_, {edges, !tracker_.overflowed(), trace_, states_});
}

void Judge::take(Time at, const Injected& injected) {
  const Segment& segment = injected.segment;
  // What the target drops unseen, or takes for another connection's, offers nothing and opens nothing.
  std::optional<Segment> changed;
  const Segment* received = as_received(segment, changed);
  tracker_.injected(at, segment, conversation_, streaming_.has_value());
  const auto& extensions = segment.ip.extensions;
  const bool routed = std::ranges::find(extensions, ExtensionHeader::source_route) != extensions.end();
  if (segment.other_connection || segment.ip_defects.protocol || routed) strays_ = true;
  if (received && received->flags.has(flag::syn)) {
    // It may open another connection (RFC 6191), whose states owe nothing to the last one's.
    if (state_ == TcpState::time_wait || state_ == TcpState::closed) state_.reset();
  }
  const Seq acknowledged_before = conversation_.theirs.unacknowledged();
  conversation_.injected(segment);
  const SendingHalf& theirs = conversation_.theirs;
  if (theirs.unacknowledged() != acknowledged_before) {
    acknowledged_at_ = at;
    duplicate_acks_ = 0;
    probed_ = false;
  } else if (received && is_bare_ack(*received) && received->ack == theirs.unacknowledged() &&
             theirs.next() > theirs.unacknowledged()) {
    ++duplicate_acks_;  // RFC 5681 2
  }
  if (received) {
    sent_length_ = received->length();
    last_sent_ = header_of(*received);
  }
  // What moves nothing leaves the number due what it was.
  if (sent_up_to_.empty() || sent_up_to_.back().second != conversation_.ours.next())
    sent_up_to_.push_back({at, conversation_.ours.next()});
  if (sent_up_to_.size() > most_remembered) sent_up_to_.pop_front();
  looked_.clear();
  if (!unanswered_since_) unanswered_since_ = at;
  unsettled_since_ = at;
  streaming_ ? note_stream_act(at, injected) : note_act(at, at + injected.took);
  seen_on_wire_at_ = std::max(seen_on_wire_at_, at);
}

void Judge::take(Time at, const InjectedIcmp& icmp) {
  tracker_.icmp(at, !icmp.soft);
  unsettled_since_ = at;
  note_act(at, at);
  seen_on_wire_at_ = std::max(seen_on_wire_at_, at);
}

void Judge::take(Time, const Unreadable& unreadable) {
  // What we sent to nobody here may be answered by whoever is there: another port, ICMP.
  if (protest_ || strays_) return;
  protest_ = Finding{};
  protest_->wanted = "a TCP segment";
  protest_->got = "a frame that holds none: " + unreadable.why;
  protest_->signature = "a frame that holds none";
}

void Judge::take(Time at, const Called& called) {
  heard_at_.reset();
  note_act(at, at);
  const auto* call = std::get_if<CallStep>(&program_.steps.at(called.step).body);
  if (call) tracker_.called(at, *call);
  if (call && !call->later.empty()) later_[call->later] = called.step;
  if (call && call->word == "listen") {
    listeners_.insert(call->socket);
    listener_closed_ = false;
  }
  constexpr std::string_view ends[] = {"close", "abort", "die", "destroy"};
  if (call && std::ranges::find(ends, call->word) != std::end(ends) && listeners_.erase(call->socket) > 0)
    listener_closed_ = listeners_.empty();
  // A new connection, whose states owe nothing to the last one's.
  if (call && call->word == "connect") {
    conversation_.connects();
    if (state_ == TcpState::closed) state_.reset();
  }
}

void Judge::take(Time at, const Returned& returned) {
  if (const auto* call = std::get_if<CallStep>(&program_.steps.at(returned.step).body))
    tracker_.returned(at, *call, returned);
  returned_.at(returned.step) = returned;
  returned_at_.at(returned.step) = at;
}

void Judge::take(Time at, const Told& told) {
  constexpr std::size_t most_remembered_reports = 64;
  if (told_.size() < most_remembered_reports) told_.emplace_back(at, told);
}

void Judge::take(Time at, const Reading& reading) {
  if (phase_ == Phase::post_mortem) {
    add_hint(*finding_, program_, pc_, reading, conversation_);
    conclude();
    return;
  }
  tracker_.read(at, reading);
  if (phase_ == Phase::settling) looked_back_ = true;
  note_look(reading_due_, at);
  const TcpState got = reading.effective();
  impossible_.clear();
  if (state_ && !reachable(*state_, got)) {
    impossible_ = fmt::format("no edge of RFC 9293 figure 5 leads from {}, read before, to {}",
                              to_string(*state_), to_string(got));
  }
  state_ = got;
  shown_ = reading.with_listener();
  reading_ = reading;
  read_at_ = at;
  const Duration longest = std::max(longest_pause, (at - since_) / part_of_wait);
  reading_pause_ = reading_pause_ == Duration{} ? first_pause : std::min(2 * reading_pause_, longest);
  read_again_at_ = at + reading_pause_;
}

void Judge::take(Time, const Disturbed& disturbed) {
  tracker_.disturbed();
  if (disturbance_.empty()) disturbance_ = disturbed.what;
  if (phase_ == Phase::done) conclude();  // what was lost is often known only afterwards
}

Want Judge::advance(Time now) {
  const Time due = std::exchange(waiting_until_, never);
  if (due != never && now > due) note_look(due, now);
  tracker_.pass(now);
  if (wrong_at_ == never && tracker_.contradiction()) wrong_at_ = now;
  const Want want = go_on(now);
  if (phase_ == Phase::steps || phase_ == Phase::settling) {
    // Nothing wrong for the scenario: what the tracker says counts.
    if (step_is_first() || !heed_tracker()) return want;
    return {Want::Kind::read_state};
  }
  return want;
}

bool Judge::step_is_first() const {
  if (phase_ != Phase::steps || pc_ == program_.steps.size()) return false;
  const Step& step = program_.steps[pc_];
  Time over = never;
  if (const auto* expect = std::get_if<ExpectStep>(&step.body))
    over = ready_ + expect->within.value_or(profile_.reaction);
  if (const auto* all = std::get_if<AllOfStep>(&step.body))
    over = ready_ + all->within.value_or(profile_.reaction);
  if (const auto* quiet = std::get_if<QuietStep>(&step.body)) over = since_ + quiet->lasting;
  if (const auto* pause = std::get_if<WaitStep>(&step.body)) over = since_ + pause->lasting;
  return over < wrong_at_ && wrong_at_ != never;
}

Want Judge::go_on(Time now) {
  while (phase_ == Phase::steps) {
    if (protest_ && !step_is_first()) {
      fail_protest();
      break;
    }
    if (pc_ == program_.steps.size()) {
      phase_ = Phase::settling;
      break;
    }
    const auto want =
        std::visit([&](const auto& step) { return go_on(step, now); }, program_.steps[pc_].body);
    if (want) return *want;
  }
  if (phase_ == Phase::settling) {
    if (protest_) fail_protest();
    if (const auto want = settle(now)) return *want;
  }
  if (phase_ == Phase::post_mortem) return {Want::Kind::read_state};
  return {Want::Kind::done};
}

std::optional<Want> Judge::settle(Time now) {
  while (phase_ == Phase::settling && !waiting_.empty()) {
    const Waiting& next = waiting_.front();
    if (!is_free(next)) {
      fail_unexpected(next, "nothing more");
      return std::nullopt;
    }
    waiting_.pop_front();
  }
  if (phase_ != Phase::settling) return std::nullopt;
  const Time settled = std::max(ready_ + profile_.settle, tracker_.owed_until() + 1ns);
  if (now < settled) return wait(settled);
  if (!looked_back_) {
    reading_due_ = now;
    return Want{Want::Kind::read_state};
  }
  if (!heed_tracker()) conclude();
  return std::nullopt;
}

bool Judge::heed_tracker() {
  const auto& contradiction = tracker_.contradiction();
  if (!contradiction) return false;
  protest_ = Finding{};
  protest_->rule = invariant(Rule::state_machine).id;
  protest_->wanted = contradiction->wanted;
  protest_->got = contradiction->got;
  protest_->signature = contradiction->signature;
  fail_protest();
  return true;
}

Want Judge::wait(Time until) {
  waiting_until_ = until;
  return {Want::Kind::wait, pc_, until};
}

void Judge::finish_step(Time at, Time really) {
  pc_ += program_.steps[pc_].then;
  since_ = std::max(since_, at);
  ready_ = std::max(ready_, really);
  acted_ = false;
  looked_.clear();
  reading_.reset();
  shown_before_ = shown_;
  read_again_at_ = since_;
  reading_pause_ = Duration{};
}

void Judge::note_act(Time at, Time done) {
  lag_ += std::max(Duration{}, done - since_);
  worst_lateness_ = std::max(worst_lateness_, lag_);
  acted_ = true;
  acted_at_ = at;
}

void Judge::note_look(Time due, Time at) {
  worst_lateness_ = std::max(worst_lateness_, lag_ + std::max(Duration{}, at - due));
}

// What may never happen breaks a MUST, whatever the scenario covers.
void Judge::fail_protest() {
  must_broken_ = true;
  fail_step(std::move(*protest_));
}

void Judge::set_in_step(Finding& finding) const {
  finding.step = pc_;
  if (pc_ < program_.steps.size()) {
    finding.place = program_.steps[pc_].place;
    finding.step_text = to_string(program_.steps[pc_]);
  } else {
    finding.place = program_.steps.empty() ? program_.place : program_.steps.back().place;
    finding.step_text = "after the last step";
  }
  finding.signature = step_name() + ": " + what_went_wrong(finding);
}

void Judge::fail_step(Finding finding) {
  set_in_step(finding);
  if (pc_ < program_.steps.size() && program_.steps[pc_].preamble) must_broken_ = true;
  finding_ = std::move(finding);
  phase_ = Phase::post_mortem;
}

// The step in a signature: by its text, since places move; the how manieth of that text where there are
// several.
std::string Judge::step_name() const {
  if (pc_ >= program_.steps.size()) return "after the last step";
  const Step& step = program_.steps[pc_];
  const std::string text = to_string(step);
  std::size_t before = 0;
  for (std::size_t i = 0; i < pc_; ++i)
    before += program_.steps[i].preamble == step.preamble && to_string(program_.steps[i]) == text;
  return (step.preamble ? "given: " : "") + text + (before > 0 ? fmt::format(" ({})", before + 1) : "");
}

void Judge::fail_unexpected(const Waiting& waiting, std::string wanted) {
  Finding finding;
  finding.wanted = std::move(wanted);
  finding.got = to_string(segment_of(waiting), waiting.expected.base);
  finding.hint = waiting.stale;
  finding.signature = "unexpected " + short_text(segment_of(waiting), waiting.expected.base);
  fail_step(std::move(finding));
}

void Judge::conclude() {
  phase_ = Phase::done;
  reason_.clear();
  if (!finding_ && advice_) {
    finding_ = advice_;
    only_advice_ = true;
  }
  const bool recommended = only_advice_ || (program_.recommended_only && !must_broken_);
  verdict_ = !finding_           ? Verdict::pass
             : harness_at_fault_ ? Verdict::error
             : recommended       ? Verdict::warn
                                 : Verdict::fail;
  if (finding_)
    reason_ = fmt::format("{}: wanted {}, got {}", finding_->step_text, finding_->wanted, finding_->got);
  if (!disturbance_.empty()) {
    verdict_ = Verdict::inconclusive;
    reason_ = disturbance_;
  } else if ((verdict_ == Verdict::fail || verdict_ == Verdict::warn) &&
             worst_lateness_ > profile_.lateness) {
    verdict_ = Verdict::inconclusive;
    reason_ = fmt::format("the harness was {} late, more than the {} that the profile allows; {}",
                          to_text(worst_lateness_), to_text(profile_.lateness), reason_);
  }
}

}  // namespace finack
