// SPDX-License-Identifier: Apache-2.0
// How many observations of an exchange (tests/judge/long_talk.h) a second of one core is enough for: what
// always watches, on one connection of a million of them; and a whole judge, on as many as it takes with a
// step for each. Beside it, for a machine that does other things too, how long it takes only to read as many
// frames.
//
//   bench_judge [OBSERVATIONS]
#include <fmt/format.h>

#include <cstdlib>
#include <ctime>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "judge/judge.h"
#include "judge/long_talk.h"
#include "judge/watch.h"
#include "packet/codec.h"

namespace finack {
namespace {

using Script = std::vector<Observation>;

// Of this process, in seconds: what others do on the machine counts no more than it must.
double cpu_time() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

struct Cost {
  std::size_t observations = 0;
  double judged = 0;
  double decoded = 0;

  void print(std::string_view name) const {
    const auto count = static_cast<double>(observations);
    fmt::print("{:<14} {:8} observations {:9.0f} a second; to decode the frames takes {:.2f} of the time\n",
               name, observations, count / judged, decoded / judged);
  }
};

std::vector<Bytes> frames_of(const Script& script) {
  std::vector<Bytes> out;
  for (const Observation& each : script) {
    const auto* sent = std::get_if<Injected>(&each.what);
    const auto* came = std::get_if<Arrived>(&each.what);
    if (sent || came) out.push_back(encode_packet(sent ? sent->segment : came->segment).value());
  }
  return out;
}

double time_to_decode(const Script& script) {
  const std::vector<Bytes> frames = frames_of(script);
  const double start = cpu_time();
  for (const Bytes& frame : frames) {
    if (!decode_packet(frame)) std::abort();
  }
  return cpu_time() - start;
}

int fail(std::string_view name, std::string_view why) {
  fmt::print(stderr, "{}: {}\n", name, why);
  return 1;
}

int measure_watch(std::size_t observations) {
  LongTalk talk(LongTalk::Steps::shared);
  Script script = talk.go_on(16);
  Watch watch(talk.program());
  Cost cost;
  for (bool closed = false; !script.empty();) {
    const double start = cpu_time();
    for (const Observation& each : script) {
      if (!watch.see(each)) return fail("one connection", "the watch lost the target, or found fault");
    }
    cost.judged += cpu_time() - start;
    cost.decoded += time_to_decode(script);
    cost.observations += script.size();
    if (cost.observations < observations) {
      script = talk.go_on(64);
    } else {
      script = closed ? Script{} : talk.close();
      closed = true;
    }
  }
  if (!watch.is_in(TcpState::time_wait)) return fail("one connection", "the watch does not know TIME-WAIT");
  cost.print("one connection");
  return 0;
}

// Gives the judge each when it asks for it, as a run does.
bool play(Judge& judge, Script script) {
  const Time last = script.back().at;
  for (Observation& each : script) {
    const Want want = judge.advance(each.at);
    const bool acts =
        std::holds_alternative<Injected>(each.what) || std::holds_alternative<Called>(each.what);
    const bool reads = std::holds_alternative<Reading>(each.what);
    if (want.kind != (acts ? Want::Kind::act : reads ? Want::Kind::read_state : Want::Kind::wait))
      return false;
    judge.observe(std::move(each));
  }
  Time now = last;
  for (int i = 0; i < 100; ++i) {
    const Want want = judge.advance(now);
    if (want.kind == Want::Kind::done) return true;
    if (want.kind == Want::Kind::act) return false;
    if (want.kind == Want::Kind::wait) now = want.until;
    if (want.kind == Want::Kind::read_state) judge.observe({now, Reading{TcpState::time_wait}});
  }
  return false;
}

int measure_judge(std::size_t observations) {
  LongTalk talk(LongTalk::Steps::once);
  Script script = talk.go_on(800);
  for (Observation& each : talk.close()) script.push_back(std::move(each));
  const Profile profile = LongTalk::profile();
  Cost cost;
  while (cost.observations < observations) {
    Script given = script;
    const double start = cpu_time();
    Judge judge(talk.program(), profile, {LongTalk::our_seed, LongTalk::their_seed}, Time{});
    const bool played = play(judge, std::move(given));
    cost.judged += cpu_time() - start;
    if (!played || judge.verdict() != Verdict::pass) return fail("whole judge", judge.reason());
    if (judge.tracker().overflowed()) return fail("whole judge", "the tracker lost the target");
    cost.decoded += time_to_decode(script);
    cost.observations += script.size();
  }
  cost.print("whole judge");
  return 0;
}

}  // namespace
}  // namespace finack

int main(int count, char** arguments) {
  const std::size_t observations = count > 1 ? std::strtoul(arguments[1], nullptr, 10) : 1'000'000;
  const int watch = finack::measure_watch(observations);
  const int judge = finack::measure_judge(observations);
  return watch + judge;
}
