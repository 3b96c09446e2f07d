// SPDX-License-Identifier: Apache-2.0
#include "net/diag_message.h"

#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <chrono>
#include <climits>
#include <cstring>

#include "base/failure.h"
#include "net/netlink_message.h"

namespace finack {
namespace {

struct Request {
  nlmsghdr header;
  inet_diag_req_v2 body;
};
static_assert(sizeof(Request) == sizeof(DiagRequest));

Request about(const EndpointPair& pair, std::uint16_t type, std::uint16_t flags) {
  Request request{};
  request.header.nlmsg_len = sizeof request;
  request.header.nlmsg_type = type;
  request.header.nlmsg_flags = flags;
  request.body.sdiag_family = pair.target.address.family == Family::ipv4 ? AF_INET : AF_INET6;
  request.body.sdiag_protocol = IPPROTO_TCP;
  request.body.idiag_states = ~0u;
  request.body.id.idiag_sport = htons(pair.target.port);
  request.body.id.idiag_dport = htons(pair.peer.port);
  const BytesView target = pair.target.address.view();
  const BytesView peer = pair.peer.address.view();
  std::memcpy(request.body.id.idiag_src, target.data(), target.size());
  std::memcpy(request.body.id.idiag_dst, peer.data(), peer.size());
  return request;
}

// Linux's numbers (include/net/tcp_states.h). 12 is a handshake that has no full socket yet, 13 a socket that
// is bound and idle.
std::optional<TcpState> state_of(std::uint8_t number) {
  switch (number) {
    case 1:
      return TcpState::established;
    case 2:
      return TcpState::syn_sent;
    case 3:
      return TcpState::syn_received;
    case 4:
      return TcpState::fin_wait_1;
    case 5:
      return TcpState::fin_wait_2;
    case 6:
      return TcpState::time_wait;
    case 7:
      return TcpState::closed;
    case 8:
      return TcpState::close_wait;
    case 9:
      return TcpState::last_ack;
    case 10:
      return TcpState::listen;
    case 11:
      return TcpState::closing;
    case 12:
      return TcpState::syn_received;
    case 13:
      return TcpState::closed;
    default:
      return std::nullopt;
  }
}

// A dual-stack socket writes IPv4 addresses into IPv6 ones (RFC 4291 2.5.5.2).
Address address_of(std::uint8_t family, const __be32 (&words)[4]) {
  constexpr std::array<std::uint8_t, 12> mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  std::array<std::uint8_t, 16> octets;
  std::memcpy(octets.data(), words, sizeof octets);
  const BytesView all(octets);
  if (family == AF_INET) return Address::from_octets(all.first(4));
  if (std::equal(mapped.begin(), mapped.end(), octets.begin())) return Address::from_octets(all.last(4));
  return Address::from_octets(all);
}

bool is_unspecified(const Address& address) {
  return std::ranges::all_of(address.octets, [](std::uint8_t octet) { return octet == 0; });
}

bool is_about(const inet_diag_msg& socket, const EndpointPair& pair) {
  const Endpoint local{address_of(socket.idiag_family, socket.id.idiag_src), ntohs(socket.id.idiag_sport)};
  const Endpoint remote{address_of(socket.idiag_family, socket.id.idiag_dst), ntohs(socket.id.idiag_dport)};
  if (pair.peer.port != 0) return local == pair.target && remote == pair.peer;
  return state_of(socket.idiag_state) == TcpState::listen && local.port == pair.target.port &&
         (local.address == pair.target.address || is_unspecified(local.address));
}

SocketReading::Timer timer_of(std::uint8_t number) {
  using Timer = SocketReading::Timer;
  constexpr std::array timers = {Timer::none, Timer::retransmit, Timer::keepalive, Timer::time_wait,
                                 Timer::probe};
  return number < timers.size() ? timers[number] : Timer::other;
}

SocketReading reading_of(const inet_diag_msg& socket, TcpState state) {
  const auto timer = timer_of(socket.idiag_timer);
  // Older kernels let an expiry in the past wrap around.
  const bool ahead = timer != SocketReading::Timer::none && socket.idiag_expires <= INT_MAX;
  return {state,
          timer,
          std::chrono::milliseconds(ahead ? socket.idiag_expires : 0),
          socket.idiag_retrans,
          socket.idiag_rqueue,
          socket.idiag_wqueue};
}

}  // namespace

std::string_view to_string(SocketReading::Timer timer) {
  constexpr std::array<std::string_view, 6> names = {"none",      "retransmit", "keepalive",
                                                     "time-wait", "probe",      "other"};
  return names[static_cast<std::size_t>(timer)];
}

DiagRequest diag_read_request(const EndpointPair& pair) {
  Request request = about(pair, SOCK_DIAG_BY_FAMILY, NLM_F_REQUEST);
  static_assert(no_cookie == (std::uint64_t{INET_DIAG_NOCOOKIE} << 32 | INET_DIAG_NOCOOKIE));
  request.body.id.idiag_cookie[0] = request.body.id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
  return std::bit_cast<DiagRequest>(request);
}

DiagRequest diag_destroy_request(const EndpointPair& pair, SocketCookie cookie, Acknowledge acknowledge) {
  const bool always = acknowledge == Acknowledge::always;
  Request request = about(pair, SOCK_DESTROY, NLM_F_REQUEST | (always ? NLM_F_ACK : 0));
  request.body.id.idiag_cookie[0] = static_cast<std::uint32_t>(cookie);
  request.body.id.idiag_cookie[1] = static_cast<std::uint32_t>(cookie >> 32);
  return std::bit_cast<DiagRequest>(request);
}

Result<std::optional<DiagAnswer>> parse_diag_answer(BytesView bytes, const EndpointPair& pair) {
  const auto message = parse_netlink(bytes);
  if (!message) return fail("an answer about a socket was cut short");
  if (const auto error = error_number(*message)) {
    if (*error == ENOENT) return std::nullopt;
    return cannot("read the state of a socket", *error);
  }
  const auto socket = read_struct<inet_diag_msg>(message->payload);
  if (message->type != SOCK_DIAG_BY_FAMILY || !socket) return fail("an answer about a socket was none");
  if (!is_about(*socket, pair)) return std::nullopt;
  const auto state = state_of(socket->idiag_state);
  if (!state)
    return fail(
        fmt::format("the kernel reports a TCP state with the unknown number {}", socket->idiag_state));
  const SocketCookie cookie =
      std::uint64_t{socket->id.idiag_cookie[1]} << 32 | std::uint64_t{socket->id.idiag_cookie[0]};
  return DiagAnswer{reading_of(*socket, *state), cookie};
}

}  // namespace finack
