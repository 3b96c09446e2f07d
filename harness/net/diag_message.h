// SPDX-License-Identifier: Apache-2.0
// The kernel's view of one TCP socket: the messages of inet_diag, built and read without doing anything.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/address.h"
#include "base/bytes.h"
#include "base/result.h"
#include "base/tcp_state.h"
#include "base/time.h"

namespace finack {

struct SocketReading {
  // time_wait is the timer of the small record that replaces a socket in TIME-WAIT and, after close(), in
  // FIN-WAIT-2; `state` tells which.
  enum class Timer : std::uint8_t { none, retransmit, keepalive, time_wait, probe, other };

  TcpState state = TcpState::closed;
  Timer timer = Timer::none;
  Duration timer_left{};  // whole milliseconds, 0 without a timer
  unsigned retransmits = 0;
  std::uint32_t receive_queue = 0;  // octets not yet read; for a listener, connections not yet accepted
  std::uint32_t send_queue =
      0;  // octets not yet acknowledged, unsent ones included; for a listener, its backlog

  friend bool operator==(const SocketReading&, const SocketReading&) = default;
};

std::string_view to_string(SocketReading::Timer timer);

// The kernel's own name for one socket, never used again: it tells a socket from a later one with the same
// ends.
using SocketCookie = std::uint64_t;
inline constexpr SocketCookie no_cookie = UINT64_MAX;  // whatever socket has the ends

struct DiagAnswer {
  SocketReading reading;
  SocketCookie cookie = 0;

  friend bool operator==(const DiagAnswer&, const DiagAnswer&) = default;
};

// A netlink header and an inet_diag_req_v2.
using DiagRequest = std::array<std::uint8_t, 72>;

DiagRequest diag_read_request(const EndpointPair& pair);
// Whether the kernel answers when it was done, too.
enum class Acknowledge : std::uint8_t { always, refusal };
DiagRequest diag_destroy_request(const EndpointPair& pair, SocketCookie cookie, Acknowledge acknowledge);

// The answer to a read request for `pair`; nothing when there is no such socket. Where no connection matches,
// the kernel answers with a listener that would take one; that is no answer to the question. Only a pair
// whose peer port is 0 asks for the listener itself, which may be bound to the target's address or to any.
Result<std::optional<DiagAnswer>> parse_diag_answer(BytesView bytes, const EndpointPair& pair);

}  // namespace finack
