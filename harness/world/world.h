// SPDX-License-Identifier: Apache-2.0
// Where scenarios are played: a wire to a target, its application, and a clock. The run knows only this.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/address.h"
#include "base/bytes.h"
#include "base/counts.h"
#include "base/result.h"
#include "base/tcp_state.h"
#include "base/time.h"
#include "target/protocol.h"

namespace finack {

// How the target is to be set up: sysctls by name ("net.ipv4.tcp_timestamps"), with their values. Empty is
// the target as the world keeps it by default.
using Configuration = std::map<std::string, std::string>;

// The address pair that one instance has to itself, in the lane that is set up as it asked: a world has a
// lane for each configuration.
struct Seat {
  std::uint32_t number = 0;  // never given twice in the life of a world
  EndpointPair pair = {};    // the peer's address is nobody else's, now or for 16 million seats to come
  std::size_t lane = 0;      // 0 is the default configuration
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
  std::optional<std::size_t> lane = {};  // it concerns this one only
};

// The user wants an end (SIGINT, SIGTERM), or time is up by a clock that is not the world's (SIGALRM).
struct Interrupted {
  bool out_of_time = false;
};

using Happening = std::variant<FrameCame, ReportCame, LossNoticed, Interrupted>;

struct Happenings {
  std::vector<Happening> list = {};
  Time complete_until = {};  // all that came before then is in this list or was in an earlier one
};

struct WorldDescription {
  std::string world;
  std::string kernel;   // "Linux 6.12.4 x86_64"
  std::string release;  // of the target's stack, to hold against declared deviations: "6.12.4"
  std::string agent;
  std::map<std::string, std::string> sysctls = {};  // of the default lane
};

// What a world has for all its instances together.
struct Capacity {
  std::size_t descriptors = SIZE_MAX;  // of one agent
  std::size_t time_waits = SIZE_MAX;   // records of TIME-WAIT in one target
  std::size_t memory = SIZE_MAX;       // octets
};

// What a target holds at a moment.
struct Holding {
  std::string where;  // "a target with net.ipv4.tcp_rfc1337=1"
  Counts counts;
};

// An error of any of these but provide() means that the world is broken, not that the target is wrong.
class World {
 public:
  virtual ~World() = default;

  virtual WorldDescription describe() = 0;
  virtual bool supports(Family family) const = 0;
  virtual Capacity capacity() { return {}; }
  // How long records of TIME-WAIT outlive leave_seat(); 0 when it destroys them.
  virtual Duration rest() const { return {}; }

  virtual Time now() const = 0;
  // Nanoseconds since 1970 at time zero of the world, as far as that means anything.
  virtual std::int64_t realtime_offset_ns() const = 0;

  // What a scenario may need (`needs`): the capabilities that the agent declares (docs/agent-protocol.md),
  // `ipv6`, and `sysctl` where targets can be configured.
  virtual bool has(std::string_view capability) const = 0;
  // Sets up a target for each of these, all different, so that take_seat() costs nothing later: once, before
  // any exchange is open, as it takes milliseconds. Says for each in turn why the target cannot have it, in
  // one line; empty when it is there. An error is the harness's, and concerns this configuration alone.
  virtual std::vector<Result<std::string>> provide(const std::vector<Configuration>& configurations) = 0;

  // The configuration must have been provided; the empty one always is.
  virtual Result<Seat> take_seat(Family family, const Configuration& configuration) = 0;
  // Destroys what the target still keeps for that pair: the connection and its listener. Says how many of the
  // two there were.
  virtual std::size_t leave_seat(const Seat& seat) = 0;
  // Of each target that was provided, in the same order each time, and maybe of what they have in common.
  // Nothing where that is not to be known.
  virtual Result<std::vector<Holding>> holdings() { return std::vector<Holding>{}; }
  // How long counts may still come down after provide(), of what set-up closed.
  virtual Duration settling() const { return {}; }
  // How long to wait for counts to come down that nobody works on any more: the target has timers. It is long
  // where waiting costs nothing.
  virtual Duration patience() const { return 5s; }

  // Puts an IP packet, whatever is in it, on the wire of the seat, and returns the frame that went out.
  virtual Result<Bytes> inject(const Seat& seat, Family family, BytesView ip_packet) = 0;
  virtual Result<void> call(const Seat& seat, const Line& line) = 0;
  // Nothing: the target knows no such connection. With 0 for the peer's port: the listener.
  virtual Result<std::optional<StateReading>> read_state(const Seat& seat, const EndpointPair& pair) = 0;

  // Waits until something happens or `until` has come, and returns all that has happened, in the order of its
  // coming as far as that is known.
  virtual Result<Happenings> wait(Time until) = 0;
  // What was lost in the lane of that seat since the last time it was asked about; empty when nothing was.
  virtual Result<std::string> losses(const Seat& seat) = 0;
  // How many frames of that lane's target, since it was made and until losses() was last asked, its own link
  // had no room for. We have seen them, but its TCP was told so (as Linux 6.12 does), and sends at other
  // times than it would.
  virtual std::uint64_t refusals(const Seat&) const { return 0; }
};

}  // namespace finack
