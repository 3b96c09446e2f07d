// SPDX-License-Identifier: Apache-2.0
#include "world/model_world.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "packet/codec.h"
#include "world/address_plan.h"
#include "world/model_settings.h"

namespace finack {

namespace {

// What the wire and the application take: little, but more than nothing, so that cause and effect have an
// order.
constexpr Duration on_the_wire = 10us, in_the_application = 5us;
constexpr MacAddress our_mac = {2, 0, 0, 0, 0, 1}, target_mac = {2, 0, 0, 0, 0, 2};
constexpr std::size_t most_lanes = 1024;

Bytes framed(BytesView packet, Family family, bool ours) {
  const std::uint16_t type = family == Family::ipv4 ? ether_type::ipv4 : ether_type::ipv6;
  return ours ? encode_ethernet(target_mac, our_mac, type, packet)
              : encode_ethernet(our_mac, target_mac, type, packet);
}

std::string detail_of(const model::Tcb& tcb, Time now) {
  struct Named {
    std::string_view name;
    Time at;
  };
  const Named timers[] = {{"retransmission", tcb.timers.retransmit},
                          {"probe", tcb.timers.probe},
                          {"keep-alive", tcb.timers.keep_alive},
                          {"FIN-WAIT-2", tcb.timers.orphan},
                          {"TIME-WAIT", tcb.timers.time_wait}};
  std::vector<std::string> parts;
  for (const Named& timer : timers) {
    if (timer.at != never) parts.push_back(fmt::format("timer {} {}", timer.name, to_text(timer.at - now)));
  }
  if (!tcb.stream.empty()) parts.push_back(fmt::format("{} octets to send", tcb.stream.size()));
  if (tcb.unread() > 0) parts.push_back(fmt::format("{} octets unread", tcb.unread()));
  return join(parts, ", ");
}

}  // namespace

Result<std::unique_ptr<World>> ModelWorld::open(model::Mutant mutant) {
  auto interrupts = InterruptWatch::open();
  if (!interrupts) return pass_on(interrupts.error());
  auto world = std::make_unique<ModelWorld>(std::move(mutant));
  world->interrupts_ = std::move(*interrupts);
  return world;
}

ModelWorld::ModelWorld(model::Mutant mutant, model::EdgeHook hook)
    : mutant_(std::move(mutant)), hook_(std::move(hook)) {
  static_cast<void>(provide({Configuration{}}));
}

WorldDescription ModelWorld::describe() {
  const std::string mutant = mutant_.name.empty() ? "" : ":" + mutant_.name;
  return {"model", "the model" + mutant, "", "model", {}};
}

bool ModelWorld::has(std::string_view capability) const {
  return capability == "ipv6" || capability == "sysctl" || ModelAgent::can(capability);
}

std::vector<Result<std::string>> ModelWorld::provide(const std::vector<Configuration>& configurations) {
  std::vector<Result<std::string>> answers;
  for (const Configuration& configuration : configurations) {
    answers.emplace_back();
    if (lane_of_.contains(configuration)) continue;
    const auto settings = model_settings(configuration);
    if (!settings) {
      answers.back() = settings.error().message;
    } else if (lanes_.size() == most_lanes) {
      answers.back() = fail(fmt::format("a run has room for {} configurations of its target", most_lanes));
    } else {
      lane_of_.emplace(configuration, lanes_.size());
      const std::vector<Address> addresses = {address_plan(Family::ipv4).target,
                                              address_plan(Family::ipv6).target};
      lanes_.push_back(std::make_unique<model::Host>(*settings, addresses, mutant_, hook_));
      lanes_.back()->advance(now_);
    }
  }
  return answers;
}

Result<Seat> ModelWorld::take_seat(Family family, const Configuration& configuration) {
  const auto lane = lane_of_.find(configuration);
  if (lane == lane_of_.end()) return fail("there is no target of that configuration");
  const EndpointPair pair = pair_for_seat(family, next_seat_);
  const Seat seat{next_seat_++, pair, lane->second};
  seats_.emplace(seat.number, Sitting{seat.lane, pair.peer.address, ModelAgent(*lanes_[seat.lane])});
  seat_of_peer_[pair.peer.address] = seat.number;
  return seat;
}

std::size_t ModelWorld::leave_seat(const Seat& seat) {
  const auto at = seats_.find(seat.number);
  if (at == seats_.end()) return 0;
  model::Host& host = *lanes_[seat.lane];
  seat_of_peer_.erase(at->second.peer);
  seats_.erase(at);
  const std::size_t before = host.connections() + host.listeners();
  host.forget(seat.pair);
  const std::size_t destroyed = before - (host.connections() + host.listeners());
  collect(seat.lane);
  return destroyed;
}

Result<std::vector<Holding>> ModelWorld::holdings() {
  std::vector<Holding> out;
  for (const auto& host : lanes_) {
    out.push_back({"the model",
                   {{"connections", static_cast<std::int64_t>(host->connections())},
                    {"listeners", static_cast<std::int64_t>(host->listeners())}}});
  }
  return out;
}

Result<Bytes> ModelWorld::inject(const Seat& seat, Family family, BytesView ip_packet) {
  // A host takes an IPv4 frame for IPv4, whatever version the packet claims to be (RFC 1122 3.2.1.1).
  const std::uint8_t version = ip_packet.empty() ? 0 : ip_packet[0] >> 4;
  if (version == (family == Family::ipv4 ? 4 : 6)) lanes_[seat.lane]->packet_arrives(ip_packet);
  collect(seat.lane);
  return framed(ip_packet, family, true);
}

Result<void> ModelWorld::call(const Seat& seat, const Line& line) {
  const auto at = seats_.find(seat.number);
  if (at == seats_.end()) return fail("nobody sits there any more");
  at->second.agent.call(line);
  collect(at->second);
  collect(seat.lane);
  return {};
}

Result<std::optional<StateReading>> ModelWorld::read_state(const Seat& seat, const EndpointPair& pair) {
  const auto tcb = lanes_[seat.lane]->find(pair);
  if (!tcb) return std::nullopt;
  return StateReading{tcb->state, detail_of(*tcb, now_)};
}

void ModelWorld::collect(std::size_t lane) {
  model::Host& host = *lanes_[lane];
  for (const EndpointPair& pair : host.take_touched()) {
    const auto number = seat_of_peer_.find(pair.peer.address);
    if (number == seat_of_peer_.end()) continue;
    Sitting& sitting = seats_.at(number->second);
    sitting.agent.progress();
    collect(sitting);
  }
  host.take_touched();  // by those calls themselves, which have done what there was to do
  for (Bytes& packet : host.take_sent()) {
    const Family family = packet[0] >> 4 == 4 ? Family::ipv4 : Family::ipv6;
    const Time at = now_ + on_the_wire;
    coming_.emplace(at, FrameCame{at, framed(packet, family, false)});
  }
}

void ModelWorld::collect(Sitting& sitting) {
  const Time at = now_ + in_the_application;
  for (Line& line : sitting.agent.take_reports()) coming_.emplace(at, ReportCame{at, std::move(line)});
}

Time ModelWorld::next_event() const {
  Time out = coming_.empty() ? never : coming_.begin()->first;
  for (const auto& host : lanes_) out = std::min(out, host->next_timer());
  for (const auto& [number, sitting] : seats_) out = std::min(out, sitting.agent.next_deadline());
  return out;
}

void ModelWorld::pass_time(Time until) {
  now_ = std::max(now_, until);
  for (std::size_t lane = 0; lane < lanes_.size(); ++lane) {
    lanes_[lane]->advance(now_);
    collect(lane);
  }
  for (auto& [number, sitting] : seats_) {
    if (sitting.agent.next_deadline() > now_) continue;
    sitting.agent.progress();
    collect(sitting);
    collect(sitting.lane);
  }
}

Result<Happenings> ModelWorld::wait(Time until) {
  Happenings out{{}, now_};
  if (interrupts_) {
    if (const auto wish = interrupts_->take()) out.list.emplace_back(*wish);
  }
  const auto take = [&] {
    while (!coming_.empty() && coming_.begin()->first <= now_) {
      out.list.push_back(std::move(coming_.begin()->second));
      coming_.erase(coming_.begin());
    }
  };
  take();
  if (!out.list.empty() || until <= now_) return out;
  const Time next = std::min(until, next_event());
  if (next == never) return fail("nothing will ever happen in the model", "this is a defect of finack");
  pass_time(next);
  take();
  out.complete_until = now_;
  return out;
}

std::size_t ModelWorld::records() const {
  std::size_t out = seats_.size() + seat_of_peer_.size();
  for (const auto& host : lanes_) out += host->connections() + host->listeners();
  return out;
}

}  // namespace finack
