// SPDX-License-Identifier: Apache-2.0
#include "net/diag_message.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>

#include <bit>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <string_view>

#include "net/netlink_bytes.h"

namespace finack {
namespace {

using Timer = SocketReading::Timer;

Endpoint at(const char* address, std::uint16_t port) {
  return {*Address::parse(address), port};
}

const EndpointPair pair4{at("192.0.2.1", 80), at("198.18.0.7", 4660)};
const EndpointPair pair6{at("2001:db8:0:1::1", 80), at("2001:db8:1::7", 4660)};

// What the kernel says of a connection in FIN-WAIT-2 whose owner has gone.
inet_diag_msg socket_of(const EndpointPair& pair) {
  inet_diag_msg out{};
  out.idiag_family = pair.target.address.family == Family::ipv4 ? AF_INET : AF_INET6;
  out.idiag_state = 5;
  out.idiag_timer = 3;
  out.idiag_expires = 59900;
  out.idiag_retrans = 2;
  out.idiag_rqueue = 11;
  out.idiag_wqueue = 22;
  out.id.idiag_sport = htons(pair.target.port);
  out.id.idiag_dport = htons(pair.peer.port);
  std::memcpy(out.id.idiag_src, pair.target.address.octets.data(), 16);
  std::memcpy(out.id.idiag_dst, pair.peer.address.octets.data(), 16);
  out.id.idiag_cookie[0] = 0x01020304;
  out.id.idiag_cookie[1] = 0x05060708;
  return out;
}

Bytes answer(const inet_diag_msg& socket) {
  Bytes payload;
  append_struct(payload, socket);
  return netlink_bytes(SOCK_DIAG_BY_FAMILY, payload);
}

Bytes octets_of(std::string_view hexadecimal) {
  Bytes out;
  for (std::size_t i = 0; i + 1 < hexadecimal.size(); i += 2) {
    std::uint8_t octet = 0;
    std::from_chars(hexadecimal.data() + i, hexadecimal.data() + i + 2, octet, 16);
    out.push_back(octet);
  }
  return out;
}

TEST(DiagRequest, AsksForOneSocketByItsEnds) {
  const DiagRequest bytes = diag_read_request(pair4);
  nlmsghdr header;
  inet_diag_req_v2 body;
  std::memcpy(&header, bytes.data(), sizeof header);
  std::memcpy(&body, bytes.data() + sizeof header, sizeof body);
  EXPECT_EQ(header.nlmsg_len, 72u);
  EXPECT_EQ(header.nlmsg_type, SOCK_DIAG_BY_FAMILY);
  EXPECT_EQ(header.nlmsg_flags, NLM_F_REQUEST) << "a dump would cost a hundred times as much";
  EXPECT_EQ(body.sdiag_family, AF_INET);
  EXPECT_EQ(body.sdiag_protocol, IPPROTO_TCP);
  EXPECT_EQ(body.id.idiag_sport, htons(80));
  EXPECT_EQ(body.id.idiag_dport, htons(4660));
  EXPECT_EQ(body.id.idiag_src[0], inet_addr("192.0.2.1"));
  EXPECT_EQ(body.id.idiag_dst[0], inet_addr("198.18.0.7"));
  EXPECT_EQ(body.id.idiag_cookie[0], INET_DIAG_NOCOOKIE);
}

TEST(DiagRequest, ToDestroyNamesTheSocketByItsCookie) {
  const DiagRequest bytes = diag_destroy_request(pair6, 0x0506070801020304, Acknowledge::always);
  nlmsghdr header;
  inet_diag_req_v2 body;
  std::memcpy(&header, bytes.data(), sizeof header);
  std::memcpy(&body, bytes.data() + sizeof header, sizeof body);
  EXPECT_EQ(header.nlmsg_type, SOCK_DESTROY);
  EXPECT_EQ(header.nlmsg_flags, NLM_F_REQUEST | NLM_F_ACK);
  EXPECT_EQ(body.sdiag_family, AF_INET6);
  EXPECT_EQ(std::memcmp(body.id.idiag_dst, pair6.peer.address.octets.data(), 16), 0);
  EXPECT_EQ(body.id.idiag_cookie[0], 0x01020304u);
  EXPECT_EQ(body.id.idiag_cookie[1], 0x05060708u);
}

TEST(DiagRequest, ToDestroyAsksForNoMoreThanRefusals) {
  const DiagRequest bytes = diag_destroy_request(pair4, no_cookie, Acknowledge::refusal);
  nlmsghdr header;
  std::memcpy(&header, bytes.data(), sizeof header);
  EXPECT_EQ(header.nlmsg_flags, NLM_F_REQUEST);
}

TEST(DiagAnswer, IsAReading) {
  for (const EndpointPair& pair : {pair4, pair6}) {
    const auto found = parse_diag_answer(answer(socket_of(pair)), pair);
    ASSERT_TRUE(found && *found);
    EXPECT_EQ((*found)->reading, (SocketReading{TcpState::fin_wait_2, Timer::time_wait, 59900ms, 2, 11, 22}));
    EXPECT_EQ((*found)->cookie, 0x0506070801020304u);
  }
}

TEST(DiagAnswer, KnowsEveryStateOfLinux) {
  constexpr std::array states = {TcpState::established, TcpState::syn_sent,   TcpState::syn_received,
                                 TcpState::fin_wait_1,  TcpState::fin_wait_2, TcpState::time_wait,
                                 TcpState::closed,      TcpState::close_wait, TcpState::last_ack,
                                 TcpState::listen,      TcpState::closing,    TcpState::syn_received,
                                 TcpState::closed};
  inet_diag_msg socket = socket_of(pair4);
  for (std::size_t i = 0; i < states.size(); ++i) {
    socket.idiag_state = static_cast<std::uint8_t>(i + 1);
    const auto found = parse_diag_answer(answer(socket), pair4);
    ASSERT_TRUE(found && *found);
    EXPECT_EQ((*found)->reading.state, states[i]) << i + 1;
  }
  for (const int unknown : {0, 14, 255}) {
    socket.idiag_state = static_cast<std::uint8_t>(unknown);
    EXPECT_FALSE(parse_diag_answer(answer(socket), pair4));
  }
}

TEST(DiagAnswer, TellsTheTimers) {
  inet_diag_msg socket = socket_of(pair4);
  for (const auto& [number, timer] : {std::pair<int, Timer>{0, Timer::none},
                                      {1, Timer::retransmit},
                                      {2, Timer::keepalive},
                                      {4, Timer::probe},
                                      {9, Timer::other}}) {
    socket.idiag_timer = static_cast<std::uint8_t>(number);
    const SocketReading reading = (*parse_diag_answer(answer(socket), pair4))->reading;
    EXPECT_EQ(reading.timer, timer);
    EXPECT_EQ(reading.timer_left, timer == Timer::none ? 0ms : 59900ms);
  }
  socket.idiag_expires = 0xfffffff0;
  EXPECT_EQ((*parse_diag_answer(answer(socket), pair4))->reading.timer_left, 0ms)
      << "16 ms ago, not in 49 days";
}

TEST(DiagAnswer, AListenerIsNoConnection) {
  inet_diag_msg listener{};
  listener.idiag_family = AF_INET;
  listener.idiag_state = 10;
  listener.id.idiag_sport = htons(80);
  for (const bool bound : {false, true}) {
    if (bound) listener.id.idiag_src[0] = inet_addr("192.0.2.1");
    EXPECT_EQ(parse_diag_answer(answer(listener), pair4), std::nullopt);
    const auto asked_for = parse_diag_answer(answer(listener), {pair4.target, at("0.0.0.0", 0)});
    ASSERT_TRUE(asked_for && *asked_for);
    EXPECT_EQ((*asked_for)->reading.state, TcpState::listen);
  }
}

TEST(DiagAnswer, OfAnotherConnectionIsNone) {
  for (const EndpointPair& other : {EndpointPair{pair4.target, at("198.18.0.8", 4660)},
                                    EndpointPair{pair4.target, at("198.18.0.7", 4661)},
                                    EndpointPair{at("192.0.2.1", 81), pair4.peer}, pair6}) {
    EXPECT_EQ(parse_diag_answer(answer(socket_of(pair4)), other), std::nullopt);
  }
}

TEST(DiagAnswer, OfADualStackSocketCountsForIpv4) {
  inet_diag_msg socket = socket_of({at("::ffff:192.0.2.1", 80), at("::ffff:198.18.0.7", 4660)});
  const auto found = parse_diag_answer(answer(socket), pair4);
  EXPECT_TRUE(found && *found);
}

// Recorded in a network namespace, cut after inet_diag_msg: a listener of family AF_INET6 bound to ::,
// ::ffff:192.0.2.1 or ::ffff:0.0.0.0, and its connections from IPv4, all asked for as IPv4.
TEST(DiagAnswer, OfARealDualStackSocketCountsForIpv4) {
  if (std::endian::native != std::endian::little) GTEST_SKIP() << "recorded on a little-endian machine";
  struct Recorded {
    const char* what;
    EndpointPair asked;
    TcpState state;
    const char* octets;
  };
  const EndpointPair half_open{pair4.target, at("198.18.0.9", 4661)};
  const EndpointPair listening{pair4.target, at("0.0.0.0", 0)};
  const Recorded all[] = {
      {"syn-received, bound to ::", half_open, TcpState::syn_received,
       "600000001400000001000000940e00000a0301000050123500000000000000000000ffffc0000201"
       "00000000000000000000ffffc61200090000000022a4000000000000b40300000000000000000000"
       "0000000000000000"},
      {"established, bound to ::", pair4, TcpState::established,
       "7c0000001400000001000000940e00000a0100000050123400000000000000000000ffffc0000201"
       "00000000000000000000ffffc61200070000000021a4000000000000000000000000000000000000"
       "0000000078b42300"},
      {"fin-wait-2 orphan, bound to ::", pair4, TcpState::fin_wait_2,
       "600000001400000001000000940e00000a0503000050123400000000000000000000ffffc0000201"
       "00000000000000000000ffffc61200070000000021a400000000000030ea00000000000000000000"
       "0000000000000000"},
      {"time-wait, bound to ::", pair4, TcpState::time_wait,
       "600000001400000001000000940e00000a0603000050123400000000000000000000ffffc0000201"
       "00000000000000000000ffffc61200070000000021a400000000000030ea00000000000000000000"
       "0000000000000000"},
      {"listener, bound to ::", listening, TcpState::listen,
       "840000001400000001000000940e00000a0a00000050000000000000000000000000000000000000"
       "000000000000000000000000000000000000000020a4000000000000000000000000000005000000"
       "0000000076b42300"},
      {"listener, bound to ::ffff:192.0.2.1", listening, TcpState::listen,
       "840000001400000001000000940e00000a0a00000050000000000000000000000000ffffc0000201"
       "00000000000000000000000000000000000000002da4000000000000000000000000000005000000"
       "0000000099b42300"},
      {"listener, bound to ::ffff:0.0.0.0", listening, TcpState::listen,
       "840000001400000001000000940e00000a0a00000050000000000000000000000000ffff00000000"
       "000000000000000000000000000000000000000031a4000000000000000000000000000005000000"
       "00000000b9b42300"},
  };
  for (const Recorded& one : all) {
    Bytes bytes = octets_of(one.octets);
    bytes[0] = static_cast<std::uint8_t>(bytes.size());  // the length, without the attributes cut away
    const auto found = parse_diag_answer(bytes, one.asked);
    ASSERT_TRUE(found && *found) << one.what;
    EXPECT_EQ((*found)->reading.state, one.state) << one.what;
    EXPECT_NE((*found)->cookie, 0u) << one.what;
    const EndpointPair other{pair4.target, at("198.18.0.8", 4660)};
    EXPECT_EQ(parse_diag_answer(bytes, other), std::nullopt) << one.what;
    const EndpointPair elsewhere{at("192.0.2.1", 81), one.asked.peer};
    EXPECT_EQ(parse_diag_answer(bytes, elsewhere), std::nullopt) << one.what;
  }
}

// Bound to another address: not the listener asked for.
TEST(DiagAnswer, OfADualStackListenerElsewhereIsNone) {
  inet_diag_msg listener = socket_of({at("::ffff:192.0.2.2", 80), at("::", 0)});
  listener.idiag_state = 10;
  EXPECT_EQ(parse_diag_answer(answer(listener), {pair4.target, at("0.0.0.0", 0)}), std::nullopt);
  listener = socket_of({at("2001:db8:0:1::1", 80), at("::", 0)});
  listener.idiag_state = 10;
  EXPECT_EQ(parse_diag_answer(answer(listener), {pair4.target, at("0.0.0.0", 0)}), std::nullopt);
}

TEST(DiagAnswer, NoSocketIsNoError) {
  EXPECT_EQ(parse_diag_answer(netlink_error(-ENOENT), pair4), std::nullopt);
  const auto refused = parse_diag_answer(netlink_error(-EINVAL), pair4);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "cannot read the state of a socket: Invalid argument");
}

TEST(DiagAnswer, CutShortOrOfAnotherKindIsAnError) {
  const Bytes bytes = answer(socket_of(pair4));
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    Bytes cut(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_FALSE(parse_diag_answer(cut, pair4)) << size;
    if (size >= sizeof(nlmsghdr))
      cut[0] = static_cast<std::uint8_t>(size);  // an honest header, short content
    EXPECT_FALSE(parse_diag_answer(cut, pair4)) << size;
  }
  EXPECT_FALSE(parse_diag_answer(netlink_bytes(NLMSG_DONE, Bytes(72)), pair4));
}

}  // namespace
}  // namespace finack
