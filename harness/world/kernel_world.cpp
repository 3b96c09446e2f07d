// SPDX-License-Identifier: Apache-2.0
#include "world/kernel_world.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <sys/utsname.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <ctime>
#include <utility>

#include "base/text.h"
#include "net/private_space.h"
#include "world/address_plan.h"

namespace finack {

namespace {

// Stamps convert well near a sample of the clocks only, so no wait lasts longer.
constexpr Duration longest_wait = 1s;

Result<Descriptor> signal_descriptor() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  if (sigprocmask(SIG_BLOCK, &set, nullptr) != 0)
    return fail(fmt::format("cannot block signals: {}", std::strerror(errno)));
  Descriptor out(signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC));
  if (!out) return fail(fmt::format("cannot receive signals: {}", std::strerror(errno)));
  return out;
}

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

Result<std::unique_ptr<World>> KernelWorld::open(const std::string& agent_program) {
  if (auto done = enter_private_space(); !done) return pass_on(done.error());
  auto signals = signal_descriptor();
  if (!signals) return pass_on(signals.error());
  auto lane = Lane::open(agent_program);
  if (!lane) return pass_on(lane.error());
  return std::unique_ptr<World>(new KernelWorld(std::move(*lane), std::move(*signals)));
}

WorldDescription KernelWorld::describe() {
  utsname name{};
  uname(&name);
  return {"kernel", fmt::format("{} {} {}", name.sysname, name.release, name.machine),
          lane_.agent().hello().agent, lane_.sysctls()};
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

Result<Seat> KernelWorld::take_seat(Family family) {
  const auto pair = pair_for_seat(family, next_seat_);
  if (!pair) return pass_on(pair.error());
  return Seat{next_seat_++, *pair};
}

void KernelWorld::leave_seat(const Seat& seat) {
  // What cannot be destroyed goes with the namespace; the pair is not used again.
  static_cast<void>(lane_.diag().destroy(seat.pair));
}

Result<Bytes> KernelWorld::inject(const Segment& segment) {
  return lane_.inject(segment);
}

Result<void> KernelWorld::call(const Line& line) {
  return lane_.agent().send(line);
}

Result<std::optional<StateReading>> KernelWorld::read_state(const EndpointPair& pair) {
  const auto reading = lane_.diag().read(pair);
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

  const short agent_events = static_cast<short>(POLLIN | (lane_.agent().wants_write() ? POLLOUT : 0));
  pollfd watched[] = {
      {lane_.ring().fd(), POLLIN, 0}, {lane_.agent().fd(), agent_events, 0}, {signals_.get(), POLLIN, 0}};
  const timespec timeout = {left.count() / 1'000'000'000, left.count() % 1'000'000'000};
  if (ppoll(watched, std::size(watched), &timeout, nullptr) < 0 && errno != EINTR) {
    return fail(fmt::format("cannot wait: {}", std::strerror(errno)));
  }
  happened.complete_until = now();
  if (auto done = collect(happened.list); !done) return pass_on(done.error());
  return sorted(std::move(happened));
}

Result<void> KernelWorld::collect(std::vector<Happening>& into) {
  // Looked at every time: a flood from the target or its agent must not keep the user from ending it.
  signalfd_siginfo ignored;
  if (read(signals_.get(), &ignored, sizeof ignored) > 0) into.emplace_back(Interrupted{});
  if (clocks_.sample()) {
    into.emplace_back(LossNoticed{now(), "the system's clock was set during the exchange"});
  }
  lane_.ring().receive([&](const CapturedFrame& frame) {
    into.emplace_back(FrameCame{clocks_.to_time(frame.realtime_ns),
                                Bytes(frame.bytes.begin(), frame.bytes.end()), defect_of(frame)});
  });
  if (lane_.agent().wants_write()) {
    if (auto done = lane_.agent().flush(); !done) return pass_on(done.error());
  }
  auto lines = lane_.agent().receive();
  if (!lines) return pass_on(lines.error());
  const Time at = now();
  for (Line& line : *lines) into.emplace_back(ReportCame{at, std::move(line)});
  return {};
}

Result<std::string> KernelWorld::losses() {
  return lane_.losses();
}

}  // namespace finack
