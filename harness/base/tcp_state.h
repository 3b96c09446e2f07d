// SPDX-License-Identifier: Apache-2.0
// The eleven states of a TCP connection, spelled as in RFC 9293 3.3.2.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace finack {

enum class TcpState : std::uint8_t {
  closed,
  listen,
  syn_sent,
  syn_received,
  established,
  fin_wait_1,
  fin_wait_2,
  close_wait,
  closing,
  last_ack,
  time_wait,
};

inline constexpr std::array<std::string_view, 11> tcp_state_names = {
    "CLOSED",     "LISTEN",     "SYN-SENT", "SYN-RECEIVED", "ESTABLISHED", "FIN-WAIT-1",
    "FIN-WAIT-2", "CLOSE-WAIT", "CLOSING",  "LAST-ACK",     "TIME-WAIT",
};

constexpr std::string_view to_string(TcpState state) {
  return tcp_state_names[static_cast<std::size_t>(state)];
}

constexpr std::optional<TcpState> parse_tcp_state(std::string_view name) {
  for (std::size_t i = 0; i < tcp_state_names.size(); ++i) {
    if (tcp_state_names[i] == name) return static_cast<TcpState>(i);
  }
  return std::nullopt;
}

}  // namespace finack
