// SPDX-License-Identifier: Apache-2.0
// net/ and wire/ against this machine's kernel, in a private space. Needs no root; needs namespaces.
#include <gtest/gtest.h>
#include <linux/if_packet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <thread>
#include <vector>

#include "base/descriptor.h"
#include "net/diag.h"
#include "net/link_counters.h"
#include "net/links.h"
#include "net/live_frames.h"
#include "net/namespace.h"
#include "net/offload.h"
#include "net/private_space.h"
#include "net/sysctl.h"
#include "wire/clock_pair.h"
#include "wire/frame_sender.h"
#include "wire/packet_ring.h"

namespace finack {
namespace {

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(to_string(result.error()));
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

class PrivateSpace : public testing::Environment {
  void SetUp() override { must(enter_private_space()); }
};

constexpr MacAddress target_mac = {2, 0, 0, 0, 0, 1};
constexpr MacAddress gateway_mac = {2, 0, 0, 0, 0, 2};
constexpr std::uint16_t port = 8080;

Address parse(const char* text) {
  return Address::parse(text).value();
}

struct FamilyCase {
  Family family;
  Address target;
  unsigned length;
  Address gateway;
  Prefix peers;
};
const FamilyCase cases[] = {
    {Family::ipv4, parse("192.0.2.1"), 30, parse("192.0.2.2"), {parse("198.18.0.0"), 15}},
    {Family::ipv6, parse("2001:db8:0:1::1"), 64, parse("2001:db8:0:1::2"), {parse("2001:db8:1::"), 48}},
};

struct LaneKind {
  bool offloads_off = true;
  bool addresses = true;  // without any the target keeps silent: it has no multicast group to report
};

// A target with an IP stack and a tester without one, joined by a veth pair.
struct Lane {
  NetworkNamespace target = must(NetworkNamespace::create());
  NetworkNamespace tester = must(NetworkNamespace::create());
  Links target_links = must(Links::open(target));
  Links tester_links = must(Links::open(tester));
  Diag diag = must(Diag::open(target));
  LinkCounterReader target_counters = must(LinkCounterReader::open(target));
  LinkCounterReader tester_counters = must(LinkCounterReader::open(tester));
  unsigned target_link = 0;
  unsigned tester_link = 0;

  explicit Lane(LaneKind kind = {}) {
    must(target_links.add_veth({"target0", target_mac}, {"tester0", gateway_mac}, tester, 1500));
    target_link = must(target_links.index_of("target0"));
    tester_link = must(tester_links.index_of("tester0"));
    {
      const Inside inside = must(Inside::enter(tester));
      must(write_sysctl("net.ipv6.conf.tester0.disable_ipv6", "1"));
    }
    if (kind.offloads_off) {
      const Inside inside = must(Inside::enter(target));
      must(switch_off_offloads("target0"));
    }
    must(target_links.no_automatic_addresses(target_link));
    must(target_links.bring_up(must(target_links.index_of("lo"))));
    must(target_links.bring_up(target_link));
    must(tester_links.bring_up(tester_link));
    if (!kind.addresses) return;
    for (const FamilyCase& c : cases) {
      must(target_links.add_address(target_link, c.target, c.length));
      must(target_links.add_neighbour(target_link, c.gateway, gateway_mac));
      must(target_links.add_route(c.peers, c.gateway, target_link));
    }
  }

  // Of what the target sends.
  PacketRing ring(RingSize size = {}) {
    const Inside inside = must(Inside::enter(target));
    return must(PacketRing::open(target_link, size));
  }
  FrameSender sender() {
    const Inside inside = must(Inside::enter(tester));
    return must(FrameSender::open(tester_link));
  }

  std::uint64_t lost() {
    return must(target_counters.read(target_link)).lost() + must(tester_counters.read(tester_link)).lost();
  }

  Descriptor listener(const Address& address) {
    const Inside inside = must(Inside::enter(target));
    const bool v4 = address.family == Family::ipv4;
    Descriptor socket(::socket(v4 ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_storage where{};
    if (v4) {
      auto* in = reinterpret_cast<sockaddr_in*>(&where);
      in->sin_family = AF_INET;
      in->sin_port = htons(port);
      std::memcpy(&in->sin_addr, address.view().data(), 4);
    } else {
      auto* in6 = reinterpret_cast<sockaddr_in6*>(&where);
      in6->sin6_family = AF_INET6;
      in6->sin6_port = htons(port);
      std::memcpy(&in6->sin6_addr, address.view().data(), 16);
    }
    if (::bind(socket.get(), reinterpret_cast<sockaddr*>(&where),
               v4 ? sizeof(sockaddr_in) : sizeof(sockaddr_in6)) ||
        ::listen(socket.get(), 16)) {
      throw std::runtime_error("cannot listen");
    }
    return socket;
  }
};

struct Seen {
  std::optional<TestSegment> segment;
  CapturedFrame frame;  // its bytes are gone
};

// Everything that comes until a TCP segment for `to` does, or a second has passed.
std::optional<Seen> next_segment(PacketRing& ring, const Endpoint& to) {
  std::optional<Seen> found;
  while (!found) {
    pollfd waiting{ring.fd(), POLLIN, 0};
    if (::poll(&waiting, 1, 1000) <= 0) break;
    ring.receive(
        [&](const CapturedFrame& frame) {
          const auto segment = segment_in(frame.bytes);
          if (segment && segment->to == to) {
            found = Seen{segment, frame};
          } else {
            std::printf("a frame that is not ours, %zu octets\n", frame.bytes.size());
          }
        },
        1);
  }
  return found;
}

class Live : public testing::TestWithParam<FamilyCase> {
 protected:
  void send(const TestSegment& segment) { must(sender.send(frame_of(segment, target_mac, gateway_mac))); }
  EndpointPair pair(std::uint32_t peer) const {
    return {{GetParam().target, port}, {GetParam().peers.first.plus(peer), 40000}};
  }

  // Through the handshake; gives the accepted socket.
  Descriptor establish(const EndpointPair& ends, int listening) {
    send({ends.peer, ends.target, syn, 1000, 0});
    const auto answer = next_segment(ring, ends.peer);
    if (!answer) throw std::runtime_error("no SYN+ACK");
    target_next_ = answer->segment->seq + 1;
    send({ends.peer, ends.target, ack, 1001, target_next_});
    return Descriptor(::accept(listening, nullptr, nullptr));
  }

  Lane lane;
  PacketRing ring = lane.ring();
  FrameSender sender = lane.sender();
  std::uint32_t target_next_ = 0;
};

TEST_P(Live, SynIsAnsweredAndTheStateIsRead) {
  const Descriptor listening = lane.listener(GetParam().target);
  const EndpointPair ends = pair(7);
  EXPECT_EQ(must(lane.diag.read(ends)), std::nullopt) << "the listener is not this connection";
  EXPECT_EQ(must(lane.diag.read({ends.target, {ends.peer.address, 0}}))->state, TcpState::listen);

  const ClockReading before = ClockReading::now();
  send({ends.peer, ends.target, syn, 1000, 0});
  const auto answer = next_segment(ring, ends.peer);
  const ClockReading after = ClockReading::now();
  ASSERT_TRUE(answer) << "no SYN+ACK with a correct checksum";
  EXPECT_EQ(answer->segment->flags, syn | ack);
  EXPECT_EQ(answer->segment->acknowledged, 1001u);
  EXPECT_FALSE(answer->frame.checksum_unfinished);
  EXPECT_FALSE(answer->frame.truncated);
  EXPECT_GE(answer->frame.realtime_ns, before.realtime);
  EXPECT_LE(answer->frame.realtime_ns, after.realtime);

  const SocketReading reading = must(lane.diag.read(ends)).value();
  EXPECT_EQ(reading.state, TcpState::syn_received);
  EXPECT_EQ(reading.timer, SocketReading::Timer::retransmit);
  EXPECT_GT(reading.timer_left, 500ms);
  EXPECT_LE(reading.timer_left, 1100ms);
  must(lane.diag.destroy(ends));
  EXPECT_EQ(must(lane.diag.read(ends)), std::nullopt);
  must(lane.diag.destroy(ends));
  EXPECT_EQ(must(lane.diag.read({ends.target, {ends.peer.address, 0}}))->state, TcpState::listen)
      << "destroying what is gone must not hit the listener";
  EXPECT_EQ(lane.lost(), 0u);
  EXPECT_EQ(ring.take_drops(), 0u);
}

TEST_P(Live, ClosingLeavesFinWait2AndThenTimeWait) {
  const Descriptor listening = lane.listener(GetParam().target);
  const EndpointPair ends = pair(9);
  ::close(establish(ends, listening.get()).release());
  const auto closing = next_segment(ring, ends.peer);
  ASSERT_TRUE(closing);
  EXPECT_EQ(closing->segment->flags, fin | ack);
  EXPECT_EQ(must(lane.diag.read(ends))->state, TcpState::fin_wait_1);
  send({ends.peer, ends.target, ack, 1001, target_next_ + 1});
  const SocketReading waiting = must(lane.diag.read(ends)).value();
  EXPECT_EQ(waiting.state, TcpState::fin_wait_2);
  EXPECT_EQ(waiting.timer, SocketReading::Timer::time_wait);
  EXPECT_GT(waiting.timer_left, 59s);
  send({ends.peer, ends.target, fin | ack, 1001, target_next_ + 1});
  const SocketReading last = must(lane.diag.read(ends)).value();
  EXPECT_EQ(last.state, TcpState::time_wait);
  EXPECT_EQ(last.timer, SocketReading::Timer::time_wait);
  must(lane.diag.destroy(ends));
  const auto left = must(lane.diag.read(ends));
  std::printf("after destroying TIME-WAIT: %s\n", left ? to_string(left->state).data() : "gone");
  EXPECT_EQ(lane.lost(), 0u);
}

TEST_P(Live, DestroyingAnEstablishedConnectionResetsIt) {
  const Descriptor listening = lane.listener(GetParam().target);
  const EndpointPair ends = pair(10);
  const Descriptor accepted = establish(ends, listening.get());
  must(lane.diag.destroy(ends));
  EXPECT_EQ(must(lane.diag.read(ends)), std::nullopt);
  const auto reset = next_segment(ring, ends.peer);
  ASSERT_TRUE(reset);
  EXPECT_EQ(reset->segment->flags & 0x04, 0x04);
}

TEST_P(Live, ClearingTakesTheConnectionAndTheListener) {
  const Descriptor listening = lane.listener(GetParam().target);
  const EndpointPair ends = pair(11), listener{ends.target, {ends.peer.address, 0}};
  const Descriptor accepted = establish(ends, listening.get());
  EXPECT_EQ(must(lane.diag.clear(ends)).destroyed, 2u);
  EXPECT_EQ(must(lane.diag.read(ends)), std::nullopt);
  EXPECT_EQ(must(lane.diag.read(listener)), std::nullopt);
  EXPECT_EQ(must(lane.diag.clear(ends)).destroyed, 0u) << "nothing left";
  EXPECT_EQ(must(lane.diag.read(ends)), std::nullopt) << "no answer is taken for another's";
}

TEST_P(Live, ClearingTakesAListenerAlone) {
  const Descriptor listening = lane.listener(GetParam().target);
  const EndpointPair ends = pair(12), listener{ends.target, {ends.peer.address, 0}};
  EXPECT_EQ(must(lane.diag.read(listener))->state, TcpState::listen);
  EXPECT_EQ(must(lane.diag.clear(ends)).destroyed, 1u);
  EXPECT_EQ(must(lane.diag.read(listener)), std::nullopt);
  EXPECT_EQ(must(lane.diag.clear(ends)).destroyed, 0u);
}

INSTANTIATE_TEST_SUITE_P(Families, Live, testing::ValuesIn(cases),
                         [](const auto& test) { return std::string(to_string(test.param.family)); });

// What leaves the target by a socket that takes the usual way, as TCP does: our own goes past the ring.
class Flood {
 public:
  explicit Flood(const Lane& lane) {
    const Inside inside = must(Inside::enter(lane.target));
    socket_ = Descriptor(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));
    where_.sll_family = AF_PACKET;
    where_.sll_ifindex = static_cast<int>(lane.target_link);
  }
  void send(const Bytes& frame) const {
    ASSERT_EQ(::sendto(socket_.get(), frame.data(), frame.size(), 0,
                       reinterpret_cast<const sockaddr*>(&where_), sizeof where_),
              static_cast<ssize_t>(frame.size()))
        << std::strerror(errno);
  }

 private:
  Descriptor socket_;
  sockaddr_ll where_{};
};

TEST(LiveRing, TellsUnfinishedChecksumsAndTruncation) {
  Lane lane({.offloads_off = false});
  PacketRing ring = lane.ring({16, 256});
  FrameSender sender = lane.sender();
  const Descriptor listening = lane.listener(cases[0].target);
  const Endpoint peer{parse("198.18.0.1"), 40000};
  must(sender.send(frame_of({peer, {cases[0].target, port}, syn, 1, 0}, target_mac, gateway_mac)));
  bool unfinished = false;
  ring.receive([&](const CapturedFrame& frame) { unfinished |= frame.checksum_unfinished; });
  EXPECT_TRUE(unfinished);

  Bytes large(1000);
  std::memcpy(large.data(), gateway_mac.data(), 6);
  const Flood flood(lane);
  flood.send(large);
  bool truncated = false;
  ring.receive([&](const CapturedFrame& frame) { truncated |= frame.truncated; });
  EXPECT_TRUE(truncated);
  must(sender.send(large));
  EXPECT_EQ(ring.receive([](const CapturedFrame&) {}), 0u) << "what comes to the target";
  EXPECT_FALSE(sender.send(Bytes(5000))) << "longer than the link takes";
}

TEST(LiveRing, CountsWhatDidNotFitAndGoesOn) {
  Lane lane({.addresses = false});
  PacketRing ring = lane.ring({16, 2048});
  const Flood flood(lane);
  const Bytes frame(60);
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 50; ++i) flood.send(frame);
    std::size_t received = ring.receive([](const CapturedFrame&) {}, 5);
    EXPECT_EQ(received, 5u);
    received += ring.receive([](const CapturedFrame&) {});
    EXPECT_EQ(received, 16u);
    EXPECT_EQ(ring.take_drops(), 34u);
    EXPECT_EQ(ring.take_drops(), 0u);
  }
}

// One TCP, its application on one processor and its peer's segments on another: its answers go through two
// backlogs.
TEST(LiveRing, HearsAConnectionInTheOrderInWhichItSends) {
  Lane lane;
  PacketRing ring = lane.ring({4096, 2048});
  FrameSender sender = lane.sender();
  const Descriptor listening = lane.listener(cases[0].target);
  const Endpoint peer{parse("198.18.0.1"), 40000}, target{cases[0].target, port};
  must(sender.send(frame_of({peer, target, syn, 1000, 0}, target_mac, gateway_mac)));
  const auto answer = next_segment(ring, peer);
  ASSERT_TRUE(answer);
  const std::uint32_t theirs = answer->segment->seq + 1;
  must(sender.send(frame_of({peer, target, ack, 1001, theirs}, target_mac, gateway_mac)));
  const Descriptor accepted(::accept(listening.get(), nullptr, nullptr));
  ASSERT_TRUE(accepted);
  std::atomic<bool> over = false;
  std::thread reader([&] {
    char buffer[512];
    while (!over) ::recv(accepted.get(), buffer, sizeof buffer, MSG_DONTWAIT);
  });
  std::uint32_t next = 1001, acknowledged = 1001;
  int fallen = 0, seen = 0;
  const auto listen = [&] {
    ring.receive([&](const CapturedFrame& frame) {
      const auto segment = segment_in(frame.bytes);
      if (!segment || segment->to != peer) return;
      ++seen;
      fallen += static_cast<std::int32_t>(segment->acknowledged - acknowledged) < 0 ? 1 : 0;
      acknowledged = segment->acknowledged;
    });
  };
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (seen < 1000 && std::chrono::steady_clock::now() < end) {
    const TestSegment text{peer, target, ack, next, theirs, 1000};
    if (static_cast<std::int32_t>(next - acknowledged) < 20'000) {
      must(sender.send(frame_of(text, target_mac, gateway_mac)));
      next += 1000;
    }
    listen();
  }
  over = true;
  reader.join();
  listen();
  EXPECT_GE(seen, 1000);
  EXPECT_EQ(fallen, 0);
}

TEST(LiveSpace, SysctlsAreThoseOfTheNamespace) {
  const NetworkNamespace one = must(NetworkNamespace::create());
  const std::string here = must(read_sysctl("net.ipv4.tcp_fin_timeout"));
  {
    const Inside inside = must(Inside::enter(one));
    must(write_sysctl("net.ipv4.tcp_fin_timeout", "7"));
    EXPECT_EQ(must(read_sysctl("net.ipv4.tcp_fin_timeout")), "7");
    EXPECT_FALSE(write_sysctl("net.ipv4.tcp_fin_timeout", "soon"));
  }
  EXPECT_EQ(must(read_sysctl("net.ipv4.tcp_fin_timeout")), here);
}

// The kernel's own route comes a while later, more often than not.
TEST(LiveSpace, WhatComesForANewAddressIsRoutedToItAtOnce) {
  for (int round = 0; round < 20; ++round) {
    const Lane lane;
    const Inside inside = must(Inside::enter(lane.target));
    std::ifstream table("/proc/thread-self/net/ipv6_route");
    const std::string routes(std::istreambuf_iterator<char>(table), {});
    ASSERT_NE(routes.find("20010db8000000010000000000000001 80 "), std::string::npos) << routes;
  }
}

TEST(LiveSpace, MistakesAreErrors) {
  Lane lane;
  const auto says = [](const auto& result) { return result ? "no error" : result.error().message; };
  EXPECT_EQ(says(lane.target_links.index_of("absent0")), "cannot find the link absent0: No such device");
  EXPECT_EQ(says(lane.target_links.add_veth({"target0", target_mac}, {"x", gateway_mac}, lane.tester, 1500)),
            "cannot join target0 and x by a veth pair: File exists");
  EXPECT_EQ(says(lane.target_links.add_address(lane.target_link, cases[0].target, 30)),
            "cannot add the address 192.0.2.1/30: File exists");
  EXPECT_EQ(
      says(lane.target_links.add_route({parse("203.0.113.0"), 24}, parse("203.0.113.1"), lane.target_link)),
      "cannot add a route to 203.0.113.0/24 through 203.0.113.1: Network is unreachable");
  EXPECT_EQ(says(lane.target_links.bring_up(99)), "cannot bring a link up: No such device");
  EXPECT_EQ(says(lane.target_counters.read(99)), "cannot read link counters: No such device");
  EXPECT_EQ(says(PacketRing::open(99)), "cannot bind a packet socket to link 99: No such device");
  EXPECT_EQ(says(FrameSender::open(99)), "cannot bind a packet socket to link 99: No such device");
  EXPECT_EQ(says(switch_off_offloads("absent0")),
            "cannot read the features of the link absent0: No such device");
}

TEST(LiveSpace, ReadingsAreCheap) {
  Lane lane;
  const Descriptor listening = lane.listener(cases[0].target);
  PacketRing ring = lane.ring();
  FrameSender sender = lane.sender();
  const EndpointPair ends{{cases[0].target, port}, {parse("198.18.0.1"), 40000}};
  must(sender.send(frame_of({ends.peer, ends.target, syn, 1, 0}, target_mac, gateway_mac)));
  const auto cost = [](const char* what, auto call) {
    constexpr int times = 2000;
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < times; ++i) call();
    const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - start;
    std::printf("%s: %.2f us\n", what, took.count() / times);
  };
  cost("a state", [&] { must(lane.diag.read(ends)); });
  cost("no state", [&] { must(lane.diag.read({ends.target, {ends.peer.address, 1}})); });
  cost("counters", [&] { must(lane.target_counters.read(lane.target_link)); });
  const Bytes stray = frame_of({ends.peer, {cases[0].target, 1}, ack, 1, 1}, target_mac, gateway_mac);
  cost("a segment and its answer", [&] {
    must(sender.send(stray));
    pollfd waiting{ring.fd(), POLLIN, 0};
    while (ring.receive([](const CapturedFrame&) {}) == 0 && ::poll(&waiting, 1, 1000) > 0) {
    }
  });
  cost("drops of the ring", [&] { ring.take_drops(); });
  cost("entering a namespace", [&] { const Inside inside = must(Inside::enter(lane.target)); });
  cost("the clocks", [] { ClockReading::now(); });
}

}  // namespace
}  // namespace finack

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  testing::AddGlobalTestEnvironment(new finack::PrivateSpace);  // gtest owns it
  return RUN_ALL_TESTS();
}
