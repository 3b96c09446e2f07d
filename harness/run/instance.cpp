// SPDX-License-Identifier: Apache-2.0
#include "run/instance.h"

#include <fmt/format.h>

#include "base/pattern.h"
#include "base/text.h"
#include "packet/codec.h"
#include "scenario/selection.h"

namespace finack {

namespace {

// Of our timestamps: 0 would be taken for none.
constexpr std::uint32_t first_clock_ms = 1;

// Independent numbers from the run's seed: one stream of the pattern for each purpose.
enum class Purpose : std::uint64_t { isn, our_stream, their_stream };

// From the id, so that an instance has the same numbers alone as in a large run.
std::uint64_t derive(std::uint64_t seed, const std::string& id, Purpose purpose) {
  const auto* octets = reinterpret_cast<const std::uint8_t*>(id.data());
  const std::uint64_t of_id = digest_add(digest_start, octets, id.size());
  return pattern_word(pattern_word(seed, 0) ^ of_id, static_cast<std::uint64_t>(purpose));
}

Streams streams_of(std::uint64_t seed, const std::string& id) {
  return {derive(seed, id, Purpose::our_stream), derive(seed, id, Purpose::their_stream)};
}

PeerSettings peer_of(const Program& program, const std::string& id, const Seat& seat, std::uint64_t seed) {
  PeerSettings out;
  out.pair = seat.pair;
  out.isn = Seq{static_cast<std::uint32_t>(derive(seed, id, Purpose::isn))};
  out.stream_seed = streams_of(seed, id).ours;
  out.syn_options = program.peer.options;
  if (program.peer.window) out.window = *program.peer.window;
  return out;
}

}  // namespace

Instance::Instance(const Program& program, std::size_t round, const Profile& profile, World& world,
                   const Seat& seat, std::uint64_t seed, bool keep_frames)
    : Instance(program, round, id_of_round(program.id, round), profile, world, seat, seed, keep_frames) {}

Instance::Instance(const Program& program, std::size_t round, const std::string& id, const Profile& profile,
                   World& world, const Seat& seat, std::uint64_t seed, bool keep_frames)
    : program_(program),
      round_(round),
      world_(world),
      seat_(seat),
      keep_frames_(keep_frames),
      peer_(peer_of(program, id, seat, seed)),
      application_(seat, streams_of(seed, id), program.mapped),
      started_(world.now()),
      judge_(program, profile, streams_of(seed, id), started_),
      lateness_(profile.lateness),
      refused_before_(world.refusals(seat)) {}

void Instance::take(const FrameCame& frame) {
  const auto ethernet = decode_ethernet(frame.frame);
  if (!ethernet) return;
  auto segment = frame.defect.empty() ? decode_packet(ethernet->payload) : fail(frame.defect);
  if (segment && (segment->source != seat_.pair.target || segment->destination != seat_.pair.peer)) {
    segment = fail("it goes from " + to_string(segment->source) + " to " + to_string(segment->destination));
  }
  if (segment) {
    last_packet_.assign(ethernet->payload.begin(), ethernet->payload.end());
    judge_.observe({frame.at, Arrived{std::move(*segment), keep_frames_ ? frame.frame : Bytes()}});
  } else {
    judge_.observe({frame.at, Unreadable{segment.error().message, frame.frame}});
  }
}

void Instance::take(const ReportCame& report) {
  if (application_.is_ping(report.line)) {
    confirmed_ = true;
    const Duration took = report.at - asked_at_.value_or(report.at);
    if (took > lateness_)
      judge_.observe({report.at, Disturbed{fmt::format("the agent took {} to answer", to_text(took))}});
    return;
  }
  if (report.line.id == 0) {
    if (auto told = application_.read_event(report.line)) judge_.observe({report.at, std::move(*told)});
    return;
  }
  auto returned = application_.read(report.line);
  if (!returned) return break_off(returned.error());
  judge_.observe({report.at, std::move(*returned)});
}

void Instance::take(const LossNoticed& loss) {
  judge_.observe({loss.at, Disturbed{loss.what}});
}

std::optional<Time> Instance::pump(Time seen_until) {
  constexpr int most_acts = 32;  // before others get their turn
  for (int acts = 0; !broken_; ++acts) {
    const Want want = judge_.advance(seen_until);
    if (want.kind != Want::Kind::done && want.kind != Want::Kind::wait && acts == most_acts)
      return seen_until;
    Result<void> done;
    switch (want.kind) {
      case Want::Kind::done:
        judged_ = true;
        return judge_.verdict() == Verdict::fail || judge_.verdict() == Verdict::warn ? confirm_failure()
                                                                                      : std::nullopt;
      case Want::Kind::wait:
        return want.until;
      case Want::Kind::act:
        done = act(want);
        break;
      case Want::Kind::read_state:
        done = read_state();
        break;
    }
    if (!done) break_off(done.error());
  }
  return std::nullopt;
}

std::optional<Time> Instance::confirm_failure() {
  constexpr Duration patience = 5s;
  if (!asked_at_) {
    asked_at_ = world_.now();
    if (auto done = world_.call(seat_, application_.ping()); !done) break_off(done.error());
  }
  if (!broken_ && !confirmed_ && world_.now() - *asked_at_ >= patience) {
    break_off(
        {"the agent does not answer", "it was stopped, or got no processor: no verdict about the target"});
  }
  if (broken_ || confirmed_) return std::nullopt;
  return *asked_at_ + patience;
}

Result<void> Instance::act(const Want& want) {
  const std::size_t step = want.step;
  const Step& wanted = program_.steps[step];
  Result<void> done;
  if (const auto* call = std::get_if<CallStep>(&wanted.body)) {
    const Time at = world_.now();
    done = world_.call(seat_, application_.line_for(step, *call));
    if (done) judge_.observe({at, Called{step}});
    return done;
  }
  if (const auto* send_step = std::get_if<SendStep>(&wanted.body)) done = send(send_step->segment);
  if (want.segment) done = send(*want.segment);
  if (const auto* icmp = std::get_if<IcmpStep>(&wanted.body)) done = send(*icmp);
  if (!done) {
    Error error = done.error();
    error.place = wanted.place;
    return pass_on(std::move(error));
  }
  return done;
}

Result<void> Instance::send(const SegmentSpec& spec) {
  const Time at = world_.now();
  const auto clock_ms = static_cast<std::uint32_t>((at - started_) / 1ms) + first_clock_ms;
  auto segment = complete(spec, peer_, judge_.conversation(), clock_ms);
  if (!segment) return pass_on(segment.error());
  const auto packets = encode_packets(*segment);
  if (!packets) return pass_on(packets.error());
  Injected injected{std::move(*segment)};
  for (const Bytes& packet : *packets) {
    auto frame = world_.inject(seat_, program_.family, packet);
    if (!frame) return pass_on(frame.error());
    if (keep_frames_) injected.frames.push_back(std::move(*frame));
  }
  injected.took = world_.now() - at;
  judge_.observe({at, std::move(injected)});
  return {};
}

Result<void> Instance::send(const IcmpStep& step) {
  const Time at = world_.now();
  if (last_packet_.empty())
    return fail("an ICMP error quotes what the target sent, and it has sent nothing yet");
  const auto packet = complete_icmp(step.message, peer_, judge_.conversation(), last_packet_);
  if (!packet) return pass_on(packet.error());
  auto frame = world_.inject(seat_, program_.family, *packet);
  if (!frame) return pass_on(frame.error());
  judge_.observe(
      {at, InjectedIcmp{to_string(step.message), std::move(*frame), is_soft(step.message, program_.family)}});
  return {};
}

Result<void> Instance::read_state() {
  const Time at = world_.now();
  auto reading = world_.read_state(seat_, seat_.pair);
  if (!reading) return pass_on(reading.error());
  Reading out;
  if (*reading) {
    out = {(*reading)->state, std::move((*reading)->detail)};
  } else {
    EndpointPair listener = seat_.pair;
    listener.peer.port = 0;
    const auto listening = world_.read_state(seat_, listener);
    if (!listening) return pass_on(listening.error());
    out.listening = listening->has_value();
  }
  judge_.observe({at, std::move(out)});
  return {};
}

void Instance::heed_refusals() {
  const bool failed = judge_.verdict() == Verdict::fail || judge_.verdict() == Verdict::warn;
  const std::uint64_t refused = world_.refusals(seat_) - refused_before_;
  if (!failed || refused == 0) return;
  judge_.observe(
      {world_.now(), Disturbed{fmt::format("the target's link had no room for {} of its frames", refused)}});
}

void Instance::break_off(const Error& error) {
  if (!broken_) broken_ = error;
}

InstanceFinished Instance::finish() {
  for (const Line& line : application_.clean_up()) static_cast<void>(world_.call(seat_, line));
  const std::size_t taken_away = world_.leave_seat(seat_);
  InstanceFinished out{&program_, seat_.pair, judge_.verdict(), judge_.reason(), judge_.finding()};
  if (broken_) {
    out.verdict = Verdict::error;
    out.reason = to_string(*broken_);
  }
  out.started = started_;
  out.duration = world_.now() - started_;
  out.realtime_offset_ns = world_.realtime_offset_ns();
  out.readings = judge_.readings();
  out.edges = judge_.tracker().edge_places();
  out.tracked = !judge_.tracker().overflowed();
  out.claims = judge_.claims();
  out.base = judge_.base();
  out.trace = judge_.take_trace();
  out.round = round_;
  out.taken_away = taken_away;
  return out;
}

}  // namespace finack
