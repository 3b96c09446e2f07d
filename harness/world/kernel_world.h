// SPDX-License-Identifier: Apache-2.0
// This host's own Linux as the target, in a private network namespace.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/poll.h"
#include "wire/clock_pair.h"
#include "world/interrupt_watch.h"
#include "world/lane.h"
#include "world/world.h"

namespace finack {

class KernelWorld : public World {
 public:
  // Moves the process into a private space for good (net/private_space.h) and takes SIGINT and SIGTERM for
  // happenings. Call it once, before any thread is started. `inside` tells of a machine that is none.
  static Result<std::unique_ptr<World>> open(const std::string& agent_program,
                                             const std::string& inside = {});

  ~KernelWorld() override;

  WorldDescription describe() override;
  bool supports(Family family) const override;
  Capacity capacity() override;
  Duration rest() const override;
  Time now() const override;
  std::int64_t realtime_offset_ns() const override;
  bool has(std::string_view capability) const override;
  std::vector<Result<std::string>> provide(const std::vector<Configuration>& configurations) override;
  Result<Seat> take_seat(Family family, const Configuration& configuration) override;
  std::size_t leave_seat(const Seat& seat) override;
  Result<std::vector<Holding>> holdings() override;
  Duration settling() const override;
  Duration patience() const override;
  Result<Bytes> inject(const Seat& seat, Family family, BytesView ip_packet) override;
  Result<void> call(const Seat& seat, const Line& line) override;
  Result<std::optional<StateReading>> read_state(const Seat& seat, const EndpointPair& pair) override;
  Result<Happenings> wait(Time until) override;
  Result<std::string> losses(const Seat& seat) override;
  std::uint64_t refusals(const Seat& seat) const override { return lanes_[seat.lane].refusals(); }

 private:
  KernelWorld(std::string agent_program, std::string inside, InterruptWatch signals, Poll poll)
      : agent_program_(std::move(agent_program)),
        inside_(std::move(inside)),
        signals_(std::move(signals)),
        poll_(std::move(poll)) {}
  Time look_at_clock() const;
  Result<void> watch(std::size_t lane);
  // Appends what is there already.
  void collect_frames(Happenings& into);
  void sample_clocks(Happenings& into);
  // What was called since the last time, in one piece.
  Result<void> send_calls();
  // What agents and the user say, of whom these are ready.
  Result<void> collect_reports(const std::vector<std::uint64_t>& ready, std::vector<Happening>& into);
  Result<void> serve(Lane& lane, std::vector<Happening>& into);

  std::string agent_program_, inside_;
  std::vector<Lane> lanes_;
  std::map<Configuration, std::size_t> lane_of_;
  std::size_t next_number_ = 0;  // of a lane; those that came to nothing have one too
  InterruptWatch signals_;
  Poll poll_;
  std::vector<std::size_t> writing_;  // lanes whose agents take no more for now
  ClockPair clocks_;
  mutable std::optional<Time> looked_;  // at the clock, in virtual time; none when that has moved since
  Time sampled_at_ = Time::min();
  Time heard_until_ = Time::min();  // all that agents had said by then was taken
  std::uint32_t next_seat_ = 0;
  std::vector<std::vector<std::uint32_t>> called_;  // seats of calls that may still be queued, by lane
  bool leaves_time_wait_ = false;                   // this kernel does not destroy such records
  bool leaves_sockets_ = false;                     // nor sockets, some at least
};

}  // namespace finack
