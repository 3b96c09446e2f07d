// SPDX-License-Identifier: Apache-2.0
// A judge lives through any observations in any order, and comes to a verdict.
#include <cstdlib>

#include "base/bytes.h"
#include "judge/judge.h"
#include "scenario/catalogue.h"
#include "scenario/load.h"

namespace {

using namespace finack;

constexpr const char* scenarios[] = {
    // The target's application is driven.
    R"(scenario: a
given: LISTEN
steps:
  - allow: ACK?
  - send: SYN
  - expect: SYN+ACK
  - send: ACK
  - {target: accept}
  - {target: send 20, later: s}
  - one-of:
      - {reading: x, expect: FIN+ACK}
      - {reading: y, state: CLOSE-WAIT}
      - {reading: z, quiet: 100ms}
  - {target: close}
  - state: TIME-WAIT
)",
    R"(scenario: b
given: FIN-WAIT-1, active
steps:
  - send: FIN+ACK
  - all-of: [{expect: ACK}, {expect: FIN+ACK seq=any}]
  - icmp: host-unreachable
  - wait: 70s
  - state: CLOSED
)",
    R"(scenario: c
given: ESTABLISHED
steps:
  - {target: send 5000, later: s}
  - stream: send 5000 FIN, expect 5000 FIN
  - state: CLOSED
)",
};

// With no `given`: the service of the target is its own.
Program bare() {
  Program out;
  for (int i = 0; i < 3; ++i) out.steps.push_back({QuietStep{}});
  return out;
}

const Profile& profile() {
  static const Profile known = parse_profile(builtin_profile("linux").value(), "linux.yaml").value();
  return known;
}

const std::vector<Program>& programs() {
  static const std::vector<Program> all = [] {
    std::vector<Program> out = {bare()};
    for (const char* text : scenarios) {
      const auto loaded = load_scenario(text, "fuzz.yaml", profile());
      for (const Scenario& scenario : loaded.value()) out.push_back(compile(scenario).front());
    }
    return out;
  }();
  return all;
}

Segment segment_of(ByteReader& reader, Seq seq, Seq ack) {
  Segment out;
  const std::uint8_t what = reader.u8();
  out.flags = Flags(reader.u8());
  const auto off = [&] { return static_cast<std::uint32_t>(static_cast<std::int8_t>(reader.u8())); };
  out.seq = what % 16 == 0 ? Seq{reader.u32()} : seq + off();
  out.ack = what % 16 == 1 ? Seq{reader.u32()} : ack + off();
  out.window = static_cast<std::uint16_t>(reader.u8() << (what % 9));
  out.payload.resize(reader.u8() % 32);
  if (what >= 128) out.options = {mss_option(700), {option_kind::window_scale, {7}}};
  if (what >= 192) out.options = {timestamps_option(reader.u8(), reader.u8())};
  out.bad_checksum = what % 32 == 31;
  out.other_connection = what % 32 == 30;
  return out;
}

std::size_t call_near(ByteReader& reader, const Program& program) {
  return reader.u8() % program.steps.size();
}

Observation observation_of(ByteReader& reader, Time now, const Judge& judge, const Program& program) {
  const Conversation& numbers = judge.conversation();
  switch (reader.u8() % 10) {
    case 0:
    case 1:
    case 2:
      return {now, Injected{segment_of(reader, numbers.ours.next(), numbers.theirs.next())}};
    case 3:
    case 4:
    case 5:
      return {now, Arrived{segment_of(reader, numbers.theirs.next(), numbers.ours.next())}};
    case 6:
      return {now, Called{call_near(reader, program)}};
    case 7: {
      Returned out{call_near(reader, program)};
      out.kind = static_cast<Returned::Kind>(reader.u8() % 4);
      out.octets = reader.u8();
      return {now, out};
    }
    case 8: {
      Reading out;
      const std::uint8_t state = reader.u8() % (tcp_state_names.size() + 1);
      if (state < tcp_state_names.size()) out.state = static_cast<TcpState>(state);
      out.listening = reader.u8() % 2 == 0;
      return {now, out};
    }
    default:
      return {now, InjectedIcmp{"icmp", {}, reader.u8() % 2 == 0}};
  }
}

// What a judge asks for in a stream.
Segment as_asked(const SegmentSpec& spec, const Judge& judge) {
  Segment out;
  out.flags = spec.flags;
  out.seq = spec.seq ? Seq{static_cast<std::uint32_t>(spec.seq->offset)} : judge.conversation().ours.next();
  out.ack = judge.conversation().theirs.next();
  out.payload.resize(spec.length.value_or(0));
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ByteReader reader(BytesView(data, size));
  if (size == 0) return 0;
  const Program& program = programs()[reader.u8() % programs().size()];
  Time now{};
  Judge judge(program, profile(), {1, 2}, now);
  for (int i = 0; reader.left() > 0 && i < 1000; ++i) {
    now += std::chrono::microseconds(1u << (reader.u8() % 28));
    judge.observe(observation_of(reader, now, judge, program));
    const Want want = judge.advance(now);
    if (want.kind == Want::Kind::wait && want.until <= now) std::abort();
    if (judge.tracker().states().empty()) std::abort();
  }
  // Whoever gives it nothing more gets a verdict.
  for (int i = 0; i < 10'000; ++i) {
    const Want want = judge.advance(now);
    if (want.kind == Want::Kind::done) return 0;
    if (want.kind == Want::Kind::wait) now = want.until;
    if (want.kind == Want::Kind::read_state) judge.observe({now, Reading{}});
    if (want.kind == Want::Kind::act) {
      const Step& step = program.steps.at(want.step);
      if (std::holds_alternative<SendStep>(step.body)) judge.observe({now, Injected{}});
      if (want.segment) judge.observe({now, Injected{as_asked(*want.segment, judge)}});
      if (std::holds_alternative<IcmpStep>(step.body)) judge.observe({now, InjectedIcmp{}});
      if (std::holds_alternative<CallStep>(step.body)) {
        judge.observe({now, Called{want.step}});
        judge.observe({now, Returned{want.step}});
      }
    }
  }
  std::abort();
}
