// SPDX-License-Identifier: Apache-2.0
// The tracker's frame: what happens to the target, and what is read of it.
#include "judge/tracker.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <iterator>
#include <utility>

#include "base/text.h"
#include "judge/tracker_futures.h"
#include "packet/codec.h"

namespace finack {

namespace {

// More than the local suites ever need; beyond it nothing is judged.
constexpr std::size_t most_hypotheses = 64;
// So few need not be made fewer.
constexpr std::size_t few_hypotheses = 8;
// Of the futures that a question about the state may look at.
constexpr std::size_t visits_asked = 256;
constexpr std::uint64_t never_sent_so_much = std::uint64_t{1} << 62;
// Where the scenario opens no socket before the first segment, the target has a service of its own, which
// does what it likes.
bool opens_first(const Program& program) {
  for (const Step& step : program.steps) {
    const auto* call = std::get_if<CallStep>(&step.body);
    if (call && (call->word == "listen" || call->word == "connect")) return true;
    if (std::holds_alternative<SendStep>(step.body) || std::holds_alternative<ExpectStep>(step.body) ||
        std::holds_alternative<StreamStep>(step.body))
      return false;
  }
  return false;
}

// A cookie for TCP Fast Open, and not the mere wish for one (RFC 7413 4.1.1); as an experiment, too (RFC
// 6994, RFC 7413 appendix A).
bool has_cookie(const std::vector<Option>& options) {
  constexpr std::uint8_t fast_open = 34, experiment = 254;
  constexpr std::uint8_t magic[] = {0xf9, 0x89};
  return std::ranges::any_of(options, [&](const Option& option) {
    if (option.kind == fast_open) return !option.data.empty();
    return option.kind == experiment && option.data.size() > std::size(magic) &&
           std::equal(std::begin(magic), std::end(magic), option.data.begin());
  });
}

// A server that takes the text of any SYN; Linux has such a setting.
bool is_open_to_all(const Program& program) {
  const auto set = program.sysctls.find("net.ipv4.tcp_fastopen");
  if (set == program.sysctls.end()) return false;
  constexpr unsigned long server = 0x2, without_cookie = 0x200;
  const unsigned long bits = std::strtoul(set->second.c_str(), nullptr, 0);
  return (bits & server) != 0 && (bits & without_cookie) != 0;
}

}  // namespace

Tracker::Tracker(const Program& program, const Profile& profile)
    : profile_(profile), delays_{profile.reaction, profile.processing}, set_(1) {
  needs_no_cookie_ = is_open_to_all(program);
  own_application_ = !opens_first(program);
  if (own_application_) {
    asked_ = never_sent_so_much;
    Hypothesis listens;
    listens.listening = true;
    listens.state = TcpState::listen;
    set_.push_back(std::move(listens));
  }
  // A target that is set up otherwise may have other timers.
  constexpr std::string_view timeless[] = {"net.ipv4.tcp_invalid_ratelimit", "net.ipv4.tcp_rfc1337",
                                           "net.ipv4.tcp_timestamps",        "net.ipv4.tcp_sack",
                                           "net.ipv4.tcp_window_scaling",    "net.ipv4.tcp_ecn",
                                           "net.ipv4.tcp_tw_reuse"};
  loose_timers_ = std::ranges::any_of(program.sysctls, [&](const auto& each) {
    return std::ranges::find(timeless, each.first) == std::end(timeless);
  });
}

bool Tracker::begin(Time at) {
  visits_left_ = std::min(visits_left_ + visits_each, most_visits);
  pass(at);
  return judging_;
}

void Tracker::injected(Time at, const Segment& sent, const Conversation& numbers, bool in_stream) {
  if (!begin(at)) return;
  std::optional<Segment> changed;
  const Segment* received = as_received(sent, changed);
  if (!received) return;
  Stimulus stimulus;
  stimulus.at = at;
  stimulus.by = at + (in_stream && received->length() > 0 ? profile_.call : delays_.processing);
  stimulus.seq = received->seq;
  stimulus.ack = received->ack;
  stimulus.flags = received->flags;
  stimulus.text = static_cast<std::uint32_t>(received->payload.size());
  stimulus.urgent = received->flags.has(flag::urg);
  stimulus.may_be_dropped = may_be_dropped(sent);
  urgent_ = urgent_ || stimulus.urgent;
  stimulus.window = numbers.our_window(*received);
  most_window_ = std::max(most_window_, stimulus.window);
  stimulus.most_window = most_window_;
  if (received->flags.has(flag::syn) && has_cookie(received->options)) cookies_.push_back(received->seq);
  if (const auto stamps = timestamps_of(received->options)) stimulus.timestamp = stamps->value;
  stimulus.acknowledged = numbers.ours.unacknowledged();
  note_window(stimulus, numbers);
  await(stimuli_, stimulus);
  settle();
}

// More waits than can be looked at when something comes.
void Tracker::await(Queue<Stimulus>& row, const Stimulus& stimulus) {
  if (row.size() == most_visits) return lose_track();
  row.push_back(stimulus);
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
  if (!begin(at)) return;
  Stimulus stimulus;
  stimulus.kind = Stimulus::Kind::icmp;
  stimulus.at = at;
  stimulus.by = at + delays_.processing;
  stimulus.facts.add(hard ? Fact::icmp_hard : Fact::icmp_soft);
  await(stimuli_, stimulus);
}

void Tracker::call(Stimulus stimulus) {
  stimulus.kind = Stimulus::Kind::call;
  stimulus.by = stimulus.at + profile_.call;
  stimulus.sent = asked_;
  stimulus.received = received_;
  stimulus.accepted = users_.accepted();
  await(calls_, stimulus);
}

void Tracker::called(Time at, const CallStep& step) {
  if (!begin(at)) return;
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
  if (!begin(at)) return;
  users_.returned(step, returned);
  const std::uint64_t octets = returned.octets.value_or(0);
  if (step.word == "send") sent_ += octets;
  if (step.word == "receive") received_ += octets;
  // A call that has returned has been acted on, but one that lingers or waits.
  for (Stimulus& each : calls_) each.by = std::min(each.by, std::max(at, each.at + delays_.processing));
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
  next_.clear();
  each_future(set_, [&](const Hypothesis& each) {
    if (at_end(each)) keep(each);
    return true;
  });
  if (!judging_) return;
  if (next_.empty())
    return contradict(fmt::format("the end of the stream told after {} octets", received_),
                      "end of the stream");
  replace();
}

void Tracker::grow(const Hypothesis& from) {
  grown_.clear();
  if (from.stimuli_seen < first_stimulus_ + stimuli_.size()) {
    const Stimulus& stimulus = stimuli_[from.stimuli_seen - first_stimulus_];
    act(from, stimulus, delays_, grown_);
    if (stimulus.may_be_dropped) ++grown_.emplace_back(from).stimuli_seen;
  }
  if (from.calls_seen < first_call_ + calls_.size())
    act(from, calls_[from.calls_seen - first_call_], delays_, grown_);
  for (const Hypothesis& each : grown_) add(following_, each);
}

void Tracker::add(Set& set, const Hypothesis& hypothesis) {
  if (!merge(set, hypothesis)) set.push_back(hypothesis);
}

bool Tracker::merge(std::span<Hypothesis> known, const Hypothesis& hypothesis) {
  const auto same =
      std::ranges::find_if(known, [&](const Hypothesis& each) { return each.same_as(hypothesis); });
  if (same == known.end()) return false;
  same->edges &= hypothesis.edges;  // only what was taken on every way is sure
  same->since = std::min(same->since, hypothesis.since);
  same->since_latest = std::max(same->since_latest, hypothesis.since_latest);
  same->una_at = std::max(same->una_at, hypothesis.una_at);
  auto other = hypothesis.owed.begin();
  for (Owed& owed : same->owed) owed.due = std::max(owed.due, other++->due);
  if (hypothesis.rationed_at) same->rationed_at = std::max(same->rationed_at, hypothesis.rationed_at);
  return true;
}

void Tracker::contradict(std::string got, std::string signature) {
  if (!contradiction_)
    contradiction_ = Contradiction{possibilities(), std::move(got), std::move(signature), {}};
  judging_ = false;
}

void Tracker::lose_track() {
  overflowed_ = true;
  judging_ = false;
}

void Tracker::replace() {
  set_.swap(next_);
  if (set_.size() > few_hypotheses) settle();
  if (set_.size() > most_hypotheses) lose_track();
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
  if (!begin(at)) return;
  const TcpState got = reading.effective();
  next_.clear();
  guessed_.clear();
  each_future(set_, [&](const Hypothesis& each) {
    if (shows(each, reading)) {
      keep(each);
    } else if (own_application_) {
      // An application that we do not see may have made a call by then.
      for (const Fact fact : {Fact::active_open, Fact::close, Fact::abort}) guess(each, fact, at);
    }
    return true;
  });
  each_future(guessed_, [&](const Hypothesis& each) {
    if (shows(each, reading)) keep(each);
    return true;
  });
  if (!judging_) return;
  if (next_.empty())
    return contradict(fmt::format("{} as the state that the system tells", to_string(got)),
                      fmt::format("reads {}", to_string(got)));
  replace();
}

void Tracker::guess(const Hypothesis& from, Fact fact, Time at) {
  Stimulus call;
  call.kind = Stimulus::Kind::call;
  call.at = call.by = at;
  call.facts = {fact};
  grown_.clear();
  act(from, call, delays_, grown_);
  for (Hypothesis& each : grown_) {
    --each.calls_seen;
    add(guessed_, each);
  }
}

std::vector<std::uint8_t> Tracker::edge_places() const {
  std::bitset<most_edges> sure = set_.front().edges;
  for (const Hypothesis& each : set_) sure &= each.edges;
  std::vector<std::uint8_t> out;
  constexpr std::bitset<most_edges> low_word(~0ull);
  for (std::size_t first = 0; first < most_edges; first += 64, sure >>= 64) {
    for (auto word = (sure & low_word).to_ullong(); word != 0; word &= word - 1)
      out.push_back(static_cast<std::uint8_t>(first + static_cast<std::size_t>(std::countr_zero(word))));
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

std::optional<TcpState> Tracker::sure_state() {
  if (!judging_) return std::nullopt;
  const TcpState state = set_.front().state;
  bool same = true;
  // It is asked for beside what is observed, and must not cost that anything.
  const std::size_t left = std::exchange(visits_left_, visits_asked);
  const bool all = look_ahead(set_, [&](const Hypothesis& each) {
    same = same && each.state == state;
    return same;
  });
  visits_left_ = left;
  return same && all ? std::optional(state) : std::nullopt;
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
