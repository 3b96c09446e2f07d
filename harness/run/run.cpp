// SPDX-License-Identifier: Apache-2.0
#include "run/run.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <unordered_map>

#include "packet/codec.h"
#include "run/instance.h"

namespace finack {

namespace {

// How many instances to begin before looking at the wire again, so that nobody's answer is late for it.
constexpr std::size_t begin_at_once = 4;

class Runner {
 public:
  Runner(const std::vector<Program>& programs, const Profile& profile, World& world,
         const RunSettings& settings, const EventSink& emit)
      : programs_(programs), profile_(profile), world_(world), settings_(settings), emit_(emit) {
    summary_.total = programs.size();
  }

  Result<Summary> run() {
    const Time start = world_.now();
    seen_until_ = start;
    Result<void> done;
    while (done && !summary_.interrupted && !summary_.out_of_time &&
           (next_ < programs_.size() || !open_.empty())) {
      done = turn();
      summary_.out_of_time =
          seen_until_ >= settings_.deadline && (next_ < programs_.size() || !open_.empty());
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

  Result<void> begin(const Program& program) {
    if (!world_.supports(program.family)) {
      skip(program);
      return {};
    }
    const auto seat = world_.take_seat(program.family);
    if (!seat) return pass_on(seat.error());
    open_[seat->number].instance =
        std::make_unique<Instance>(program, profile_, world_, *seat, settings_.seed);
    seat_of_address_[seat->pair.peer.address] = seat->number;
    return pump(seat->number);
  }

  void skip(const Program& program) {
    InstanceFinished event{
        &program, {}, Verdict::skipped, "this target has no " + std::string(to_string(program.family))};
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
    for (; next_ < programs_.size(); ++next_) {
      InstanceFinished event{&programs_[next_], {}, Verdict::error, "not begun: " + to_string(error)};
      event.started = world_.now();
      report(std::move(event));
    }
  }

  void dispatch(const Happening& happening, std::set<std::uint32_t>& awake) {
    if (const auto* frame = std::get_if<FrameCame>(&happening)) {
      const auto address = destination_address(frame->frame);
      const auto seat = address ? seat_of_address_.find(*address) : seat_of_address_.end();
      if (seat != seat_of_address_.end()) hand_over(seat->second, *frame, awake);
    } else if (const auto* report = std::get_if<ReportCame>(&happening)) {
      hand_over(Application::seat_of(report->line), *report, awake);
    } else if (const auto* loss = std::get_if<LossNoticed>(&happening)) {
      for (auto& [seat, open] : open_) open.instance->take(*loss);
    } else {
      summary_.interrupted = true;
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
    const auto lost = world_.losses();
    if (!lost) return pass_on(lost.error());
    if (!lost->empty()) {
      for (auto& [number, each] : open_) each.instance->take(LossNoticed{world_.now(), *lost});
    }
    report(open.instance->finish());
    seat_of_address_.erase(open.instance->seat().pair.peer.address);
    open_.erase(seat);
    return {};
  }

  void report(InstanceFinished event) {
    ++summary_.counts[static_cast<std::size_t>(event.verdict)];
    emit_(Event(std::move(event)));
  }

  const std::vector<Program>& programs_;
  const Profile& profile_;
  World& world_;
  const RunSettings& settings_;
  const EventSink& emit_;

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
  environment.sysctls = description.sysctls;
  environment.versions["agent"] = description.agent;
  environment.seed = settings.seed;
  environment.profile = profile.name;
  emit(RunStarted{std::move(environment), programs.size()});
  return Runner(programs, profile, world, settings, emit).run();
}

}  // namespace finack
