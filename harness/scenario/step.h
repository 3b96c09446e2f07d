// SPDX-License-Identifier: Apache-2.0
// One step of a scenario.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"
#include "base/tcp_state.h"
#include "base/time.h"
#include "packet/icmp.h"
#include "packet/segment_spec.h"

namespace finack {

struct SendStep {
  SegmentSpec segment;
};

// An ICMP error about the segment that the target sent last.
struct IcmpStep {
  IcmpSpec message;
};

struct ExpectStep {
  SegmentSpec segment;
  std::optional<Duration> within = {};  // unset: the profile's `reaction`
  Duration after{};                     // it may not come sooner than this after the step before
};

// Nothing may come for that long.
struct QuietStep {
  Duration lasting;
};

struct WaitStep {
  Duration lasting;
};

struct StateStep {
  TcpState state;
  std::optional<Duration> within = {};  // unset: the profile's `state`
};

struct CallOutcome {
  enum class Kind : std::uint8_t { done, end, error };
  Kind kind = Kind::done;       // end: the stream was at its end; error: failed with `error_name`
  std::string error_name = {};  // "ECONNRESET"
  std::optional<std::uint64_t> octets = {};  // transferred
  std::optional<std::string> value = {};     // of an option that was read

  friend bool operator==(const CallOutcome&, const CallOutcome&) = default;
};

// The sockets that preambles make, by their names in a scenario.
inline constexpr std::string_view listener_name = "listener", connection_name = "connection";

// Of a `listen` that says nothing else.
inline constexpr std::string_view default_backlog = "16";

// How many sockets one instance may name.
inline constexpr std::uint32_t most_sockets = 8;

// What the target's application is asked to do: a call of the agent protocol (docs/agent-protocol.md) but for
// handles and addresses, which only the run knows.
struct CallStep {
  std::string word;                     // "close"
  std::string socket{connection_name};  // on which the call is made
  std::string makes = {};               // the name of the socket that accept or dup makes
  std::vector<std::pair<std::string, std::string>> fields = {};
  std::optional<std::uint64_t> length = {};  // of a transfer, in octets
  std::vector<CallOutcome> outcomes = {{}};  // one of these it must come to
  std::string later = {};  // go on at once; the ReturnsStep of that name collects the outcome
};

// The stack tells the application something without being asked; the socket was put under watch before.
struct ToldStep {
  std::string what;  // "readable", "end", "reset", "error"
  std::string socket{connection_name};
  std::optional<Duration> within = {};  // unset: the profile's `reaction`
};

// Waits for the call that was made with `later`.
struct ReturnsStep {
  std::string name;
  std::vector<CallOutcome> outcomes = {};  // empty: those of the call
};

// The target may do one of several things. Which one is settled by the first step of each branch, an expect,
// a quiet or a state: that which is fulfilled first.
struct OneOfStep {
  struct Branch {
    std::string reading;  // what the target shows by going this way, with its source
    Place place;
    std::size_t first;  // of its steps, counted from the OneOfStep
  };
  std::vector<Branch> branches;
};

// All of these come, in any order.
struct AllOfStep {
  std::vector<SegmentSpec> segments;
  std::optional<Duration> within = {};  // unset: the profile's `reaction`
};

// From here on such a segment may come at any time, or not.
struct AllowStep {
  SegmentSpec segment;
};

// Our end is an ordinary TCP until so much has gone: it sends as the target's window allows, takes what comes
// and acknowledges it.
struct StreamStep {
  struct Part {
    std::uint32_t octets = 0;
    bool fin = false;  // and a FIN behind them

    friend bool operator==(const Part&, const Part&) = default;
  };
  std::optional<Part> sent = {};      // by us
  std::optional<Part> expected = {};  // of the target; one of them is there, or both
  std::uint32_t ack_every = usual_ack_every;
  std::optional<Duration> within = {};  // unset: the profile's `call`
  bool rest = false;               // instead of both parts: what the one before, which was halted, has left
  bool until_zero_window = false;  // it is halted when the target has no room for more

  // Of so many segments one is acknowledged (RFC 9293 3.8.6.3, SHLD-19).
  static constexpr std::uint32_t usual_ack_every = 2;
};
// What one instance may carry each way, be it by a call or by a stream.
inline constexpr std::uint32_t most_stream_octets = 16 << 20;

struct Step {
  std::variant<SendStep, IcmpStep, ExpectStep, QuietStep, WaitStep, StateStep, CallStep, ReturnsStep,
               ToldStep, OneOfStep, AllOfStep, AllowStep, StreamStep>
      body;
  Place place = {};       // of the step in its file; for a step of a preamble that of `given`
  bool preamble = false;  // drives the target into the state that `given` names
  std::size_t then = 1;   // how far the next step is; more than 1 where a branch of a one-of ends
};

// As it is written: "expect: FIN+ACK", "target: receive 500".
std::string to_string(const Step& step);
std::string to_string(const CallOutcome& outcome);

}  // namespace finack
