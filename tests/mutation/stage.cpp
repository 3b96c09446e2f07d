// SPDX-License-Identifier: Apache-2.0
#include "mutation/stage.h"

#include <fmt/format.h>

#include <atomic>
#include <numeric>
#include <set>
#include <thread>
#include <utility>

#include "base/pattern.h"
#include "run/run.h"
#include "world/model_world.h"

namespace finack {

namespace {

constexpr std::uint64_t seed = 1;

class Digest {
 public:
  void add(const Trace& trace) {
    for (const Observation& each : trace)
      std::visit([&](const auto& what) { add(each.at, what); }, each.what);
  }
  std::uint64_t value() const { return value_; }

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
  // What we did says nothing of the target.
  void add(Time, const Injected&) {}
  void add(Time, const InjectedIcmp&) {}
  void add(Time, const Called&) {}
  void add(Time, const Disturbed&) {}

  std::uint64_t value_ = digest_start;
};

}  // namespace

Stage::Stage(std::vector<Program> programs, const Profile& profile, Layers layers)
    : programs_(std::move(programs)), profile_(profile), layers_(layers), everything_(programs_.size()) {
  std::iota(everything_.begin(), everything_.end(), std::size_t{0});
  for (std::size_t i = 0; i < programs_.size(); ++i) {
    std::set<std::string> taken;
    const Seen seen = play(programs_[i], {}, [&](const EndpointPair&, const model::Outcome& outcome) {
      taken.insert(std::string(outcome.edge));
    });
    correct_.push_back(seen.digest);
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
    Digest digest;
    digest.add(done->trace);
    out = {digest.value(), done->finding};
  }));
  return out;
}

Notice Stage::notice(const model::Mutant& mutant) const {
  Notice out;
  const std::vector<std::size_t>* places = &everything_;
  if (mutant.edge) {
    const auto at = takers_.find(mutant.edge->edge);
    if (at == takers_.end()) return out;
    places = &at->second;
  }
  out.taken = true;
  for (const std::size_t place : *places) {
    const Program& program = programs_[place];
    const Seen seen = play(program, mutant);
    if (seen.digest == correct_[place]) continue;
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

std::vector<Notice> notice_all(const Stage& stage, const std::vector<model::Mutant>& mutants) {
  std::vector<Notice> out(mutants.size());
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < mutants.size(); i = next++) out[i] = stage.notice(mutants[i]);
  };
  std::vector<std::thread> others(std::max(1u, std::thread::hardware_concurrency()) - 1);
  for (std::thread& other : others) other = std::thread(work);
  work();
  for (std::thread& other : others) other.join();
  return out;
}

}  // namespace finack
