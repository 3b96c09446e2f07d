// SPDX-License-Identifier: Apache-2.0
#include "world/kernel_world.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/utsname.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <future>
#include <utility>

#include "base/text.h"
#include "net/private_space.h"
#include "world/address_plan.h"
#include "world/target_sysctls.h"

namespace finack {

namespace {

// Stamps convert well near a sample of the clocks only, so no wait lasts longer.
constexpr Duration longest_wait = 1s;
// Each takes six descriptors, a process and two megabytes of the kernel's memory.
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

short agent_events(Lane& lane) {
  return static_cast<short>(POLLIN | (lane.agent().wants_write() ? POLLOUT : 0));
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
  std::ranges::stable_sort(happenings.list, {}, time_of);
  return happenings;
}

}  // namespace

Result<std::unique_ptr<World>> KernelWorld::open(const std::string& agent_program,
                                                 const std::string& inside) {
  if (auto done = enter_private_space(); !done) return pass_on(done.error());
  auto signals = InterruptWatch::open();
  if (!signals) return pass_on(signals.error());
  std::unique_ptr<KernelWorld> world(new KernelWorld(agent_program, inside, std::move(*signals)));
  if (const auto done = world->provide({Configuration{}}).front(); !done) return pass_on(done.error());
  return world;
}

KernelWorld::~KernelWorld() {
  // To close a ring the kernel waits as long as to open one.
  std::vector<std::future<void>> closing;
  while (lanes_.size() > 1) {
    closing.push_back(
        std::async([lane = std::move(lanes_.back())]() mutable { const Lane gone = std::move(lane); }));
    lanes_.pop_back();
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

Time KernelWorld::now() const {
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
  }
  return answers;
}

Result<Seat> KernelWorld::take_seat(Family family, const Configuration& configuration) {
  const auto lane = lane_of_.find(configuration);
  if (lane == lane_of_.end()) return fail("there is no target of that configuration");
  const auto pair = pair_for_seat(family, next_seat_);
  if (!pair) return pass_on(pair.error());
  return Seat{next_seat_++, *pair, lane->second};
}

void KernelWorld::leave_seat(const Seat& seat) {
  // The listener first: it may still hold connections that nobody has accepted. What cannot be destroyed goes
  // with the namespace; the pair is not used again.
  Diag& diag = lanes_[seat.lane].diag();
  static_cast<void>(diag.destroy({seat.pair.target, {seat.pair.peer.address, 0}}));
  static_cast<void>(diag.destroy(seat.pair));
}

Result<Bytes> KernelWorld::inject(const Seat& seat, Family family, BytesView ip_packet) {
  return lanes_[seat.lane].inject(family, ip_packet);
}

Result<void> KernelWorld::call(const Seat& seat, const Line& line) {
  return lanes_[seat.lane].agent().send(line);
}

Result<std::optional<StateReading>> KernelWorld::read_state(const Seat& seat, const EndpointPair& pair) {
  const auto reading = lanes_[seat.lane].diag().read(pair);
  if (!reading) return pass_on(reading.error());
  if (!*reading) return std::nullopt;
  return StateReading{(*reading)->state, detail_of(**reading)};
}

Result<Happenings> KernelWorld::wait(Time until) {
  Happenings happened{{}, now()};
  // What is there already is taken without sleeping.
  if (auto done = collect(happened.list); !done) return pass_on(done.error());
  const Duration left = std::clamp(until - happened.complete_until, Duration{}, longest_wait);
  if (!happened.list.empty() || left == Duration{}) return sorted(std::move(happened));

  if (auto done = sleep(left); !done) return pass_on(done.error());
  happened.complete_until = now();
  if (auto done = collect(happened.list); !done) return pass_on(done.error());
  return sorted(std::move(happened));
}

Result<void> KernelWorld::sleep(Duration most) {
  std::vector<pollfd> watched = {{signals_.fd(), POLLIN, 0}};
  for (Lane& lane : lanes_) {
    watched.push_back({lane.ring().fd(), POLLIN, 0});
    watched.push_back({lane.agent().fd(), agent_events(lane), 0});
  }
  const timespec timeout = {most.count() / 1'000'000'000, most.count() % 1'000'000'000};
  if (ppoll(watched.data(), watched.size(), &timeout, nullptr) < 0 && errno != EINTR) {
    return fail(fmt::format("cannot wait: {}", std::strerror(errno)));
  }
  return {};
}

Result<void> KernelWorld::collect(std::vector<Happening>& into) {
  // Looked at every time: a flood from the target or its agent must not keep the user from ending it.
  if (const auto wish = signals_.take()) into.emplace_back(*wish);
  if (clocks_.sample()) {
    into.emplace_back(LossNoticed{now(), "the system's clock was set during the exchange"});
  }
  for (Lane& lane : lanes_) {
    lane.ring().receive([&](const CapturedFrame& frame) {
      into.emplace_back(FrameCame{clocks_.to_time(frame.realtime_ns),
                                  Bytes(frame.bytes.begin(), frame.bytes.end()), defect_of(frame)});
    });
  }
  // One question about all agents, instead of one to each.
  std::vector<pollfd> agents;
  for (Lane& lane : lanes_) agents.push_back({lane.agent().fd(), agent_events(lane), 0});
  if (poll(agents.data(), agents.size(), 0) <= 0) return {};
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    AgentLink& agent = lanes_[i].agent();
    if (agents[i].revents == 0) continue;
    if (agent.wants_write()) {
      if (auto done = agent.flush(); !done) return pass_on(done.error());
    }
    auto lines = agent.receive();
    if (!lines) return pass_on(lines.error());
    const Time at = now();
    for (Line& line : *lines) into.emplace_back(ReportCame{at, std::move(line)});
  }
  return {};
}

Result<std::string> KernelWorld::losses(const Seat& seat) {
  return lanes_[seat.lane].losses();
}

}  // namespace finack
