// SPDX-License-Identifier: Apache-2.0
// What was seen and done during an exchange, each with its time: all that a judge knows.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/tcp_state.h"
#include "base/time.h"
#include "packet/segment.h"

namespace finack {

// We put a segment on the wire.
struct Injected {
  Segment segment;
  std::vector<Bytes> frames = {};  // as it went out, more than one when in fragments; only for captures
  Duration took{};                 // from the time of the observation until it was out for sure
  Duration late{};                 // how long before that it was due; the judge puts it in
};

// We put an ICMP error about a segment of the target on the wire.
struct InjectedIcmp {
  std::string text;
  Bytes frame = {};
  bool soft = false;  // a connection must survive it
};

// A segment of the target came.
struct Arrived {
  Segment segment;
  Bytes frame = {};
};

// A frame of the target for our address came that holds no whole TCP segment.
struct Unreadable {
  std::string why;
  Bytes frame = {};
};

// The application was asked to do something: steps[step] of the program.
struct Called {
  std::size_t step;
};

// It did: a report of the agent protocol.
struct Returned {
  std::size_t step;
  enum class Kind : std::uint8_t { done, end, error, refused };
  Kind kind = Kind::done;
  std::string text = {};                       // of an error its name, of a refusal the reason
  std::optional<std::uint64_t> octets = {};    // transferred
  std::optional<std::uint64_t> mismatch = {};  // the first octet received that differs from the pattern
  bool digest_agrees = true;                   // the digest is that of the pattern's octets
  std::optional<std::string> value = {};       // of an option that was read
};

// The stack told the application, without being asked, of a socket under watch.
struct Told {
  std::string socket;
  std::string what;             // "readable", "end", "reset", "error"
  std::string error_name = {};  // of the last two
};

// The state of the connection was read from the system. No state: it knows no such connection.
struct Reading {
  std::optional<TcpState> state = {};
  std::string detail = {};  // what else the system says: timers, queues
  bool listening = false;   // no connection, but a listener that would take one

  TcpState effective() const { return state.value_or(TcpState::closed); }
  TcpState with_listener() const { return !state && listening ? TcpState::listen : effective(); }
};

// Something came between us and the target: frames were dropped, the clock was set. Nothing seen since the
// last check counts for sure.
struct Disturbed {
  std::string what;
};

struct Observation {
  Time at;
  std::variant<Injected, InjectedIcmp, Arrived, Unreadable, Called, Returned, Told, Reading, Disturbed> what;
};

using Trace = std::vector<Observation>;

}  // namespace finack
