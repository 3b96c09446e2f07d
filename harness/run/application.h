// SPDX-License-Identifier: Apache-2.0
// The application of one instance: turns the calls of its steps into lines of the agent protocol, and the
// reports into observations.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "judge/judge.h"
#include "judge/observation.h"
#include "scenario/step.h"
#include "target/protocol.h"
#include "world/world.h"

namespace finack {

class Application {
 public:
  // `mapped`: its sockets are IPv6 ones with IPv4-mapped addresses.
  Application(const Seat& seat, const Streams& streams, bool mapped)
      : seat_(seat), streams_(streams), mapped_(mapped) {}

  // The line that asks for steps[step] of the program.
  Line line_for(std::size_t step, const CallStep& call);
  // What a report to one of those lines says; an error when it is none of ours or makes no sense.
  Result<Returned> read(const Line& report);
  // What a report without a call says; nothing for one that is about no socket of ours.
  std::optional<Told> read_event(const Line& report);
  // A line that any agent that is alive answers.
  Line ping();
  bool is_ping(const Line& report) const { return ping_ != 0 && report.id == ping_; }
  // The lines that take away whatever sockets the agent still holds for this instance.
  std::vector<Line> clean_up();
  // The id of the last line of any of these; 0 before the first.
  std::uint64_t last_call() const { return asked_.empty() ? 0 : next_id() - 1; }

  // The seat whose instance a report belongs to, be it an answer or an event.
  static std::uint32_t seat_of(const Line& report);

 private:
  // What a line was about, so that its report can be read.
  struct Asked {
    std::size_t step = 0;
    bool receives = false;
    std::uint64_t offset = 0;
    std::uint64_t length = 0;  // octets asked for
  };
  std::uint32_t handle(const std::string& socket);
  std::string text_of(const Address& address) const;
  std::uint64_t next_id() const;

  Seat seat_;
  Streams streams_;
  bool mapped_;
  std::vector<std::string> sockets_;  // their names; the place of each is part of its handle
  std::vector<Asked> asked_;          // by the number within the seat
  std::uint64_t ping_ = 0;            // id of the last
  std::uint64_t sent_ = 0;            // octets asked to send so far
  std::uint64_t received_ = 0;        // octets received so far
};

}  // namespace finack
