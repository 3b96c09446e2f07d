// SPDX-License-Identifier: Apache-2.0
#include "judge/story.h"

#include <algorithm>
#include <string>
#include <utility>

#include "judge/user_calls.h"
#include "packet/codec.h"
#include "packet/conversation.h"
#include "packet/literal.h"

namespace finack {

namespace {

constexpr std::uint8_t user_timeout_kind = 28;  // RFC 5482

std::optional<Duration> announced_user_timeout(const Segment& segment) {
  const auto option = std::ranges::find(segment.options, user_timeout_kind, &Option::kind);
  if (option == segment.options.end() || option->data.size() != 2) return std::nullopt;
  const unsigned value = (option->data[0] & 0x7fu) << 8 | option->data[1];
  return (option->data[0] & 0x80u) != 0 ? Duration(value * 60s) : Duration(value * 1s);
}

std::uint32_t scaled_window(const Segment& segment, const Conversation& numbers) {
  const auto shift = window_scale_of(numbers.ours.syn_options());
  const bool scales = shift && window_scale_of(numbers.theirs.syn_options()) && !segment.flags.has(flag::syn);
  return std::uint32_t{segment.window} << (scales ? *shift : 0);
}

// What is so at some point of the exchange.
class Teller {
 public:
  explicit Teller(const Program& program) : program_(program) {}

  Moment tell(const Observation& seen) {
    now_.kind = Moment::Kind::other;
    now_.at = seen.at;
    now_.seen = &seen;
    now_.segment = {};
    now_.text = 0;
    now_.call = nullptr;
    now_.facts = {};
    note_numbers();
    std::visit([&](const auto& what) { look(what); }, seen.what);
    Moment out = now_;
    std::visit([&](const auto& what) { take(what); }, seen.what);
    out.our_next_after = numbers_.ours.next();
    return out;
  }
  const Conversation& numbers() const { return numbers_; }

 private:
  void note_numbers() {
    now_.our_isn = numbers_.ours.isn().value_or(Seq{});
    now_.our_next = numbers_.ours.next();
    now_.our_una = numbers_.ours.unacknowledged();
    now_.their_isn = numbers_.theirs.isn().value_or(Seq{});
    now_.their_next = numbers_.theirs.next();
    now_.their_una = numbers_.theirs.unacknowledged();
    now_.their_edge = now_.our_una + numbers_.window();
    now_.timestamps = numbers_.timestamps();
  }

  // What it is.
  void look(const Injected& sent) {
    auto received = as_received(sent.segment);
    if (!received || sent.segment.other_connection) return;
    now_.kind = Moment::Kind::sent;
    keep(std::move(*received));
  }
  void look(const Arrived& came) {
    now_.kind = Moment::Kind::came;
    keep(came.segment);
  }
  void look(const Called& called) {
    now_.kind = Moment::Kind::called;
    look_at_call(called.step);
    if (!now_.call) return;
    if (const auto event = users_.called(*now_.call))
      now_.facts = event->closes_listener ? Facts{} : event->facts;
  }
  void look(const Returned& returned) {
    now_.kind = Moment::Kind::returned;
    look_at_call(returned.step);
  }
  void look(const Told&) { now_.kind = Moment::Kind::told; }
  void look(const Reading&) { now_.kind = Moment::Kind::read; }
  void look(const auto&) {}

  void look_at_call(std::size_t step) {
    now_.step = step;
    if (step < program_.steps.size()) now_.call = std::get_if<CallStep>(&program_.steps[step].body);
  }
  void keep(Segment segment) {
    now_.text = static_cast<std::uint32_t>(segment.payload.size());
    segment.payload.clear();
    now_.segment = std::move(segment);
  }

  // What it changes.
  void take(const Injected& sent) {
    const Seq before = numbers_.theirs.unacknowledged();
    numbers_.injected(sent.segment);
    if (now_.kind != Moment::Kind::sent) return;
    if (numbers_.theirs.unacknowledged() != before) {
      now_.repeats = 0;
      now_.outstanding_since.reset();
      if (numbers_.theirs.unacknowledged() < numbers_.theirs.next()) now_.outstanding_since = now_.at;
    }
    const std::uint32_t window = scaled_window(now_.segment, numbers_);
    now_.our_largest_window = std::max(now_.our_largest_window, window);
    if (now_.has(flag::ack)) now_.our_edge = now_.segment.ack + window;
    if (const auto told = announced_user_timeout(now_.segment)) now_.our_user_timeout = told;
  }
  void take(const Arrived& came) {
    const Segment& segment = came.segment;
    const bool repeats = numbers_.theirs.isn() && segment.length() > 0 && !segment.flags.has(flag::rst) &&
                         segment.seq == numbers_.theirs.unacknowledged() &&
                         segment.end() <= numbers_.theirs.next();
    if (repeats) ++now_.repeats;
    numbers_.arrived(segment);
    if (numbers_.theirs.unacknowledged() < numbers_.theirs.next() && !now_.outstanding_since)
      now_.outstanding_since = now_.at;
    if (const auto told = announced_user_timeout(segment)) now_.their_user_timeout = told;
  }
  void take(const Called&) {
    if (!now_.call) return;
    if (now_.call->word == "connect") numbers_.connects();
    if (now_.call->word == "send") now_.asked += now_.call->length.value_or(0);
    if (now_.facts.has(Fact::both_ways)) now_.closed_both_ways = true;
    if (now_.call->word == "option") set_option(*now_.call);
  }
  void set_option(const CallStep& call) {
    std::string name, value;
    for (const auto& [key, text] : call.fields) {
      if (key == "name") name = text;
      if (key == "value") value = text;
    }
    const auto number = parse_unsigned<std::uint32_t>(value);
    if (!number) return;
    if (name == "keepalive") now_.keep_alive = *number != 0;
    if (name == "user-timeout") now_.user_timeout = *number * 1ms;
  }
  void take(const Returned& returned) {
    if (!now_.call) return;
    users_.returned(*now_.call, returned);
    if (now_.call->word != "receive") return;
    now_.delivered += returned.octets.value_or(0);
    if (returned.mismatch || !returned.digest_agrees) now_.delivered_well = false;
  }
  void take(const auto&) {}

  const Program& program_;
  Moment now_;
  Conversation numbers_;
  UserCalls users_;
};

}  // namespace

Story::Story(const Program& program, const Profile& target, const Trace& trace, const SureStates& states)
    : profile(target) {
  Teller teller(program);
  moments.reserve(trace.size());
  for (std::size_t i = 0; i < trace.size(); ++i) {
    Moment moment = teller.tell(trace[i]);
    const bool shows = moment.kind == Moment::Kind::came || moment.kind == Moment::Kind::returned ||
                       moment.kind == Moment::Kind::told || moment.kind == Moment::Kind::read;
    if (shows) {
      moment.state = states[i];
    } else if (i > 0) {
      moment.state = states[i - 1];
    }
    moments.push_back(std::move(moment));
    const Conversation& numbers = teller.numbers();
    if (const auto fin = numbers.ours.fin()) our_fin = fin;
    if (const auto fin = numbers.theirs.fin()) their_fin = fin;
  }
}

std::size_t Story::next_act(std::size_t from) const {
  for (std::size_t i = from + 1; i < moments.size(); ++i) {
    const auto& what = moments[i].seen->what;
    if (std::holds_alternative<Injected>(what) || std::holds_alternative<InjectedIcmp>(what) ||
        std::holds_alternative<Called>(what))
      return i;
  }
  return moments.size();
}

}  // namespace finack
