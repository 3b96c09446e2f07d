// SPDX-License-Identifier: Apache-2.0
#include "mutation/stage.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <set>
#include <utility>

#include "base/pattern.h"
#include "mutation/processors.h"
#include "run/run.h"
#include "world/model_world.h"

namespace finack {

namespace {

constexpr std::uint64_t seed = 1;

// What an observer sees of the target; what we did says nothing of it.
class Digest {
 public:
  static std::uint64_t of(const Observation& observation) {
    Digest digest;
    std::visit([&](const auto& what) { digest.add(observation.at, what); }, observation.what);
    return digest.value_;
  }

 private:
  void add(std::string_view text) {
    value_ = digest_add(value_, reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  }
  void add(Time at, std::string_view what) {
    add(fmt::format("{} {} ", at.time_since_epoch().count(), what));
  }
  void add(Time at, const Arrived& arrived) {
    add(at, "frame");
    value_ = digest_add(value_, arrived.frame.data(), arrived.frame.size());
  }
  void add(Time at, const Unreadable& unreadable) {
    add(at, "unreadable");
    value_ = digest_add(value_, unreadable.frame.data(), unreadable.frame.size());
  }
  void add(Time at, const Returned& returned) {
    add(at, fmt::format("returned {} {} {} {} {} {} {}", returned.step, static_cast<int>(returned.kind),
                        returned.text, returned.octets.value_or(0), returned.mismatch.value_or(0),
                        returned.digest_agrees, returned.value.value_or("")));
  }
  void add(Time at, const Told& told) {
    add(at, fmt::format("told {} {} {}", told.socket, told.what, told.error_name));
  }
  void add(Time at, const Reading& reading) {
    add(at, fmt::format("state {} {}", to_string(reading.effective()), reading.listening));
  }
  void add(Time, const Injected&) {}
  void add(Time, const InjectedIcmp&) {}
  void add(Time, const Called&) {}
  void add(Time, const Disturbed&) {}

  std::uint64_t value_ = digest_start;
};

std::vector<Sight> sights_of(const Trace& trace) {
  std::vector<Sight> out;
  for (const Observation& each : trace) {
    if (const std::uint64_t digest = Digest::of(each); digest != digest_start)
      out.push_back({each.at, digest});
  }
  return out;
}

// Until then two exchanges look the same.
Time same_until(const std::vector<Sight>& a, const std::vector<Sight>& b) {
  const auto [one, other] = std::ranges::mismatch(a, b);
  return std::min(one == a.end() ? never : one->at, other == b.end() ? never : other->at);
}

}  // namespace

Stage::Stage(std::vector<Program> programs, const Profile& profile, Layers layers)
    : programs_(std::move(programs)), profile_(profile), layers_(layers), everything_(programs_.size()) {
  std::iota(everything_.begin(), everything_.end(), std::size_t{0});
  for (std::size_t i = 0; i < programs_.size(); ++i) {
    std::set<std::string> taken;
    const Seen seen = play(programs_[i], {}, [&](const EndpointPair&, const model::Outcome& outcome) {
      taken.insert(std::string(outcome.edge));
    });
    correct_.push_back(seen.sights);
    std::vector<Claim>& shown = shown_.emplace_back(seen.claims);
    std::erase_if(shown, [](const Claim& claim) { return claim.shown.empty(); });
    for (const std::string& edge : taken) takers_[edge].push_back(i);
    if (seen.finding && (layers == Layers::all || !seen.finding->rule.empty()))
      false_alarms_.push_back(programs_[i].id + ": " + seen.finding->signature);
  }
}

Stage::Seen Stage::play(const Program& program, const model::Mutant& mutant, model::EdgeHook hook) const {
  ModelWorld world(mutant, std::move(hook));
  RunSettings settings;
  settings.seed = seed;
  Seen out;
  // An error is a world that is broken, which would be seen as a difference.
  static_cast<void>(run({program}, profile_, world, settings, {}, [&](const Event& event) {
    const auto* done = std::get_if<InstanceFinished>(&event);
    if (!done) return;
    out = {sights_of(done->trace), done->finding,
           done->verdict == Verdict::fail || done->verdict == Verdict::warn, done->claims};
  }));
  return out;
}

const std::vector<std::size_t>& Stage::places(const model::Mutant& mutant) const {
  static const std::vector<std::size_t> none;
  if (!mutant.edge) return everything_;
  const auto at = takers_.find(mutant.edge->edge);
  return at == takers_.end() ? none : at->second;
}

Notice Stage::notice(const model::Mutant& mutant) const {
  Notice out;
  for (const std::size_t place : places(mutant)) {
    out.taken = true;
    const Program& program = programs_[place];
    const Seen seen = play(program, mutant);
    if (seen.sights == correct_[place]) continue;
    out.reached = true;
    out.programs.push_back(program.id);
    if (!seen.finding) continue;
    const bool by_rule = !seen.finding->rule.empty();
    if (by_rule && !out.by_watchers) out.by_watchers = Catch{program.id, seen.finding->rule};
    if (!by_rule && layers_ == Layers::all && !out.by_scenario)
      out.by_scenario = Catch{program.id, seen.finding->step_text};
    if (out.by_watchers && (out.by_scenario || layers_ == Layers::watchers)) break;
  }
  return out;
}

Kills Stage::kills(const model::Mutant& mutant, Suspects suspects) const {
  Kills out;
  for (const std::size_t place : places(mutant)) {
    const auto concerns = [&](const Claim& shown) {
      const auto at = suspects.find(shown.rule);
      if (at == suspects.end()) return false;
      const auto& in = at->second.in;
      return !in || std::ranges::find(shown.shown, *in) != shown.shown.end();
    };
    if (suspects.empty()) break;
    if (std::ranges::none_of(shown_[place], concerns)) continue;
    const Program& program = programs_[place];
    const Seen seen = play(program, mutant);
    if (!seen.failed || seen.sights == correct_[place]) continue;
    for (const Claim& correct : shown_[place]) {
      if (!concerns(correct)) continue;
      const auto now = std::ranges::find(seen.claims, correct.rule, &Claim::rule);
      // What differed before the situation came about is another matter.
      const bool broken = now != seen.claims.end() && now->shown.empty() && now->broken_at &&
                          *now->broken_at <= same_until(seen.sights, correct_[place]);
      if (suspects.find(correct.rule)->second.by_evidence && !broken) continue;
      suspects.erase(suspects.find(correct.rule));
      out.emplace(correct.rule, program.id);
    }
  }
  return out;
}

std::vector<Notice> notice_all(const Stage& stage, const std::vector<model::Mutant>& mutants) {
  return on_all_processors<Notice>(mutants, [&](const auto& mutant) { return stage.notice(mutant); });
}

}  // namespace finack
