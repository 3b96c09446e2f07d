// SPDX-License-Identifier: Apache-2.0
// Where scenarios are played: a wire to a target, its application, and a clock. The run knows only this.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/address.h"
#include "base/bytes.h"
#include "base/result.h"
#include "base/tcp_state.h"
#include "base/time.h"
#include "packet/segment.h"
#include "target/protocol.h"

namespace finack {

// The address pair that one instance has to itself.
struct Seat {
  std::uint32_t number = 0;  // never given twice in the life of a world
  EndpointPair pair = {};
};

struct StateReading {
  TcpState state;
  std::string detail = {};  // timers and queues, in words
};

// A frame of the target came.
struct FrameCame {
  Time at;
  Bytes frame;
  std::string defect = {};  // why it cannot be judged by its octets: truncated, checksum unfinished
};

// The agent reported; the line's id is that of the call.
struct ReportCame {
  Time at;
  Line line;
};

// Observations since the last such happening are not sure any more.
struct LossNoticed {
  Time at;
  std::string what;
};

// The user wants an end (SIGINT, SIGTERM).
struct Interrupted {};

using Happening = std::variant<FrameCame, ReportCame, LossNoticed, Interrupted>;

struct Happenings {
  std::vector<Happening> list = {};
  Time complete_until = {};  // all that came before then is in this list or was in an earlier one
};

struct WorldDescription {
  std::string world;
  std::string kernel;
  std::string agent;
  std::map<std::string, std::string> sysctls = {};
};

// An error of any of these means that the world is broken, not that the target is wrong.
class World {
 public:
  virtual ~World() = default;

  virtual WorldDescription describe() = 0;
  virtual bool supports(Family family) const = 0;

  virtual Time now() const = 0;
  // Nanoseconds since 1970 at time zero of the world, as far as that means anything.
  virtual std::int64_t realtime_offset_ns() const = 0;

  virtual Result<Seat> take_seat(Family family) = 0;
  // Destroys what the target still keeps for that pair.
  virtual void leave_seat(const Seat& seat) = 0;

  // Puts the segment on the wire and returns the frame that went out.
  virtual Result<Bytes> inject(const Segment& segment) = 0;
  virtual Result<void> call(const Line& line) = 0;
  // Nothing: the target knows no such connection.
  virtual Result<std::optional<StateReading>> read_state(const EndpointPair& pair) = 0;

  // Waits until something happens or `until` has come, and returns all that has happened, in the order of its
  // coming as far as that is known.
  virtual Result<Happenings> wait(Time until) = 0;
  // What was lost on the way since the last time; empty when nothing was.
  virtual Result<std::string> losses() = 0;
};

}  // namespace finack
