// SPDX-License-Identifier: Apache-2.0
// One program being played: carries out what its judge wants, and brings it what happened.
#pragma once

#include <optional>
#include <string>

#include "judge/event.h"
#include "judge/judge.h"
#include "peer/peer.h"
#include "run/application.h"
#include "scenario/profile.h"
#include "scenario/scenario.h"
#include "world/world.h"

namespace finack {

// Never waits: the run calls pump() when something came or a deadline passed.
class Instance {
 public:
  // All must outlive the instance. `seed` and the round settle initial sequence number and test data.
  Instance(const Program& program, std::size_t round, const Profile& profile, World& world, const Seat& seat,
           std::uint64_t seed, bool keep_frames);
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;

  const Seat& seat() const { return seat_; }

  void take(const FrameCame& frame);
  void take(const ReportCame& report);
  void take(const LossNoticed& loss);

  // Acts until the judge has to wait, and says until when; nothing once the verdict stands. `seen_until`: all
  // that came before it has been handed over.
  std::optional<Time> pump(Time seen_until);
  // Whether the judge has finished, though the failure may still have to be confirmed.
  bool judged() const { return judged_; }

  // The harness cannot go on: no verdict about the target. The first error counts.
  void break_off(const Error& error);

  // After losses() of this turn: a failure is no verdict about a target whose link refused frames meanwhile.
  void heed_refusals();

  // After pump() said that the verdict stands, or to leave early: takes the sockets away and hands everything
  // over.
  InstanceFinished finish();
  // The id of the call that the application was told last; 0 before the first.
  std::uint64_t last_call() const { return application_.last_call(); }

 private:
  Instance(const Program& program, std::size_t round, const std::string& id, const Profile& profile,
           World& world, const Seat& seat, std::uint64_t seed, bool keep_frames);
  // A failure counts only once the agent has shown that it is alive: when it dies, the system closes or
  // resets its connections, and that is not the target's doing. And if it took longer to say so than a
  // failure bears lateness, what it had to do and to tell before came late, too. Says until when to wait for
  // its answer; nothing when done.
  std::optional<Time> confirm_failure();
  Result<void> act(const Want& want);
  Result<void> send(const SegmentSpec& spec);
  Result<void> send(const IcmpStep& step);
  // Of the connection; of the listener where there is none.
  Result<void> read_state();

  const Program& program_;
  std::size_t round_;
  World& world_;
  Seat seat_;
  bool keep_frames_;
  PeerSettings peer_;
  Application application_;
  Bytes last_packet_;  // of the target: what an ICMP error quotes
  Time started_;
  Judge judge_;
  Duration lateness_;  // that a failure bears
  std::optional<Time> asked_at_;
  bool confirmed_ = false;
  std::uint64_t refused_before_;  // frames of the target, by its link
  bool judged_ = false;
  std::optional<Error> broken_;  // the world or the scenario failed us: no verdict about the target
};

}  // namespace finack
