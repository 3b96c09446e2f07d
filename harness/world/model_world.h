// SPDX-License-Identifier: Apache-2.0
// The model as the target, in memory and on a clock of its own: time passes as fast as nothing happens in it.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/host.h"
#include "world/interrupt_watch.h"
#include "world/model_agent.h"
#include "world/world.h"

namespace finack {

class ModelWorld : public World {
 public:
  // With SIGINT and SIGTERM for happenings.
  static Result<std::unique_ptr<World>> open(model::Mutant mutant = {});

  explicit ModelWorld(model::Mutant mutant = {}, model::EdgeHook hook = {});

  WorldDescription describe() override;
  bool supports(Family) const override { return true; }
  Time now() const override { return now_; }
  std::int64_t realtime_offset_ns() const override { return 0; }
  bool has(std::string_view capability) const override;
  std::vector<Result<std::string>> provide(const std::vector<Configuration>& configurations) override;
  Result<Seat> take_seat(Family family, const Configuration& configuration) override;
  std::size_t leave_seat(const Seat& seat) override;
  Result<std::vector<Holding>> holdings() override;
  Duration patience() const override { return 20min; }  // of a clock that is only counted
  Result<Bytes> inject(const Seat& seat, Family family, BytesView ip_packet) override;
  Result<void> call(const Seat& seat, const Line& line) override;
  Result<std::optional<StateReading>> read_state(const Seat& seat, const EndpointPair& pair) override;
  // Never sleeps: when nothing happens at once, it is later. An error when nothing ever will.
  Result<Happenings> wait(Time until) override;
  Result<std::string> losses(const Seat&) override { return std::string(); }

  // What the seats and their exchanges hold, all together.
  std::size_t records() const;

 private:
  struct Sitting {
    std::size_t lane;
    Address peer;
    ModelAgent agent;
  };
  // After anything that may have moved the host of that lane.
  void collect(std::size_t lane);
  void collect(Sitting& sitting);
  Time next_event() const;
  void pass_time(Time until);

  model::Mutant mutant_;
  model::EdgeHook hook_;
  std::optional<InterruptWatch> interrupts_;
  Time now_{};
  std::vector<std::unique_ptr<model::Host>> lanes_;
  std::map<Configuration, std::size_t> lane_of_;
  std::uint32_t next_seat_ = 0;
  std::map<std::uint32_t, Sitting> seats_;
  std::map<Address, std::uint32_t> seat_of_peer_;
  std::multimap<Time, Happening> coming_;
};

}  // namespace finack
