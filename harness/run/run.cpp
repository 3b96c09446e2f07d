// SPDX-License-Identifier: Apache-2.0
#include "run/run.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "base/text.h"
#include "judge/ledger.h"
#include "packet/codec.h"
#include "run/instance.h"
#include "scenario/catalogue.h"

namespace finack {

namespace {

// How many instances to begin before looking at the wire again, so that nobody's answer is late for it.
constexpr std::size_t begin_at_once = 4;

class Runner {
 public:
  Runner(const std::vector<Program>& programs, const Profile& profile, World& world,
         const RunSettings& settings, const EventSink& emit, std::string release)
      : programs_(programs),
        profile_(profile),
        world_(world),
        settings_(settings),
        emit_(emit),
        ledger_(profile, std::move(release)) {
    summary_.total = programs.size();
  }

  Result<Summary> run() {
    provide();
    const Time start = world_.now();
    seen_until_ = start;
    Result<void> done;
    while (done && !summary_.interrupted && !summary_.out_of_time &&
           (next_ < programs_.size() || !open_.empty())) {
      done = turn();
      summary_.out_of_time |= seen_until_ >= settings_.deadline;
      summary_.out_of_time &= next_ < programs_.size() || !open_.empty();
    }
    if (!done) blame_nobody(done.error());
    // What is open after an interruption or at the deadline has no verdict, unless it only waits for a
    // failure to be confirmed; it is cleaned up all the same.
    for (auto& [seat, open] : open_) {
      const bool judged = open.instance->judged();
      InstanceFinished left = open.instance->finish();
      if (judged) report(std::move(left));
    }
    summary_.duration = world_.now() - start;
    for (const Deviation* deviation : ledger_.vanished()) summary_.vanished.push_back(*deviation);
    emit_(RunFinished{summary_});
    if (!done) return pass_on(done.error());
    return summary_;
  }

 private:
  // Everything about an instance that the loop needs to find it by.
  struct Open {
    std::unique_ptr<Instance> instance;
    Time deadline = never;
  };
  // Why a configuration is not there, and what that makes of the programs that want it.
  struct Obstacle {
    Verdict verdict = Verdict::skipped;
    std::string reason;
  };

  // All targets stand before the first exchange begins: to set one up takes longer than an answer may.
  void provide() {
    std::set<Configuration> wanted;
    for (const Program& program : programs_) {
      if (!program.sysctls.empty() && missing(program).empty()) wanted.insert(program.sysctls);
    }
    if (wanted.empty()) return;
    const std::vector<Configuration> configurations(wanted.begin(), wanted.end());
    const auto answers = world_.provide(configurations);
    for (std::size_t i = 0; i < configurations.size(); ++i) {
      if (!answers[i]) {
        obstacles_[configurations[i]] = {Verdict::error, to_string(answers[i].error())};
      } else if (!answers[i]->empty()) {
        obstacles_[configurations[i]] = {Verdict::skipped, *answers[i]};
      }
    }
  }

  Result<void> turn() {
    for (std::size_t i = 0;
         i < begin_at_once && next_ < programs_.size() && open_.size() < settings_.open_at_once; ++i) {
      if (auto done = begin(programs_[next_++]); !done) return done;
    }
    const bool more = next_ < programs_.size() && open_.size() < settings_.open_at_once;
    const Time until = more ? seen_until_ : deadlines_.empty() ? never : deadlines_.begin()->first;
    if (open_.empty() && !more) return {};
    auto happenings = world_.wait(std::min(until, settings_.deadline));
    if (!happenings) return pass_on(happenings.error());
    std::set<std::uint32_t> awake;
    for (const Happening& happening : happenings->list) dispatch(happening, awake);
    seen_until_ = happenings->complete_until;
    for (auto due = deadlines_.begin(); due != deadlines_.end() && due->first <= seen_until_; ++due)
      awake.insert(due->second);
    for (const std::uint32_t seat : awake) {
      if (auto done = pump(seat); !done) return done;
    }
    return {};
  }

  // What the target lacks for it, in words; empty when nothing.
  std::string missing(const Program& program) const {
    if (!world_.supports(program.family))
      return "this target has no " + std::string(to_string(program.family));
    std::vector<std::string> lacking;
    for (const std::string& capability : program.needs) {
      const bool declared =
          std::ranges::find(profile_.capabilities, capability) != profile_.capabilities.end();
      if (!declared && !world_.has(capability)) lacking.push_back("`" + capability + "`");
    }
    return lacking.empty() ? std::string() : "needs " + join(lacking, ", ") + ", which this target lacks";
  }

  Result<void> begin(const Program& program) {
    if (std::string why = missing(program); !why.empty()) {
      leave_out(program, Verdict::skipped, std::move(why));
      return {};
    }
    if (const auto obstacle = obstacles_.find(program.sysctls); obstacle != obstacles_.end()) {
      leave_out(program, obstacle->second.verdict, obstacle->second.reason);
      return {};
    }
    const auto seat = world_.take_seat(program.family, program.sysctls);
    if (!seat) return pass_on(seat.error());
    open_[seat->number].instance =
        std::make_unique<Instance>(program, profile_, world_, *seat, settings_.seed);
    seat_of_address_[seat->pair.peer.address] = seat->number;
    return pump(seat->number);
  }

  // A program that is not begun.
  void leave_out(const Program& program, Verdict verdict, std::string reason) {
    InstanceFinished event{&program, {}, verdict, std::move(reason)};
    event.started = world_.now();
    report(std::move(event));
  }

  // The world is broken: what was open, and what was still to come, has no verdict about the target.
  void blame_nobody(const Error& error) {
    for (auto& [seat, open] : open_) {
      open.instance->break_off(error);
      report(open.instance->finish());
    }
    open_.clear();
    for (; next_ < programs_.size(); ++next_)
      leave_out(programs_[next_], Verdict::error, "not begun: " + to_string(error));
  }

  void dispatch(const Happening& happening, std::set<std::uint32_t>& awake) {
    if (const auto* frame = std::get_if<FrameCame>(&happening)) {
      const auto address = destination_address(frame->frame);
      const auto seat = address ? seat_of_address_.find(*address) : seat_of_address_.end();
      if (seat != seat_of_address_.end()) hand_over(seat->second, *frame, awake);
    } else if (const auto* report = std::get_if<ReportCame>(&happening)) {
      hand_over(Application::seat_of(report->line), *report, awake);
    } else if (const auto* loss = std::get_if<LossNoticed>(&happening)) {
      tell(*loss);
    } else {
      const bool out_of_time = std::get<Interrupted>(happening).out_of_time;
      (out_of_time ? summary_.out_of_time : summary_.interrupted) = true;
    }
  }

  void tell(const LossNoticed& loss) {
    for (auto& [number, open] : open_) {
      if (!loss.lane || *loss.lane == open.instance->seat().lane) open.instance->take(loss);
    }
  }

  // What comes for an instance that has finished is of no use any more.
  template <class Came>
  void hand_over(std::uint32_t seat, const Came& came, std::set<std::uint32_t>& awake) {
    const auto at = open_.find(seat);
    if (at == open_.end()) return;
    at->second.instance->take(came);
    awake.insert(seat);
  }

  Result<void> pump(std::uint32_t seat) {
    Open& open = open_.at(seat);
    deadlines_.erase({open.deadline, seat});
    if (const auto deadline = open.instance->pump(seen_until_)) {
      open.deadline = *deadline;
      deadlines_.insert({*deadline, seat});
      return {};
    }
    // A verdict counts only when nothing was lost up to it.
    const Seat& at = open.instance->seat();
    const auto lost = world_.losses(at);
    if (!lost) return pass_on(lost.error());
    if (!lost->empty()) tell({world_.now(), *lost, at.lane});
    report(open.instance->finish());
    seat_of_address_.erase(at.pair.peer.address);
    open_.erase(seat);
    return {};
  }

  void report(InstanceFinished event) {
    if (event.verdict == Verdict::fail || event.verdict == Verdict::warn) {
      if (const Deviation* declared = ledger_.explain(event.program->id, event.finding.value_or(Finding{}))) {
        event.verdict = Verdict::known;
        event.deviation = *declared;
        event.reason = declared->why;
      }
    }
    if (event.verdict == Verdict::pass) ledger_.passed(event.program->id);
    if (event.verdict == Verdict::pass) {
      for (const std::uint8_t edge : event.edges) {
        if (catalogue_edges()[edge].standing != Standing::base) ++summary_.choices[edge];
      }
    }
    summary_.untracked += event.tracked ? 0 : 1;
    ++summary_.counts[static_cast<std::size_t>(event.verdict)];
    emit_(Event(std::move(event)));
  }

  const std::vector<Program>& programs_;
  const Profile& profile_;
  World& world_;
  const RunSettings& settings_;
  const EventSink& emit_;

  Ledger ledger_;
  std::map<Configuration, Obstacle> obstacles_;
  std::size_t next_ = 0;
  Time seen_until_{};                   // all that came before then was dispatched
  std::map<std::uint32_t, Open> open_;  // by seat
  std::map<Address, std::uint32_t> seat_of_address_;
  std::set<std::pair<Time, std::uint32_t>> deadlines_;
  Summary summary_;
};

}  // namespace

Result<Summary> run(const std::vector<Program>& programs, const Profile& profile, World& world,
                    const RunSettings& settings, Environment environment, const EventSink& emit) {
  const WorldDescription description = world.describe();
  environment.world = description.world;
  environment.kernel = description.kernel;
  environment.release = description.release;
  environment.sysctls = description.sysctls;
  environment.versions["agent"] = description.agent;
  environment.seed = settings.seed;
  environment.profile = profile.name;
  emit(RunStarted{std::move(environment), programs.size()});
  return Runner(programs, profile, world, settings, emit, description.release).run();
}

}  // namespace finack
