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
#include "packet/segment_spec.h"

namespace finack {

struct SendStep {
  SegmentSpec segment;
};

struct ExpectStep {
  SegmentSpec segment;
  std::optional<Duration> within = {};  // unset: the profile's `reaction`
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

// Which of an instance's sockets on the target a call is made on.
enum class Role : std::uint8_t { listener, connection };

struct CallOutcome {
  enum class Kind : std::uint8_t { done, end, error };
  Kind kind = Kind::done;       // end: the stream was at its end; error: failed with `error_name`
  std::string error_name = {};  // "ECONNRESET"
  std::optional<std::uint64_t> octets = {};  // transferred
};

// What the target's application is asked to do: a call of the agent protocol (docs/agent-protocol.md) but for
// handles and addresses, which only the run knows.
struct CallStep {
  std::string word;  // "close"
  Role role = Role::connection;
  std::vector<std::pair<std::string, std::string>> fields = {};
  std::optional<std::uint64_t> length = {};  // of a transfer, in octets
  CallOutcome outcome = {};                  // what it must come to
  bool background = false;                   // go on at once; an AwaitStep collects the outcome
};

// Waits for the one call that runs in the background.
struct AwaitStep {};

struct Step {
  std::variant<SendStep, ExpectStep, QuietStep, WaitStep, StateStep, CallStep, AwaitStep> body;
  Place place = {};       // of the step in its file; for a step of a preamble that of `given`
  bool preamble = false;  // drives the target into the state that `given` names
};

// As it is written: "expect: FIN+ACK", "target: receive 500".
std::string to_string(const Step& step);

}  // namespace finack
