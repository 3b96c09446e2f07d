// SPDX-License-Identifier: Apache-2.0
#include "world/kernel_world.h"

#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/utsname.h>

#include <algorithm>
#include <charconv>
#include <ctime>
#include <fstream>
#include <future>
#include <thread>
#include <utility>

#include "base/text.h"
#include "net/private_space.h"
#include "world/address_plan.h"
#include "world/holdings.h"
#include "world/target_sysctls.h"

namespace finack {

namespace {

// Stamps convert well near a sample of the clocks only, so no wait lasts longer.
constexpr Duration longest_wait = 1s, longest_unsampled = 500ms;
// Of agents and signals, while frames come and come.
constexpr Duration longest_unheard = 500us;
// From the target to us in virtual time.
constexpr Duration virtual_way = 10us;
// Each takes eight descriptors, a process and two megabytes of the kernel's memory.
constexpr std::size_t most_lanes = 64;
// The default lane plays most of a run, all at once.
constexpr RingSize first_ring = {4096, 2048}, further_ring = {1024, 2048};

std::string defect_of(const CapturedFrame& frame) {
  if (frame.truncated) return "the frame is longer than a slot of the ring";
  if (frame.checksum_unfinished)
    return "the frame left the target with an unfinished checksum: an offload is on";
  return {};
}

std::string detail_of(const SocketReading& reading) {
  std::string out;
  if (reading.timer != SocketReading::Timer::none)
    out = fmt::format("timer {} {}", to_string(reading.timer), to_text(reading.timer_left));
  if (reading.retransmits > 0)
    out += fmt::format("{}{} retransmits", out.empty() ? "" : ", ", reading.retransmits);
  return out;
}

// Tags of what is watched: those of lane n are 2n and 2n + 1.
constexpr std::uint64_t signals_tag = UINT64_MAX;
constexpr std::uint64_t ring_of = 0, agent_of = 1;

// The agents have the same limit.
std::size_t raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 1024;
  const rlim_t before = limit.rlim_cur;
  limit.rlim_cur = limit.rlim_max;
  return setrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_max : before;
}

// Of the machine, by its word in /proc/meminfo, in octets; half a gigabyte where it does not tell.
std::size_t memory(std::string_view which) {
  std::ifstream file("/proc/meminfo");
  for (std::string word; file >> word;) {
    std::size_t kilobytes = 0;
    if (word == which && file >> kilobytes) return kilobytes * 1024;
  }
  return std::size_t{512} << 20;
}

std::string where(const Configuration& configuration) {
  std::string out = "a target";
  for (const auto& [name, value] : configuration)
    out += fmt::format("{} {}={}", out == "a target" ? " with" : ",", name, value);
  return out;
}

Time time_of(const Happening& happening) {
  struct Visitor {
    Time operator()(const FrameCame& frame) const { return frame.at; }
    Time operator()(const ReportCame& report) const { return report.at; }
    Time operator()(const LossNoticed& loss) const { return loss.at; }
    Time operator()(const Interrupted&) const { return never; }
  };
  return std::visit(Visitor{}, happening);
}

Happenings sorted(Happenings happenings) {
  // As it mostly is: each lane's frames in order, and then what agents say, which was not told before.
  if (!std::ranges::is_sorted(happenings.list, {}, time_of))
    std::ranges::stable_sort(happenings.list, {}, time_of);
  return happenings;
}

}  // namespace

Result<std::unique_ptr<World>> KernelWorld::open(const std::string& agent_program,
                                                 const std::string& inside) {
  if (auto done = enter_private_space(); !done) return pass_on(done.error());
  raise_descriptor_limit();
  auto signals = InterruptWatch::open();
  if (!signals) return pass_on(signals.error());
  auto poll = Poll::open();
  if (!poll) return pass_on(poll.error());
  if (auto done = poll->watch(signals->fd(), signals_tag); !done) return pass_on(done.error());
  std::unique_ptr<KernelWorld> world(
      new KernelWorld(agent_program, inside, std::move(*signals), std::move(*poll)));
  if (const auto done = world->provide({Configuration{}}).front(); !done) return pass_on(done.error());
  return world;
}

KernelWorld::~KernelWorld() {
  // To close a packet socket the kernel waits as long as to open a ring.
  std::vector<std::future<void>> closing;
  // Where there is no thread to be had, one after the other.
  const auto close = [&](auto wire) {
    closing.push_back(std::async([wire = std::move(wire)]() mutable { const auto gone = std::move(wire); }));
  };
  for (Lane& lane : lanes_) {
    auto [ring, sender] = std::move(lane).release_wire();
    close(std::move(ring));
    close(std::move(sender));
  }
}

WorldDescription KernelWorld::describe() {
  utsname name{};
  uname(&name);
  const std::string where = inside_.empty() ? "" : " in " + inside_;
  return {inside_.empty() ? "kernel" : "uml",
          fmt::format("{} {} {}{}", name.sysname, name.release, name.machine, where), name.release,
          lanes_[0].agent().hello().agent, lanes_[0].sysctls()};
}

bool KernelWorld::supports(Family family) const {
  return family == Family::ipv4 || kernel_has_ipv6();
}

Capacity KernelWorld::capacity() {
  // For the agent itself: its lines, its poller, its diagnosis, and those it opens for a moment.
  constexpr std::size_t own_descriptors = 24;
  // Of what is free: others need some too.
  constexpr std::size_t part_of_memory = 8;
  Capacity out;
  const std::size_t descriptors = raise_descriptor_limit();
  out.descriptors = descriptors > own_descriptors ? descriptors - own_descriptors : 0;
  // In virtual time nobody else is there, and a run that repeats must not depend on how many pages of which
  // files are in memory.
  out.memory = memory(inside_.empty() ? "MemAvailable:" : "MemTotal:") / part_of_memory;
  const Configuration sysctls = lanes_[0].sysctls();
  if (const auto buckets = sysctls.find("net.ipv4.tcp_max_tw_buckets"); buckets != sysctls.end()) {
    const std::string& text = buckets->second;
    std::from_chars(text.data(), text.data() + text.size(), out.time_waits);
  }
  return out;
}

Duration KernelWorld::rest() const {
  // TCP_TIMEWAIT_LEN and the slack of its timer.
  constexpr Duration time_wait = 66s;
  return leaves_time_wait_ ? time_wait : Duration{};
}

Time KernelWorld::now() const {
  if (inside_.empty()) return look_at_clock();
  // In virtual time the clock moves on while all wait, and a little with each look at it, be it ours or that
  // of the kernel, which stamps frames. And each of ours is a system call.
  if (!looked_) looked_ = look_at_clock();
  return *looked_;
}

Time KernelWorld::look_at_clock() const {
  timespec value{};
  clock_gettime(CLOCK_MONOTONIC, &value);
  return Time(std::chrono::seconds(value.tv_sec) + std::chrono::nanoseconds(value.tv_nsec));
}

std::int64_t KernelWorld::realtime_offset_ns() const {
  return -clocks_.to_time(0).time_since_epoch().count();
}

bool KernelWorld::has(std::string_view capability) const {
  if (capability == "ipv6") return kernel_has_ipv6();
  if (capability == "sysctl") return true;
  return lanes_[0].agent().hello().can(capability);
}

std::vector<Result<std::string>> KernelWorld::provide(const std::vector<Configuration>& configurations) {
  std::vector<Result<std::string>> answers(configurations.size());
  std::vector<LaneLink> links;
  std::vector<std::size_t> asked;  // the place of each link's configuration in the list
  for (std::size_t i = 0; i < configurations.size(); ++i) {
    if (lane_of_.contains(configurations[i])) continue;
    if (lanes_.size() + links.size() == most_lanes) {
      answers[i] = fail(fmt::format("a run has room for {} configurations of its target", most_lanes),
                        "run fewer scenarios at a time");
      continue;
    }
    auto target = NetworkNamespace::create();
    if (!target) {
      answers[i] = pass_on(target.error());
      continue;
    }
    if (const auto done = configure(*target, configurations[i]); !done) {
      // What the default asks for every kernel has: it is this machine that refuses.
      if (configurations[i].empty()) {
        answers[i] = pass_on(done.error());
      } else {
        answers[i] = done.error().message;
      }
      continue;
    }
    auto link = join_target(next_number_++, std::move(*target));
    if (!link) {
      answers[i] = pass_on(link.error());
      continue;
    }
    links.push_back(std::move(*link));
    asked.push_back(i);
  }
  auto rings = open_rings(links, lanes_.empty() ? first_ring : further_ring);
  for (std::size_t i = 0; i < links.size(); ++i) {
    auto lane = std::move(rings[i]).and_then(
        [&](PacketRing&& ring) { return Lane::open(std::move(links[i]), std::move(ring), agent_program_); });
    if (!lane) {
      answers[asked[i]] = pass_on(lane.error());
      continue;
    }
    lane_of_.emplace(configurations[asked[i]], lanes_.size());
    lanes_.push_back(std::move(*lane));
    if (const auto done = watch(lanes_.size() - 1); !done) answers[asked[i]] = pass_on(done.error());
  }
  return answers;
}

Result<Seat> KernelWorld::take_seat(Family family, const Configuration& configuration) {
  const auto lane = lane_of_.find(configuration);
  if (lane == lane_of_.end()) return fail("there is no target of that configuration");
  const EndpointPair pair = pair_for_seat(family, next_seat_);
  return Seat{next_seat_++, pair, lane->second};
}

std::size_t KernelWorld::leave_seat(const Seat& seat) {
  // What cannot be destroyed goes with the namespace; the pair is not used again.
  const auto cleared = lanes_[seat.lane].diag().clear(seat.pair);
  if (!cleared) {
    leaves_sockets_ = true;
    return 0;
  }
  leaves_time_wait_ = leaves_time_wait_ || cleared->leaves_time_wait;
  return cleared->destroyed;
}

Result<std::vector<Holding>> KernelWorld::holdings() {
  // What is left of connections then is not told from what is lost.
  if (leaves_sockets_) return std::vector<Holding>{};
  std::vector<Holding> out(lanes_.size());
  for (const auto& [configuration, lane] : lane_of_) {
    auto counts = read_namespace_counts(lanes_[lane].target());
    if (!counts) return pass_on(counts.error());
    // They are there for a minute yet, and nobody's fault.
    if (leaves_time_wait_ && inside_.empty()) counts->erase("time-wait");
    out[lane] = {where(configuration), std::move(*counts)};
  }
  if (inside_.empty()) return out;  // others are on this kernel, too
  auto counts = read_kernel_counts();
  if (!counts) return pass_on(counts.error());
  out.push_back({"all of the kernel", std::move(*counts)});
  return out;
}

Duration KernelWorld::settling() const {
  // A lane keeps the sockets that it made in its target. What else set-up used counts only where all of the
  // kernel is looked at, and is freed when all processors have been elsewhere since.
  return inside_.empty() ? Duration{} : Duration(30ms);
}

Duration KernelWorld::patience() const {
  // What may be left there is given up after some minutes; in virtual time they cost nothing.
  return inside_.empty() ? World::patience() : Duration(20min);
}

Result<Bytes> KernelWorld::inject(const Seat& seat, Family family, BytesView ip_packet) {
  looked_.reset();
  // A call of the same instance is to come before its segment.
  if (called_.size() <= seat.lane) called_.resize(seat.lane + 1);
  std::vector<std::uint32_t>& called = called_[seat.lane];
  if (std::ranges::find(called, seat.number) != called.end()) {
    called.clear();
    if (auto done = lanes_[seat.lane].agent().flush(); !done) return pass_on(done.error());
  }
  return lanes_[seat.lane].inject(family, ip_packet);
}

Result<void> KernelWorld::call(const Seat& seat, const Line& line) {
  if (called_.size() <= seat.lane) called_.resize(seat.lane + 1);
  called_[seat.lane].push_back(seat.number);
  return lanes_[seat.lane].agent().queue(line);
}

Result<std::optional<StateReading>> KernelWorld::read_state(const Seat& seat, const EndpointPair& pair) {
  const auto reading = lanes_[seat.lane].diag().read(pair);
  if (!reading) return pass_on(reading.error());
  if (!*reading) return std::nullopt;
  return StateReading{(*reading)->state, detail_of(**reading)};
}

Result<void> KernelWorld::watch(std::size_t lane) {
  Lane& one = lanes_[lane];
  return poll_.watch(one.ring().fd(), 2 * lane + ring_of).and_then([&] {
    return poll_.watch(one.agent().fd(), 2 * lane + agent_of);
  });
}

Result<Happenings> KernelWorld::wait(Time until) {
  Happenings happened{{}, now()};
  collect_frames(happened);
  // Frames are answered first, as long as agents have been heard not long before; what they are called is the
  // more at a time, and each time wakes one up.
  if (inside_.empty() && !happened.list.empty() && happened.complete_until < heard_until_ + longest_unheard) {
    happened.complete_until = heard_until_;
    return sorted(std::move(happened));
  }
  if (auto done = send_calls(); !done) return pass_on(done.error());
  // What is there already is taken without sleeping.
  const Duration left = happened.list.empty()
                            ? std::clamp(until - happened.complete_until, Duration{}, longest_wait)
                            : Duration{};
  const auto ready = poll_.wait(left);
  if (!ready) return pass_on(ready.error());
  if (left > Duration{}) {
    looked_.reset();
    happened.complete_until = now();
    collect_frames(happened);
  }
  // Where no time passes while we work, what the target sends has a way to go all the same: for a TCP an
  // answer within the same microsecond is one to something else (RFC 8985 6.2).
  if (!inside_.empty() && !happened.list.empty()) {
    std::this_thread::sleep_for(virtual_way);
    looked_.reset();
    collect_frames(happened);
  }
  if (auto done = collect_reports(**ready, happened.list); !done) return pass_on(done.error());
  heard_until_ = happened.complete_until;
  return sorted(std::move(happened));
}

Result<void> KernelWorld::send_calls() {
  for (std::vector<std::uint32_t>& called : called_) called.clear();
  for (std::size_t lane = 0; lane < lanes_.size(); ++lane) {
    AgentLink& agent = lanes_[lane].agent();
    if (agent.wants_write()) {
      if (auto done = agent.flush(); !done) return done;
    }
    // An agent that takes no more is watched for room, too, until it has taken all.
    const auto at = std::ranges::find(writing_, lane);
    if (agent.wants_write() == (at != writing_.end())) continue;
    if (agent.wants_write()) {
      writing_.push_back(lane);
    } else {
      writing_.erase(at);
    }
    if (auto done = poll_.watch(agent.fd(), 2 * lane + agent_of, agent.wants_write()); !done) return done;
  }
  return {};
}

void KernelWorld::sample_clocks(Happenings& into) {
  if (clocks_.sample())
    into.list.emplace_back(LossNoticed{now(), "the system's clock was set during the exchange"});
  looked_.reset();
  sampled_at_ = into.complete_until;
}

void KernelWorld::collect_frames(Happenings& into) {
  // Only stamps need it, and to read a clock is a system call in some places.
  bool sampled = false;
  const auto sample = [&] {
    if (!std::exchange(sampled, true)) sample_clocks(into);
  };
  if (sampled_at_ + longest_unsampled < into.complete_until) sample();
  // Whatever is there, or what is left would be taken for what never came. More than a ring holds is a flood,
  // which must not keep us here.
  for (Lane& lane : lanes_) {
    const auto take = [&](const CapturedFrame& frame) {
      if (inside_.empty()) sample();  // in virtual time nobody sets a clock
      into.list.emplace_back(FrameCame{clocks_.to_time(frame.realtime_ns),
                                       Bytes(frame.bytes.begin(), frame.bytes.end()), defect_of(frame)});
    };
    lane.ring().receive(take, first_ring.slots);
  }
}

Result<void> KernelWorld::collect_reports(const std::vector<std::uint64_t>& ready,
                                          std::vector<Happening>& into) {
  for (const std::uint64_t tag : ready) {
    if (tag == signals_tag) {
      if (const auto wish = signals_.take()) into.emplace_back(*wish);
    } else if (tag % 2 == agent_of) {
      if (auto done = serve(lanes_[tag / 2], into); !done) return done;
    }
  }
  return {};
}

Result<void> KernelWorld::serve(Lane& lane, std::vector<Happening>& into) {
  auto lines = lane.agent().receive();
  if (!lines) return pass_on(lines.error());
  const Time at = now();
  for (Line& line : *lines) into.emplace_back(ReportCame{at, std::move(line)});
  return {};
}

Result<std::string> KernelWorld::losses(const Seat& seat) {
  return lanes_[seat.lane].losses();
}

}  // namespace finack
