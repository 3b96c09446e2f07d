// SPDX-License-Identifier: Apache-2.0
// The model as a target that behaves until a program's `given` is reached, and from then on does no more than
// show one face to the wire.
#pragma once

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "packet/codec.h"
#include "packet/conversation.h"
#include "scenario/scenario.h"
#include "world/model_world.h"

namespace finack {

enum class Face {
  mute,          // nothing it sends arrives any more
  resets,        // it answers every segment with the reset of RFC 9293 3.5.2
  acknowledges,  // it answers every segment with an ACK of all that came
  replays,       // it answers every segment with what it sent last
};

// For one program alone: World does not tell whose seat it gives.
//
// Once it is stuck, its TCP learns nothing more of the wire, nor the wire of it, and its state reads as it
// did at the end of `given`. Were the model to live on behind the face, a state would be reached that no
// segment of the target shows, and scenarios would pass that look at little else. Calls are still made: they
// return as they do where nothing comes, which is what an application on such a stack would see.
class StuckWorld : public World {
 public:
  StuckWorld(const Program& program, Face face) : face_(face) {
    for (const Step& step : program.steps) {
      if (step.preamble && acts(step)) ++acts_left_;
    }
    if (acts_left_ == 0) stuck_from_ = Time{};
  }

  WorldDescription describe() override { return model_.describe(); }
  bool supports(Family family) const override { return model_.supports(family); }
  Time now() const override { return model_.now(); }
  std::int64_t realtime_offset_ns() const override { return model_.realtime_offset_ns(); }
  bool has(std::string_view capability) const override { return model_.has(capability); }
  std::vector<Result<std::string>> provide(const std::vector<Configuration>& configurations) override {
    return model_.provide(configurations);
  }
  Result<Seat> take_seat(Family family, const Configuration& configuration) override {
    return model_.take_seat(family, configuration);
  }
  std::size_t leave_seat(const Seat& seat) override { return model_.leave_seat(seat); }

  Result<Bytes> inject(const Seat& seat, Family family, BytesView ip_packet) override {
    const bool stuck = begin_act(seat);
    const auto segment = decode_packet(ip_packet);
    const bool taken = segment && !segment->bad_checksum && segment->source == seat.pair.peer &&
                       segment->destination == seat.pair.target;
    if (taken) numbers_.injected(*segment);
    if (!stuck) return model_.inject(seat, family, ip_packet);
    if (taken) answer(*segment);
    return framed(family, ip_packet);
  }
  Result<void> call(const Seat& seat, const Line& line) override {
    begin_act(seat);
    return model_.call(seat, line);
  }
  Result<std::optional<StateReading>> read_state(const Seat& seat, const EndpointPair& pair) override {
    seat_ = seat;
    stick();
    const auto kept = frozen_.find(pair.peer.port);
    return kept == frozen_.end() ? model_.read_state(seat, pair) : kept->second;
  }

  Result<Happenings> wait(Time until) override {
    if (stuck_from_ > now()) until = std::min(until, stuck_from_);
    if (!answers_.empty()) until = std::min(until, answers_.front().at);
    auto out = model_.wait(until);
    if (!out) return out;
    std::erase_if(out->list, [&](const Happening& happening) {
      const auto* frame = std::get_if<FrameCame>(&happening);
      if (!frame) return false;
      if (stuck_) return true;
      note(*frame);
      return false;
    });
    for (; !answers_.empty() && answers_.front().at <= now(); answers_.pop_front())
      out->list.emplace_back(std::move(answers_.front()));
    stick();
    return out;
  }
  Result<std::string> losses(const Seat& seat) override { return model_.losses(seat); }

 private:
  // All that the target does of its own accord on the way to a `given` it does at once: after the last act of
  // a preamble there is nothing to wait for but what is on the wire.
  static constexpr Duration last_words = 1ms, on_the_wire = 10us;

  static bool acts(const Step& step) {
    return std::holds_alternative<SendStep>(step.body) || std::holds_alternative<CallStep>(step.body);
  }
  // Of ours; says whether the target is stuck by then.
  bool begin_act(const Seat& seat) {
    seat_ = seat;
    if (acts_left_ == 0) {
      stuck_from_ = std::min(stuck_from_, now());
    } else if (--acts_left_ == 0) {
      stuck_from_ = now() + last_words;
      return false;
    }
    stick();
    return stuck_;
  }
  void stick() {
    if (stuck_ || !seat_ || now() < stuck_from_) return;
    stuck_ = true;
    EndpointPair pair = seat_->pair;
    frozen_.emplace(pair.peer.port, model_.read_state(*seat_, pair));
    pair.peer.port = 0;
    frozen_.emplace(pair.peer.port, model_.read_state(*seat_, pair));
  }

  void note(const FrameCame& frame) {
    const auto ethernet = decode_ethernet(frame.frame);
    const auto segment = ethernet ? decode_packet(ethernet->payload) : fail("no Ethernet");
    if (!segment) return;
    numbers_.arrived(*segment);
    if (const auto stamps = timestamps_of(segment->options)) clock_ = stamps->value;
    window_ = segment->window;
    last_ = frame.frame;
  }

  void answer(const Segment& to) {
    if (face_ == Face::mute || (face_ == Face::replays && last_.empty())) return;
    if (face_ == Face::replays) return say(last_);
    if (face_ == Face::resets && to.flags.has(flag::rst)) return;
    Segment out;
    out.source = to.destination;
    out.destination = to.source;
    if (face_ == Face::resets) {
      out.flags = to.flags.has(flag::ack) ? flag::rst : flag::rst + flag::ack;
      out.seq = to.flags.has(flag::ack) ? to.ack : Seq{};
      out.ack = to.flags.has(flag::ack) ? Seq{} : to.end();
    } else {
      out.flags = flag::ack;
      out.seq = numbers_.theirs.isn() ? numbers_.theirs.next() : to.ack;
      out.ack = numbers_.ours.next();
      out.window = window_;
      if (numbers_.timestamps())
        out.options = {Option{}, Option{}, timestamps_option(clock_, numbers_.timestamp_to_echo())};
    }
    const auto packet = encode_packet(out);
    if (packet) say(framed(out.source.address.family, *packet));
  }
  void say(Bytes frame) { answers_.push_back({now() + on_the_wire, std::move(frame)}); }
  static Bytes framed(Family family, BytesView packet) {
    const auto type = family == Family::ipv4 ? ether_type::ipv4 : ether_type::ipv6;
    return encode_ethernet({2, 0, 0, 0, 0, 1}, {2, 0, 0, 0, 0, 2}, type, packet);
  }

  ModelWorld model_;
  Face face_;
  std::size_t acts_left_ = 0;  // of the preamble
  Time stuck_from_ = never;
  bool stuck_ = false;
  std::optional<Seat> seat_;
  std::map<std::uint16_t, Result<std::optional<StateReading>>> frozen_;  // by the peer's port
  Conversation numbers_;
  std::uint16_t window_ = 0xffff;  // of the target
  std::uint32_t clock_ = 0;        // its timestamp, the last one
  Bytes last_;                     // frame of its
  std::deque<FrameCame> answers_;
};

}  // namespace finack
