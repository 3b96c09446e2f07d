// SPDX-License-Identifier: Apache-2.0
#include "run/run.h"

#include <algorithm>
#include <array>
#include <bit>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <queue>
#include <set>
#include <string>
#include <type_traits>
#include <unordered_map>
#include <utility>

#include "base/text.h"
#include "judge/ledger.h"
#include "packet/codec.h"
#include "run/accounts.h"
#include "run/budget.h"
#include "run/instance.h"
#include "scenario/catalogue.h"

namespace finack {

namespace {

// How many instances to begin before looking at the wire again, so that nobody's answer is late for it.
constexpr std::size_t begin_at_once = 4;
// So many may wait for the target's first segment, or this long for none: to begin more than the agent and we
// keep up with would make all of them late.
constexpr std::size_t most_young = 64;
constexpr Duration youth = 200ms;
// More than that, and it is the machine that is not fit.
constexpr std::size_t most_repeated = 64;

struct AddressHash {
  std::size_t operator()(const Address& address) const {
    // Those of a run differ in their last octets.
    const auto words = std::bit_cast<std::array<std::uint64_t, 2>>(address.octets);
    return (words[0] ^ words[1]) * 0x9e3779b97f4a7c15u;
  }
};

class Runner {
 public:
  Runner(const std::vector<Program>& programs, const Profile& profile, World& world,
         const RunSettings& settings, std::size_t at_once, const EventSink& emit, std::string release)
      : programs_(programs),
        profile_(profile),
        world_(world),
        settings_(settings),
        emit_(emit),
        ledger_(profile, std::move(release)),
        at_once_(at_once),
        budget_(world.capacity()),
        accounts_(world) {
    summary_.total = programs.size() * settings.rounds;
  }

  Result<Summary> run() {
    provide();
    Result<void> done = open_accounts();
    std::vector<Job> jobs;
    for (const Program& program : programs_)
      jobs.push_back({&program, weight_of(program), settings_.first_round});
    for (std::size_t i = 0; i < settings_.rounds; ++i) {
      for (Job& job : jobs) {
        (job.program->alone.empty() ? crowd_ : solitary_).push_back(job);
        ++job.round;
      }
    }
    const Time start = world_.now();
    seen_until_ = start;
    while (done && !summary_.interrupted && !summary_.out_of_time && is_more()) {
      done = turn();
      summary_.out_of_time |= seen_until_ >= settings_.deadline;
      summary_.out_of_time &= is_more();
    }
    if (!done) blame_nobody(done.error());
    // What is open after an interruption or at the deadline has no verdict, unless it only waits for a
    // failure to be confirmed; it is cleaned up all the same.
    for (const std::uint32_t seat : open_seats()) {
      Open& open = open_.at(seat);
      const bool judged = open.instance->judged();
      if (judged && !alone_) open.instance->heed_refusals();
      InstanceFinished left = finished(*open.instance);
      if (judged && !open.job.again) report(std::move(left));
    }
    for (auto& [played, first] : inconclusive_) report(std::move(first));
    summary_.duration = world_.now() - start;
    if (done) done = close_accounts();
    for (const Deviation* deviation : ledger_.vanished()) summary_.vanished.push_back(*deviation);
    emit_(RunFinished{summary_});
    if (!done) return pass_on(done.error());
    return summary_;
  }

 private:
  // What is still to be played.
  struct Job {
    const Program* program;
    Weight weight;
    std::size_t round;
    bool again = false;  // it was inconclusive
  };
  // Everything about an instance that the loop needs to find it by.
  struct Open {
    Job job;
    std::unique_ptr<Instance> instance = {};
    Time deadline = never;
    Time queued = never;  // the earliest of its entries in the queue of deadlines
    bool awake = false;
    bool young = false;  // the target has sent nothing for it yet
  };
  // Why a configuration is not there, and what that makes of the programs that want it.
  struct Obstacle {
    Verdict verdict = Verdict::skipped;
    std::string reason;
  };
  using Deadline = std::pair<Time, std::uint32_t>;

  bool is_more() const { return !crowd_.empty() || !solitary_.empty() || !open_.empty(); }

  // Where the next job stands, if it may begin now.
  std::deque<Job>* beginnable() {
    if (alone_) return nullptr;
    if (crowd_.empty()) return solitary_.empty() || !open_.empty() ? nullptr : &solitary_;
    if (open_.size() >= at_once_ || young_ >= most_young || behind_) return nullptr;
    // One that is heavier than there is room is played all the same when nobody else is there.
    return budget_.fits(crowd_.front().weight) || (open_.empty() && budget_.next_rest() == never) ? &crowd_
                                                                                                  : nullptr;
  }

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
    ++turn_;
    budget_.pass(seen_until_);
    for (; !youths_.empty() && youths_.front().first <= seen_until_; youths_.pop_front()) {
      if (const auto open = open_.find(youths_.front().second); open != open_.end()) grow_up(open->second);
    }
    for (std::size_t i = 0; i < begin_at_once; ++i) {
      std::deque<Job>* from = beginnable();
      if (!from) break;
      const Job job = from->front();
      from->pop_front();
      if (auto done = begin(job, from == &solitary_); !done) return done;
    }
    const bool more = beginnable() != nullptr;
    if (open_.empty() && !more && !is_more()) return {};
    settle_first_deadline();
    Time until = more ? seen_until_ : std::min(settings_.deadline, budget_.next_rest());
    if (!deadlines_.empty()) until = std::min(until, deadlines_.top().first);
    if (!youths_.empty()) until = std::min(until, youths_.front().first);
    if (behind_) until = seen_until_;
    auto happenings = world_.wait(until);
    if (!happenings) return pass_on(happenings.error());
    for (const Happening& happening : happenings->list) dispatch(happening);
    seen_until_ = happenings->complete_until;
    for (settle_first_deadline(); !deadlines_.empty() && deadlines_.top().first <= seen_until_;
         settle_first_deadline()) {
      const std::uint32_t seat = deadlines_.top().second;
      deadlines_.pop();
      open_.at(seat).queued = never;
      wake(seat);
    }
    pumped_.swap(awake_);
    awake_.clear();
    behind_ = pumped_.size() > most_young;
    for (const std::uint32_t seat : pumped_) {
      if (auto done = pump(seat); !done) return done;
    }
    return {};
  }

  // A deadline that is put off, as most are, moves back only once its old place is the first.
  void put_off(std::uint32_t seat, Open& open) {
    if (open.deadline >= open.queued) return;
    deadlines_.emplace(open.deadline, seat);
    open.queued = open.deadline;
  }

  void settle_first_deadline() {
    while (!deadlines_.empty()) {
      const auto [at, seat] = deadlines_.top();
      const auto open = open_.find(seat);
      const bool stale = open == open_.end() || open->second.queued != at;
      if (!stale && open->second.deadline == at) return;
      deadlines_.pop();
      if (stale) continue;
      open->second.queued = never;
      put_off(seat, open->second);
    }
  }

  std::vector<std::uint32_t> open_seats() const {
    std::vector<std::uint32_t> out;
    for (const auto& [seat, open] : open_) out.push_back(seat);
    std::ranges::sort(out);
    return out;
  }

  void wake(std::uint32_t seat) {
    Open& open = open_.at(seat);
    if (!open.awake) awake_.push_back(seat);
    open.awake = true;
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

  Result<void> begin(const Job& job, bool alone) {
    const Program& program = *job.program;
    if (std::string why = missing(program); !why.empty()) {
      leave_out(job, Verdict::skipped, std::move(why));
      return {};
    }
    if (const auto obstacle = obstacles_.find(program.sysctls); obstacle != obstacles_.end()) {
      leave_out(job, obstacle->second.verdict, obstacle->second.reason);
      return {};
    }
    const auto seat = world_.take_seat(program.family, program.sysctls);
    if (!seat) return pass_on(seat.error());
    Open& open = open_.emplace(seat->number, Open{job}).first->second;
    open.young = true;
    ++young_;
    youths_.emplace_back(seen_until_ + youth, seat->number);
    open.instance = std::make_unique<Instance>(program, job.round, profile_, world_, *seat, settings_.seed,
                                               settings_.keep_frames);
    seat_of_address_[seat->pair.peer.address] = seat->number;
    budget_.take(job.weight);
    alone_ = alone;
    return pump(seat->number);
  }

  void grow_up(Open& open) {
    if (std::exchange(open.young, false)) --young_;
  }

  // A program that is not begun.
  void leave_out(const Job& job, Verdict verdict, std::string reason) {
    InstanceFinished event{job.program, {}, verdict, std::move(reason)};
    event.round = job.round;
    event.started = world_.now();
    report(std::move(event));
  }

  // The world is broken: what was open, and what was still to come, has no verdict about the target.
  void blame_nobody(const Error& error) {
    for (const std::uint32_t seat : open_seats()) {
      Open& open = open_.at(seat);
      open.instance->break_off(error);
      InstanceFinished left = finished(*open.instance);
      if (!open.job.again) report(std::move(left));
    }
    open_.clear();
    for (const std::deque<Job>* jobs : {&crowd_, &solitary_}) {
      for (const Job& job : *jobs) {
        if (!job.again) leave_out(job, Verdict::error, "not begun: " + to_string(error));
      }
    }
    crowd_.clear();
    solitary_.clear();
  }

  InstanceFinished finished(Instance& instance) {
    InstanceFinished event = instance.finish();
    accounts_.leave(instance.last_call(), event.taken_away);
    return event;
  }

  Result<void> open_accounts() {
    return accounts_.open([&](const Happening& happening) { dispatch(happening); },
                          [&] { return !summary_.interrupted && !summary_.out_of_time; });
  }

  // Who ends a run early does not want to wait, and one cut short has nothing to tell.
  Result<void> close_accounts() {
    const auto done = accounts_.close(
        [&](const Happening& happening) { dispatch(happening); },
        [&] { return !summary_.interrupted && !summary_.out_of_time && world_.now() < settings_.deadline; });
    summary_.resources = accounts_.resources();
    return done;
  }

  void dispatch(const Happening& happening) {
    if (const auto* frame = std::get_if<FrameCame>(&happening)) {
      const auto address = destination_address(frame->frame);
      const auto seat = address ? seat_of_address_.find(*address) : seat_of_address_.end();
      if (seat != seat_of_address_.end()) hand_over(seat->second, *frame);
    } else if (const auto* report = std::get_if<ReportCame>(&happening)) {
      accounts_.answered(report->line.id);
      hand_over(Application::seat_of(report->line), *report);
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
  void hand_over(std::uint32_t seat, const Came& came) {
    const auto at = open_.find(seat);
    if (at == open_.end()) return;
    if constexpr (std::is_same_v<Came, FrameCame>) grow_up(at->second);
    at->second.instance->take(came);
    wake(seat);
  }

  Result<void> pump(std::uint32_t seat) {
    Open& open = open_.at(seat);
    open.awake = false;
    if (const auto deadline = open.instance->pump(seen_until_)) {
      open.deadline = *deadline;
      put_off(seat, open);
      return {};
    }
    // A verdict counts only when nothing was lost up to it. What came was all looked at in this turn.
    const Seat at = open.instance->seat();
    if (losses_of_turn_.size() <= at.lane) losses_of_turn_.resize(at.lane + 1);
    if (std::exchange(losses_of_turn_[at.lane], turn_) != turn_) {
      const auto lost = world_.losses(at);
      if (!lost) return pass_on(lost.error());
      if (!lost->empty()) tell({world_.now(), *lost, at.lane});
    }
    // What a target sends too much of when nobody else is there is its own doing.
    if (!alone_) open.instance->heed_refusals();
    InstanceFinished event = finished(*open.instance);
    const Job job = open.job;
    seat_of_address_.erase(at.pair.peer.address);
    grow_up(open);
    open_.erase(seat);
    alone_ = false;
    budget_.give(job.weight, seen_until_, world_.rest());
    finish(job, std::move(event));
    return {};
  }

  // What was too late among others gets one more chance, when nobody else is there.
  void finish(const Job& job, InstanceFinished event) {
    if (job.again) {
      inconclusive_.erase({job.program, job.round});
      ++summary_.repeated;
      event.again = true;
    } else if (event.verdict == Verdict::inconclusive && !declared(event) &&
               inconclusive_.size() < most_repeated) {
      inconclusive_.emplace(std::pair(job.program, job.round), std::move(event));
      solitary_.push_back({job.program, job.weight, job.round, true});
      return;
    }
    report(std::move(event));
  }

  // The deviation that the profile declares for what was found. What looks just like it is it, also when we
  // were late: then to play it again alone would tell no more.
  const Deviation* declared(const InstanceFinished& event) {
    const bool found = event.verdict == Verdict::fail || event.verdict == Verdict::warn ||
                       event.verdict == Verdict::inconclusive;
    return found && event.finding ? ledger_.explain(event.program->id, *event.finding) : nullptr;
  }

  void report(InstanceFinished event) {
    if (const Deviation* known = declared(event)) {
      event.verdict = Verdict::known;
      event.deviation = *known;
      event.reason = known->why;
    }
    if (event.verdict == Verdict::pass) ledger_.passed(event.program->id);
    if (event.verdict == Verdict::pass) {
      for (const std::uint8_t edge : event.edges) {
        if (catalogue_edges()[edge].standing != Standing::base) ++summary_.choices[edge];
      }
    }
    summary_.untracked += event.tracked ? 0 : 1;
    summary_.timing.add(event.trace);
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
  std::size_t at_once_;
  Budget budget_;
  Accounts accounts_;
  std::deque<Job> crowd_;        // to be played beside others
  std::deque<Job> solitary_;     // and alone
  std::deque<Deadline> youths_;  // when each is young no more
  std::size_t young_ = 0;
  bool behind_ = false;  // there was much to do in the last turn
  bool alone_ = false;   // somebody is
  std::map<std::pair<const Program*, std::size_t>, InstanceFinished> inconclusive_;  // to be repeated
  Time seen_until_{};                             // all that came before then was dispatched
  std::unordered_map<std::uint32_t, Open> open_;  // by seat
  std::unordered_map<Address, std::uint32_t, AddressHash> seat_of_address_;
  std::priority_queue<Deadline, std::vector<Deadline>, std::greater<>> deadlines_;
  std::vector<std::uint32_t> awake_;   // seats to be pumped in this turn
  std::vector<std::uint32_t> pumped_;  // those of the last one
  std::uint64_t turn_ = 0;
  std::vector<std::uint64_t> losses_of_turn_;  // by lane: when they were last asked about
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
  const std::size_t most = bearable(programs, world.capacity());
  environment.at_once = settings.jobs == 0 ? most : std::min(settings.jobs, most);
  const std::size_t at_once = environment.at_once;
  emit(RunStarted{std::move(environment), programs.size() * settings.rounds});
  return Runner(programs, profile, world, settings, at_once, emit, description.release).run();
}

}  // namespace finack
