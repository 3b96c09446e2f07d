// SPDX-License-Identifier: Apache-2.0
#include "report/ladder.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "judge/outcome.h"
#include "packet/conversation.h"
#include "report/plain.h"

namespace finack {

namespace {

// One observation as a line without its time.
class LadderLine {
 public:
  explicit LadderLine(const InstanceFinished& instance) : instance_(instance) {}

  std::string operator()(const Injected& injected) {
    numbers_.injected(injected.segment);
    return ladder_sent(to_string(injected.segment, base()));
  }
  std::string operator()(const InjectedIcmp& injected) const { return ladder_sent("ICMP " + injected.text); }
  std::string operator()(const Arrived& arrived) {
    anew_ = anew_ || numbers_.is_opened_anew_by(arrived.segment);
    numbers_.arrived(arrived.segment);
    return ladder_received(to_string(arrived.segment, base().reversed()));
  }
  std::string operator()(const Unreadable& unreadable) const {
    return ladder_received("not a TCP segment: " + unreadable.why);
  }
  std::string operator()(const Called& called) {
    const CallStep* call = call_of(called.step);
    if (call && call->word == "connect") numbers_.connects();
    return at_target(call && call->length ? fmt::format("{} {}", call->word, *call->length)
                     : call               ? call->word
                                          : "?");
  }
  std::string operator()(const Returned& returned) const {
    const CallStep* call = call_of(returned.step);
    return at_target(call ? describe_return(*call, returned) : "?");
  }
  std::string operator()(const Told& told) const {
    const std::string error = told.error_name.empty() ? "" : " " + told.error_name;
    return at_target(fmt::format("told: {}{}", told.what, error));
  }
  std::string operator()(const Reading& reading) const {
    std::string text(to_string(reading.with_listener()));
    if (!reading.detail.empty()) text += ", " + reading.detail;
    return at_target("state " + text);
  }
  std::string operator()(const Disturbed& disturbed) const { return "!! " + disturbed.what; }

 private:
  static std::string at_target(const std::string& text) {
    return fmt::format("{:{}}[{}]", "", ladder_column + 1, text);
  }
  const CallStep* call_of(std::size_t step) const {
    const auto& steps = instance_.program->steps;
    return step < steps.size() ? std::get_if<CallStep>(&steps[step].body) : nullptr;
  }

  // Numbers count in the connection that is open then.
  NumberBase base() const { return anew_ ? numbers_.base() : instance_.base; }

  const InstanceFinished& instance_;
  Conversation numbers_;
  bool anew_ = false;
};

// Making a listener is no part of the exchange, unless it goes wrong.
bool is_routine(const Observation& observation, const Program& program) {
  const auto* called = std::get_if<Called>(&observation.what);
  const auto* returned = std::get_if<Returned>(&observation.what);
  if (!called && !(returned && returned->kind == Returned::Kind::done)) return false;
  const std::size_t step = called ? called->step : returned->step;
  const CallStep* call =
      step < program.steps.size() ? std::get_if<CallStep>(&program.steps[step].body) : nullptr;
  const bool sets_up = call && (call->word == "socket" || call->word == "bind" || call->word == "listen" ||
                                call->word == "option");
  return sets_up && program.steps[step].preamble;
}

struct LadderEntry {
  Time first;
  std::string text;
  std::size_t times = 1;  // in a row
  bool bulk = false;      // octets or an ACK, and nothing else: where they are many, one is like the other
};

bool is_bulk(const Observation& observation) {
  const auto* injected = std::get_if<Injected>(&observation.what);
  const auto* arrived = std::get_if<Arrived>(&observation.what);
  const Segment* segment = injected ? &injected->segment : arrived ? &arrived->segment : nullptr;
  return segment && segment->flags - flag::psh == flag::ack && !segment->bad_checksum &&
         !segment->has_defects();
}

// "11,583"
std::string with_commas(std::size_t number) {
  std::string out = fmt::format("{}", number);
  for (std::size_t at = out.size(); at > 3;) out.insert(at -= 3, ",");
  return out;
}

// Of a long row of such lines only both ends are shown.
std::vector<LadderEntry> fold_bulk(std::vector<LadderEntry> lines) {
  constexpr std::size_t shown = 8, least = 32;
  std::vector<LadderEntry> out;
  for (std::size_t i = 0; i < lines.size();) {
    std::size_t end = i;
    while (end < lines.size() && lines[end].bulk) ++end;
    const std::size_t count = end - i;
    const bool folds = count >= least;
    for (std::size_t k = 0; k < std::max<std::size_t>(count, 1); ++k) {
      if (folds && k == shown) {
        const std::size_t left_out = count - 2 * shown;
        out.push_back({lines[i + k].first, fmt::format("... {} segments more", with_commas(left_out))});
        k += left_out;
      }
      out.push_back(std::move(lines[i + k]));
    }
    i += std::max<std::size_t>(count, 1);
  }
  return out;
}

// What is shown, in order of time: the application's reports are stamped when we read them, segments when the
// kernel did. Readings of one state in a row are one line, or a long wait for a state would be all there is
// to see.
std::vector<LadderEntry> lines_of(const InstanceFinished& instance) {
  std::vector<const Observation*> order;
  for (const Observation& observation : instance.trace) {
    if (!is_routine(observation, *instance.program)) order.push_back(&observation);
  }
  std::ranges::stable_sort(order, {}, [](const Observation* observation) { return observation->at; });
  std::vector<LadderEntry> lines;
  const Reading* before = nullptr;
  LadderLine line(instance);
  for (const Observation* observation : order) {
    const auto* reading = std::get_if<Reading>(&observation->what);
    const bool same = reading && before && reading->state == before->state;
    before = reading;
    std::string text = std::visit(line, observation->what);
    if (same) {
      lines.back().text = std::move(text);
      ++lines.back().times;
    } else {
      lines.push_back({observation->at, std::move(text), 1, is_bulk(*observation)});
    }
  }
  return fold_bulk(std::move(lines));
}

}  // namespace

std::string ladder_sent(const std::string& segment) {
  const std::size_t used = segment.size() + 1;
  const std::size_t dashes = used + 4 < ladder_column ? ladder_column - used - 1 : 3;
  return segment + " " + std::string(dashes, '-') + ">";
}

std::string ladder_received(const std::string& segment) {
  return "<" + std::string(ladder_column - 1, '-') + " " + segment;
}

std::string ladder(const InstanceFinished& instance, std::size_t most_lines) {
  const std::vector<LadderEntry> lines = lines_of(instance);
  std::string out;
  const std::size_t skipped = lines.size() > most_lines ? lines.size() - most_lines : 0;
  if (skipped > 0) out += fmt::format("     ... {} earlier\n", skipped);
  for (std::size_t i = skipped; i < lines.size(); ++i) {
    const std::string times = lines[i].times > 1 ? fmt::format(" ({} times)", lines[i].times) : "";
    out +=
        fmt::format("  {:11.6f}  {}{}\n", seconds(lines[i].first - instance.started), lines[i].text, times);
  }
  return out;
}

}  // namespace finack
