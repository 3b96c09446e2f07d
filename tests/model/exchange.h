// SPDX-License-Identifier: Apache-2.0
// An exchange with a host of the model, written as it goes over the wire: our segments in the one notation,
// its own as "FLAGS seq ack len", with numbers relative to each side's first.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/pattern.h"
#include "base/text.h"
#include "model/socket.h"
#include "packet/codec.h"
#include "packet/conversation.h"
#include "packet/notation.h"
#include "peer/peer.h"

namespace finack::model {

class Exchange : public testing::Test {
 protected:
  static constexpr std::string_view target = "192.0.2.1", peer = "198.18.0.1";

  Exchange() { begin({}); }

  // A fresh host, with other settings or something wrong.
  void begin(const Settings& settings, std::string_view mutant = {}) {
    connection = listener = nullptr;
    const Mutant* wanted = find_mutant(mutant);
    ASSERT_TRUE(mutant.empty() || wanted) << mutant;
    host = std::make_unique<Host>(
        settings, std::vector{pair.target.address}, wanted ? *wanted : Mutant{},
        [this](const EndpointPair&, const Outcome& outcome) { edges.emplace_back(outcome.edge); });
    talk = {};
    edges.clear();
  }

  void listen(const Options& options = {}) {
    listener = std::make_shared<Socket>(*host, Family::ipv4);
    listener->options() = options;
    ASSERT_TRUE(listener->bind(pair.target));
    ASSERT_TRUE(listener->listen(4));
  }
  void establish(std::string_view syn = "SYN", const Options& options = {}) {
    listen(options);
    send(syn);
    came();
    send("ACK");
    auto accepted = listener->accept();
    ASSERT_TRUE(accepted) << accepted.error();
    connection = *accepted;
    edges.clear();
  }
  // As far as `state` in a close that the target begins, or ends.
  void lead_to(TcpState state) {
    establish();
    if (state == TcpState::established) return;
    const bool passive = state == TcpState::close_wait || state == TcpState::last_ack;
    if (passive) send("FIN+ACK");
    if (state != TcpState::close_wait) shutdown();
    came();
    if (state == TcpState::closing) send("FIN+ACK ack=next-1");
    if (state == TcpState::fin_wait_2 || state == TcpState::time_wait) send("ACK");
    if (state == TcpState::time_wait) send("FIN+ACK");
    came();
    ASSERT_EQ(this->state(), state);
    edges.clear();
  }

  void connect(const Options& options = {}) {
    connection = std::make_shared<Socket>(*host, Family::ipv4);
    connection->options() = options;
    ASSERT_TRUE(connection->bind(pair.target));
    ASSERT_TRUE(connection->connect(pair.peer));
  }
  void shutdown() { ASSERT_TRUE(connection->shutdown(Socket::How::send)); }
  void close() {
    connection->close();
    connection = nullptr;
  }
  void write(std::size_t count) {
    Bytes octets(count);
    for (std::size_t i = 0; i < count; ++i) octets[i] = static_cast<std::uint8_t>(written + i);
    written += count;
    const auto taken = connection->send(octets, false);
    ASSERT_TRUE(taken) << taken.error();
    ASSERT_EQ(*taken, count);
  }
  // What a read gives: how many octets, "end", or the error.
  std::string read(std::size_t most = 100'000) {
    const auto octets = connection->receive(most);
    return !octets ? std::string(octets.error()) : octets->empty() ? "end" : std::to_string(octets->size());
  }

  Segment segment(std::string_view text) {
    const auto spec = parse_segment(text, Direction::sending);
    EXPECT_TRUE(spec) << to_string(spec.error());
    if (!spec) return {};
    const auto clock = static_cast<std::uint32_t>(host->now().time_since_epoch() / 1ms) + 1;
    const auto made = complete(*spec, us, talk, clock);
    EXPECT_TRUE(made) << to_string(made.error());
    return made.value_or(Segment{});
  }
  void send(std::string_view text) {
    collect();
    const Segment made = segment(text);
    const auto packets = encode_packets(made);
    ASSERT_TRUE(packets) << to_string(packets.error());
    talk.injected(made);
    for (const Bytes& packet : *packets) host->packet_arrives(packet);
  }
  void icmp(std::string_view text) {
    collect();
    const auto packet = complete_icmp(*parse_icmp(text), us, talk, last_packet);
    ASSERT_TRUE(packet) << to_string(packet.error());
    host->packet_arrives(*packet);
  }
  void pass(Duration time) { host->advance(host->now() + time); }

  // All that came since it was last asked for.
  std::string came() {
    collect();
    std::vector<std::string> out;
    for (const Segment& one : arrived) {
      const NumberBase base = talk.base().reversed();
      std::string text = to_string(one.flags - flag::psh);
      text +=
          " " + (base.sender ? std::to_string(one.seq - *base.sender) : "#" + std::to_string(one.seq.value));
      if (one.flags.has(flag::ack))
        text +=
            " " + (base.receiver ? std::to_string(one.ack - *base.receiver) : std::to_string(one.ack.value));
      if (!one.payload.empty()) text += " " + std::to_string(one.payload.size());
      out.push_back(std::move(text));
    }
    arrived.clear();
    return join(out, ", ");
  }
  TcpState state() const {
    const auto record = host->find(pair);
    return record ? record->state : TcpState::closed;
  }
  const Segment& last() {
    collect();
    EXPECT_FALSE(all.empty());
    return all.back();
  }
  std::string taken() { return join(std::exchange(edges, {}), " "); }

  void collect() {
    for (const Bytes& packet : host->take_sent()) {
      auto one = decode_packet(packet);
      ASSERT_TRUE(one) << to_string(one.error());
      ASSERT_FALSE(one->bad_checksum);
      talk.arrived(*one);
      last_packet = packet;
      all.push_back(*one);
      arrived.push_back(std::move(*one));
    }
  }

  EndpointPair pair = {{*Address::parse(target), 80}, {*Address::parse(peer), 5000}};
  PeerSettings us = {pair, Seq{1'000'000}, 1};
  Conversation talk;
  std::vector<std::string> edges;
  std::unique_ptr<Host> host;
  std::shared_ptr<Socket> listener, connection;
  std::vector<Segment> arrived, all;
  Bytes last_packet;
  std::size_t written = 0;
};

}  // namespace finack::model
