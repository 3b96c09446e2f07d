// SPDX-License-Identifier: Apache-2.0
// Lanes of the kernel world against this machine's kernel. Needs no root; needs namespaces.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "packet/codec.h"
#include "world/lane.h"
#include "world/live_world.h"

namespace finack {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

void provide(const std::vector<Configuration>& configurations) {
  for (const auto& answer : live_world().provide(configurations)) ASSERT_EQ(must(answer), "");
}

std::string refusal(const std::string& name, const std::string& value) {
  return must(live_world().provide({Configuration{{name, value}}}).front());
}

// An application that listens on a seat, and a peer that sends segments to it.
class Guest {
 public:
  Guest(Family family, const Configuration& configuration)
      : seat(must(live_world().take_seat(family, configuration))), family_(family) {
    const Endpoint& here = seat.pair.target;
    call("socket", {{"family", family == Family::ipv4 ? "inet" : "inet6"}});
    call("bind", {{"address", to_string(here.address)}, {"port", std::to_string(here.port)}});
    call("listen", {{"backlog", "4"}});
  }

  const Address& address() const { return seat.pair.peer.address; }

  void send(Flags flags, Seq seq, Seq ack = {}, std::vector<Option> options = {}) const {
    Segment segment;
    segment.source = seat.pair.peer;
    segment.destination = seat.pair.target;
    segment.flags = flags;
    segment.seq = seq;
    segment.ack = ack;
    segment.window = 65535;
    segment.options = std::move(options);
    must(live_world().inject(seat, family_, must(encode_packet(segment))));
  }
  std::optional<TcpState> connection() const { return state_of(seat.pair); }
  std::optional<TcpState> listener() const { return state_of({seat.pair.target, {address(), 0}}); }

  const Seat seat;

 private:
  std::optional<TcpState> state_of(const EndpointPair& pair) const {
    const auto reading = must(live_world().read_state(seat, pair));
    return reading ? std::optional(reading->state) : std::nullopt;
  }

  void call(const std::string& word, std::vector<std::pair<std::string, std::string>> fields) const {
    static std::uint64_t calls = 0;
    const std::uint64_t id = ++calls;
    fields.emplace(fields.begin(), "s", std::to_string(seat.number));
    must(live_world().call(seat, {id, word, std::move(fields)}));
    for (const Time limit = live_world().now() + 10s; live_world().now() < limit;) {
      for (const Happening& happening : must(live_world().wait(limit)).list) {
        const auto* report = std::get_if<ReportCame>(&happening);
        if (report == nullptr || report->line.id != id) continue;
        if (report->line.word != "ok") throw std::runtime_error(word + ": " + format_line(report->line));
        return;
      }
    }
    throw std::runtime_error(word + " does not return");
  }

  Family family_;
};

// The first frame that comes for each of these peers.
std::map<Address, Bytes> answers_to(const std::vector<Guest>& guests) {
  std::map<Address, Bytes> out;
  const Time limit = live_world().now() + 10s;
  while (out.size() < guests.size() && live_world().now() < limit) {
    for (const Happening& happening : must(live_world().wait(limit)).list) {
      const auto* frame = std::get_if<FrameCame>(&happening);
      const auto to = frame != nullptr ? destination_address(frame->frame) : std::nullopt;
      if (to && std::ranges::find(guests, *to, &Guest::address) != guests.end())
        out.emplace(*to, frame->frame);
    }
  }
  return out;
}

Segment segment_of(const Bytes& frame) {
  return must(decode_packet(decode_ethernet(frame)->payload));
}

bool has_timestamp(const Segment& segment) {
  return std::ranges::any_of(segment.options, [](const Option& option) { return option.kind == 8; });
}

Option timestamp() {
  return {8, {0, 0, 0, 100, 0, 0, 0, 0}};
}

TEST(LiveWorld, LanesOfTwoConfigurationsAnswerAtTheSameTime) {
  const Configuration with = {{"net.ipv4.tcp_timestamps", "1"}}, without = {{"net.ipv4.tcp_timestamps", "0"}};
  provide({with, without});
  std::vector<Guest> guests;
  for (const Configuration& configuration : {with, without, with, without})
    guests.emplace_back(guests.size() < 2 ? Family::ipv4 : Family::ipv6, configuration);
  for (const Guest& guest : guests) guest.send(flag::syn, Seq{1000}, {}, {timestamp()});
  const auto answers = answers_to(guests);
  ASSERT_EQ(answers.size(), guests.size());
  for (std::size_t i = 0; i < guests.size(); ++i) {
    const Segment answer = segment_of(answers.at(guests[i].address()));
    EXPECT_EQ(answer.flags, flag::syn + flag::ack);
    EXPECT_EQ(has_timestamp(answer), i % 2 == 0);
    EXPECT_EQ(guests[i].connection(), TcpState::syn_received);
    EXPECT_EQ(guests[i].seat.lane, guests[i % 2].seat.lane);
    EXPECT_EQ(must(live_world().losses(guests[i].seat)), "");
  }
  EXPECT_NE(guests[0].seat.lane, guests[1].seat.lane);
  for (const Guest& guest : guests) live_world().leave_seat(guest.seat);
}

TEST(LiveWorld, WhatIsConfiguredForEveryLinkHoldsForTheTargetsOwn) {
  const Configuration near = {{"net.ipv6.conf.default.hop_limit", "7"}};
  provide({near});
  const std::vector<Guest> guests = {{Family::ipv6, near}, {Family::ipv6, {}}};
  for (const Guest& guest : guests) guest.send(flag::syn, Seq{1000});
  const auto answers = answers_to(guests);
  ASSERT_EQ(answers.size(), 2u);
  constexpr std::size_t hop_limit = 14 + 7;  // RFC 8200 3, behind the Ethernet header
  EXPECT_EQ(answers.at(guests[0].address()).at(hop_limit), 7);
  EXPECT_NE(answers.at(guests[1].address()).at(hop_limit), 7) << "the default lane stays as it is";
}

TEST(LiveWorld, SaysWhyAConfigurationIsNotToBeHad) {
  EXPECT_EQ(refusal("net.ipv4.tcp_nagle", "1"),
            "cannot write the sysctl net.ipv4.tcp_nagle: this kernel has none of that name in a network "
            "namespace of its own");
  EXPECT_THAT(refusal("net.ipv4.tcp_max_orphans", "5"), HasSubstr("belongs to the whole machine"));
  EXPECT_THAT(refusal("net.core.rmem_max", "5"), HasSubstr("belongs to the whole machine"));
  EXPECT_THAT(refusal("net.ipv4.tcp_available_congestion_control", "x"), HasSubstr("can only read it"));
  EXPECT_THAT(refusal("kernel.panic", "5"), HasSubstr("is not the name of a network sysctl"));
  EXPECT_EQ(refusal("net.ipv4.tcp_fin_timeout", "soon"),
            "cannot set the sysctl net.ipv4.tcp_fin_timeout to `soon`: the kernel does not take this value");
  EXPECT_THAT(refusal("net.ipv4.tcp_congestion_control", "no such"), HasSubstr("does not take this value"));
  EXPECT_THAT(refusal("net.ipv4.tcp_fin_timeout", ""), HasSubstr("does not take this value"));
  EXPECT_EQ(refusal("net.ipv4.tcp_fin_timeout", "5 6"),
            "cannot set the sysctl net.ipv4.tcp_fin_timeout to `5 6`: the kernel made `5` of it");
  EXPECT_FALSE(live_world().take_seat(Family::ipv4, {{"net.ipv4.tcp_nagle", "1"}}));
}

TEST(LiveWorld, AnErrorInOneLaneLeavesRoomForTheNext) {
  const Configuration blind = {{"net.ipv6.conf.default.disable_ipv6", "1"}};
  const Configuration fine = {{"net.ipv4.tcp_rmem", "4096 5000 6000"}};
  const auto answers = live_world().provide({blind, fine});
  EXPECT_FALSE(answers.at(0)) << "the target gets an IPv6 address in every lane";
  EXPECT_EQ(must(answers.at(1)), "");
  EXPECT_TRUE(live_world().take_seat(Family::ipv4, fine));
}

TEST(LiveWorld, LeavingASeatTakesListenerAndConnectionAway) {
  for (const Family family : {Family::ipv4, Family::ipv6}) {
    const std::vector<Guest> guests = {{family, {}}};
    const Guest& guest = guests[0];
    EXPECT_EQ(guest.listener(), TcpState::listen);
    EXPECT_EQ(guest.connection(), std::nullopt);
    guest.send(flag::syn, Seq{1000});
    const Segment answer = segment_of(answers_to(guests).at(guest.address()));
    guest.send(flag::ack, Seq{1001}, answer.seq + 1);
    EXPECT_EQ(guest.connection(), TcpState::established);
    live_world().leave_seat(guest.seat);
    EXPECT_EQ(guest.listener(), std::nullopt);
    EXPECT_EQ(guest.connection(), std::nullopt);
    live_world().leave_seat(guest.seat);
  }
}

TEST(LiveWorld, LossesAreThoseOfTheLane) {
  const Configuration other = {{"net.ipv4.tcp_sack", "0"}};
  provide({other});
  const Guest here(Family::ipv4, {}), there(Family::ipv4, other);
  must(live_world().losses(here.seat));
  // More resets than the ring has slots, and nobody takes them out.
  for (std::uint32_t i = 0; i < 2000; ++i) there.send(flag::ack, Seq{i}, Seq{i});
  EXPECT_THAT(must(live_world().losses(there.seat)), StartsWith("frames were lost: "));
  EXPECT_EQ(must(live_world().losses(there.seat)), "");
  EXPECT_EQ(must(live_world().losses(here.seat)), "");
  while (!must(live_world().wait(live_world().now())).list.empty()) {
  }
}

TEST(LiveWorld, HasWhatItsAgentDeclaresAndMore) {
  EXPECT_TRUE(live_world().has("sysctl"));
  EXPECT_TRUE(live_world().has("linger0"));
  EXPECT_EQ(live_world().has("ipv6"), live_world().supports(Family::ipv6));
  EXPECT_FALSE(live_world().has("telepathy"));
}

// Our end of a link drops what comes in a protocol that nobody has, as it drops what of a burst it has no
// room for. The ring at the target's end has seen it by then.
TEST(LiveLane, WhatIsDroppedOnceItWasSeenIsNoLoss) {
  live_world();  // from then on this process may make links
  std::vector<LaneLink> links;
  links.push_back(must(join_target(1000, must(NetworkNamespace::create()))));
  const unsigned ours = links[0].our_link, theirs = links[0].target_link;
  auto rings = open_rings(links, {256, 2048});
  Lane lane = must(Lane::open(std::move(links[0]), must(std::move(rings[0])), FINACK_AGENT));
  {
    const Inside inside = must(Inside::enter(lane.target()));
    must(must(FrameSender::open(theirs)).send(encode_ethernet({2}, {2}, 0x88b5, Bytes(46))));
  }
  LinkCounterReader counters = must(LinkCounterReader::open(must(NetworkNamespace::current())));
  for (const Time limit = live_world().now() + 10s; live_world().now() < limit;) {
    if (must(counters.read(ours)).receive_dropped > 0) break;
  }
  EXPECT_EQ(must(counters.read(ours)).receive_dropped, 1u);
  EXPECT_EQ(must(lane.losses()), "");
}

// The last: it uses up what there is.
TEST(LiveWorld, TheNumberOfLanesIsBounded) {
  std::vector<Configuration> many;
  for (int i = 1; i <= 70; ++i) many.push_back({{"net.ipv4.tcp_retries2", std::to_string(i)}});
  const auto answers = live_world().provide(many);
  EXPECT_EQ(must(answers.front()), "");
  ASSERT_FALSE(answers.back());
  EXPECT_EQ(answers.back().error().message, "a run has room for 64 configurations of its target");
  EXPECT_TRUE(live_world().take_seat(Family::ipv4, many.front()));
  EXPECT_TRUE(live_world().take_seat(Family::ipv4, {}));
  EXPECT_FALSE(live_world().take_seat(Family::ipv4, many.back()));
}

}  // namespace
}  // namespace finack
