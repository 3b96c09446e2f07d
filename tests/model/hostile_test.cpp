// SPDX-License-Identifier: Apache-2.0
// Octets that nobody meant well.
#include <random>

#include "exchange.h"

namespace finack::model {
namespace {

class Hostile : public Exchange {
 protected:
  std::mt19937 random{20240229};
  std::uint32_t roll(std::uint32_t below) { return static_cast<std::uint32_t>(random()) % below; }
};

TEST_F(Hostile, DamagedPacketsDoNoHarm) {
  for (int round = 0; round < 200; ++round) {
    begin({});
    establish(round % 2 == 0 ? "SYN" : "SYN <mss 1460, sackok, ts 1 0, wscale 14>");
    for (int i = 0; i < 40; ++i) {
      Segment made = segment("FIN+URG+PSH+ACK len=40 urg=3");
      made.flags = Flags(static_cast<std::uint8_t>(roll(256)));
      made.seq = made.seq + roll(10) * roll(9000);
      Bytes packet = *encode_packet(made);
      for (std::uint32_t damage = roll(4); damage > 0; --damage)
        packet[roll(static_cast<std::uint32_t>(packet.size()))] ^= static_cast<std::uint8_t>(1 + roll(255));
      packet.resize(packet.size() - roll(2) * roll(static_cast<std::uint32_t>(packet.size())));
      host->packet_arrives(packet);
      pass(std::chrono::milliseconds(roll(2000)));
      host->take_sent();
    }
    EXPECT_LE(host->connections(), 5u);
  }
}

TEST_F(Hostile, NoiseIsNothing) {
  listen();
  for (int i = 0; i < 20'000; ++i) {
    Bytes packet(roll(100));
    for (std::uint8_t& octet : packet) octet = static_cast<std::uint8_t>(roll(256));
    if (!packet.empty()) packet[0] = static_cast<std::uint8_t>(i % 2 == 0 ? 0x45 : 0x60);
    host->packet_arrives(packet);
  }
  EXPECT_EQ(host->connections(), 0u);
  EXPECT_TRUE(host->take_sent().empty());
}

TEST_F(Hostile, OthersAddressesAreNotOurs) {
  establish();
  send("RST dst=192.0.2.77");
  EXPECT_EQ(state(), TcpState::established);
  send("SYN src=224.0.0.1");
  send("ACK src=255.255.255.255");
  EXPECT_EQ(came(), "");
}

TEST_F(Hostile, WrongChecksumsAndLengthsAreDropped) {
  for (const char* defect : {"bad-checksum", "offset=4", "offset=15", "checksum=0xbeef", "cut=3",
                             "bad-ip-checksum", "ip-version=5", "ip-header-length=4", "ip-length=39"}) {
    begin({});
    establish();
    send(std::string("FIN+ACK ") + defect);
    EXPECT_EQ(came(), "") << defect;
    EXPECT_EQ(state(), TcpState::established) << defect;
  }
}

}  // namespace
}  // namespace finack::model
