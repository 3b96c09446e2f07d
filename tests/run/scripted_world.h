// SPDX-License-Identifier: Apache-2.0
// A world in memory on a clock moved by hand, whose target is whatever a test says.
#pragma once

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "packet/codec.h"
#include "world/world.h"

namespace finack {

class ScriptedWorld : public World {
 public:
  // What the target does when it gets a segment, or a call. Both may use answer(), report() and `state`.
  std::function<void(ScriptedWorld&, const Segment&)> on_segment = [](ScriptedWorld&, const Segment&) {};
  std::function<void(ScriptedWorld&, const Line&)> on_call = [](ScriptedWorld& world, const Line& line) {
    world.report(line.id, "ok");
  };
  std::optional<TcpState> state = TcpState::established;
  std::map<std::size_t, std::string> lost = {};  // what losses() tells about each lane, once
  std::uint64_t frames_refused = 0;              // what refusals() tells
  bool ipv6 = true;
  std::string release = "1.0";
  std::set<std::string, std::less<>> capabilities = {"inet", "inet6", "option-reuseaddr"};
  std::map<Configuration, std::string> refused = {};  // those it does not have, and why
  std::size_t most_lanes = 64;
  std::vector<Configuration> lanes = {{}};  // provided
  Capacity bears = {};
  Duration resting{};
  std::size_t seats_left = 0;   // counted by leave_seat()
  std::size_t left_behind = 0;  // what leave_seat() tells
  std::function<std::vector<Holding>(ScriptedWorld&)> held = [](ScriptedWorld&) {
    return std::vector<Holding>{};
  };
  Duration settled_in{};
  std::vector<std::string> calls = {};
  std::size_t lane_injected_into = 0;  // by the last inject()
  Duration interrupt_at = Duration::max();

  // The target sends after `delay`.
  void answer(Segment segment, Duration delay = 10us) {
    const Bytes packet = *encode_packet(segment);
    const bool four = segment.source.address.family == Family::ipv4;
    frame(encode_ethernet({2}, {2}, four ? ether_type::ipv4 : ether_type::ipv6, packet), delay);
  }
  void frame(Bytes bytes, Duration delay = 10us) { later(delay, FrameCame{now_ + delay, std::move(bytes)}); }
  void report(std::uint64_t id, std::string word,
              std::vector<std::pair<std::string, std::string>> fields = {}, Duration delay = 5us) {
    later(delay, ReportCame{now_ + delay, Line{id, std::move(word), std::move(fields)}});
  }

  WorldDescription describe() override { return {"scripted", "none", release, "0"}; }
  bool supports(Family family) const override { return family == Family::ipv4 || ipv6; }
  Capacity capacity() override { return bears; }
  Duration rest() const override { return resting; }
  Time now() const override { return now_; }
  std::int64_t realtime_offset_ns() const override { return 0; }
  bool has(std::string_view capability) const override { return capabilities.contains(capability); }
  std::vector<Result<std::string>> provide(const std::vector<Configuration>& configurations) override {
    std::vector<Result<std::string>> answers;
    for (const Configuration& configuration : configurations) {
      if (const auto why = refused.find(configuration); why != refused.end()) {
        answers.emplace_back(why->second);
      } else if (lanes.size() == most_lanes) {
        answers.emplace_back(fail("too many lanes"));
      } else {
        answers.emplace_back();
        lanes.push_back(configuration);
      }
    }
    return answers;
  }
  Result<Seat> take_seat(Family family, const Configuration& configuration) override {
    const auto lane = std::ranges::find(lanes, configuration);
    if (lane == lanes.end()) return fail("this configuration was not provided");
    const bool four = family == Family::ipv4;
    const Address target = *Address::parse(four ? "192.0.2.1" : "2001:db8::1");
    const Address peer = Address::parse(four ? "198.18.0.0" : "2001:db8:1::")->plus(++seats_);
    return Seat{seats_, {{target, 80}, {peer, 5000}}, static_cast<std::size_t>(lane - lanes.begin())};
  }
  std::size_t leave_seat(const Seat&) override {
    ++seats_left;
    return left_behind;
  }
  Result<std::vector<Holding>> holdings() override { return held(*this); }
  Duration settling() const override { return settled_in; }
  Result<Bytes> inject(const Seat& seat, Family, BytesView ip_packet) override {
    lane_injected_into = seat.lane;
    if (const auto segment = decode_packet(ip_packet)) on_segment(*this, *segment);
    return Bytes{1};
  }
  Result<void> call(const Seat&, const Line& line) override {
    calls.push_back(line.word);
    on_call(*this, line);
    return {};
  }
  Result<std::optional<StateReading>> read_state(const Seat&, const EndpointPair&) override {
    if (!state) return std::nullopt;
    return StateReading{*state};
  }
  Result<Happenings> wait(Time until) override {
    std::vector<Happening> out;
    const Time next = coming_.empty() ? until : std::min(until, coming_.front().first);
    if (next.time_since_epoch() >= interrupt_at) {
      now_ = Time(interrupt_at);
      out.emplace_back(Interrupted{});
      return Happenings{std::move(out), now_};
    }
    if (coming_.empty() || coming_.front().first > until) {
      if (until != never) now_ = std::max(now_, until);
      return Happenings{std::move(out), now_};
    }
    now_ = std::max(now_, coming_.front().first);
    while (!coming_.empty() && coming_.front().first <= now_) {
      out.push_back(std::move(coming_.front().second));
      coming_.pop_front();
    }
    return Happenings{std::move(out), now_};
  }
  Result<std::string> losses(const Seat& seat) override { return std::exchange(lost[seat.lane], {}); }
  std::uint64_t refusals(const Seat&) const override { return frames_refused; }

 private:
  void later(Duration delay, Happening happening) {
    const Time at = now_ + delay;
    auto place = coming_.begin();
    while (place != coming_.end() && place->first <= at) ++place;
    coming_.emplace(place, at, std::move(happening));
  }

  Time now_{};
  std::deque<std::pair<Time, Happening>> coming_;
  std::uint32_t seats_ = 0;
};

}  // namespace finack
