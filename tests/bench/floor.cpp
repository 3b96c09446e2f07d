// SPDX-License-Identifier: Apache-2.0
// The floor that finack is measured against: the exchange of suites/close/active-close.yaml over AF_PACKET
// and veth with nothing checked, and what its system calls cost alone. Prints one `name value` a line, in
// microseconds: bench_floor [CLOSES [MILLISECONDS]], that long apart. Needs `unshare -Urn` (it makes its own
// links there with ip(8)).
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <numeric>
#include <string>
#include <thread>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

[[noreturn]] void give_up(const char* what) {
  std::fprintf(stderr, "bench_floor: %s: %s\n", what, std::strerror(errno));
  std::exit(1);
}

double microseconds(Clock::duration duration) {
  return std::chrono::duration<double, std::micro>(duration).count();
}

// The target is in a namespace of its own, held by a child, and this process goes there and back.
struct Ground {
  int here = -1, target = -1;
  int wire = -1;  // AF_PACKET
};

void command(const std::string& text) {
  if (std::system(text.c_str()) != 0) give_up(text.c_str());
}

Ground make_ground() {
  Ground out;
  // ip(8) finds the namespace of our end of the link by a process in it.
  const pid_t keeper = ::fork();
  if (keeper == 0) {
    ::pause();
    ::_exit(0);
  }
  out.here = ::open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
  if (::unshare(CLONE_NEWNET) != 0) give_up("a network namespace of its own");
  out.target = ::open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
  command(
      "ip link add target0 address 02:00:00:00:00:02 type veth peer name ours0 address 02:00:00:00:00:01 "
      "netns " +
      std::to_string(keeper) +
      " && ip link set target0 up && ip link set lo up && ip address add 192.0.2.1/30 dev target0"
      " && ip neighbour add 192.0.2.2 lladdr 02:00:00:00:00:01 dev target0"
      " && sysctl -q net.ipv4.tcp_syncookies=0");
  if (::setns(out.here, CLONE_NEWNET) != 0) give_up("go back");
  command("ip link set ours0 up");
  ::kill(keeper, SIGKILL);
  ::waitpid(keeper, nullptr, 0);
  if (::setns(out.target, CLONE_NEWNET) != 0) give_up("go to the target");
  // The link has a carrier once the kernel has got around to it.
  command(
      "for i in $(seq 100); do ip route add 198.18.0.0/15 via 192.0.2.2 && exit; sleep 0.02; done; exit 1");
  if (::setns(out.here, CLONE_NEWNET) != 0) give_up("go back");
  out.wire = ::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, htons(ETH_P_IP));
  sockaddr_ll where{};
  where.sll_family = AF_PACKET;
  where.sll_protocol = htons(ETH_P_IP);
  where.sll_ifindex = static_cast<int>(if_nametoindex("ours0"));
  const int on = 1;
  ::setsockopt(out.wire, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof on);
  ::setsockopt(out.wire, SOL_PACKET, PACKET_QDISC_BYPASS, &on, sizeof on);
  ::setsockopt(out.wire, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
  if (::bind(out.wire, reinterpret_cast<const sockaddr*>(&where), sizeof where) != 0)
    give_up("bind a packet socket");
  return out;
}

std::uint32_t add_up(const std::uint8_t* octets, std::size_t count, std::uint32_t sum) {
  for (std::size_t i = 0; i + 1 < count; i += 2)
    sum += static_cast<std::uint32_t>(octets[i] << 8 | octets[i + 1]);
  return sum;
}

std::uint16_t folded(std::uint32_t sum) {
  while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
  return htons(static_cast<std::uint16_t>(~sum));
}

constexpr std::size_t frame_size = sizeof(ether_header) + sizeof(iphdr) + sizeof(tcphdr);
constexpr std::size_t lead = 2;  // ahead of a frame, so that what follows its Ethernet header is aligned

// Our end of one connection.
struct Peer {
  int wire;
  std::uint32_t address;  // in host order
  std::uint16_t port, target_port;
  std::uint32_t next = 1000, theirs = 0;
  timespec came{};  // the last frame, by the kernel's stamp

  void send(bool syn, bool ack, bool fin) {
    alignas(4) std::uint8_t room[lead + frame_size]{};
    std::uint8_t* const frame = room + lead;
    auto* ethernet = reinterpret_cast<ether_header*>(frame);
    auto* ip = reinterpret_cast<iphdr*>(ethernet + 1);
    auto* tcp = reinterpret_cast<tcphdr*>(ip + 1);
    const std::uint8_t target[6] = {2, 0, 0, 0, 0, 2}, ours[6] = {2, 0, 0, 0, 0, 1};
    std::memcpy(ethernet->ether_dhost, target, 6);
    std::memcpy(ethernet->ether_shost, ours, 6);
    ethernet->ether_type = htons(ETHERTYPE_IP);
    ip->version = 4;
    ip->ihl = 5;
    ip->tot_len = htons(sizeof *ip + sizeof *tcp);
    ip->ttl = 64;
    ip->protocol = IPPROTO_TCP;
    ip->saddr = htonl(address);
    ip->daddr = htonl(0xc0000201);
    ip->check = folded(add_up(reinterpret_cast<const std::uint8_t*>(ip), sizeof *ip, 0));
    tcp->source = htons(port);
    tcp->dest = htons(target_port);
    tcp->seq = htonl(next);
    tcp->ack_seq = htonl(ack ? theirs : 0);
    tcp->doff = 5;
    tcp->syn = syn;
    tcp->ack = ack;
    tcp->fin = fin;
    tcp->window = htons(65535);
    std::uint32_t sum =
        add_up(reinterpret_cast<const std::uint8_t*>(&ip->saddr), 8, IPPROTO_TCP + sizeof *tcp);
    tcp->check = folded(add_up(reinterpret_cast<const std::uint8_t*>(tcp), sizeof *tcp, sum));
    if (::send(wire, frame, frame_size, 0) < 0) give_up("send a frame");
    next += syn + fin;
  }

  // Takes the next frame for us, and its number.
  void take() {
    for (;;) {
      alignas(4) std::uint8_t room[2048];
      std::uint8_t* const frame = room + lead;
      pollfd slot{wire, POLLIN, 0};
      iovec piece{frame, sizeof room - lead};
      alignas(cmsghdr) char control[64];
      msghdr message{};
      message.msg_iov = &piece;
      message.msg_iovlen = 1;
      message.msg_control = control;
      message.msg_controllen = sizeof control;
      const ssize_t count = ::recvmsg(wire, &message, MSG_DONTWAIT);
      if (count < 0 && errno == EAGAIN && ::poll(&slot, 1, 1000) <= 0) give_up("no answer");
      if (count < static_cast<ssize_t>(frame_size)) continue;
      const auto* ip = reinterpret_cast<const iphdr*>(frame + sizeof(ether_header));
      const auto* tcp = reinterpret_cast<const tcphdr*>(ip + 1);
      if (ip->protocol != IPPROTO_TCP || tcp->dest != htons(port)) continue;
      theirs = ntohl(tcp->seq) + tcp->syn + tcp->fin;
      const cmsghdr* stamp = CMSG_FIRSTHDR(&message);
      if (stamp && stamp->cmsg_type == SO_TIMESTAMPNS) std::memcpy(&came, CMSG_DATA(stamp), sizeof came);
      return;
    }
  }
};

double median(std::vector<double> all) {
  std::ranges::sort(all);
  return all[all.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
  const int closes = argc > 1 ? std::max(10, std::atoi(argv[1])) : 10'000;
  const auto pause = std::chrono::milliseconds(argc > 2 ? std::atoi(argv[2]) : 0);
  const Ground ground = make_ground();
  if (::setns(ground.target, CLONE_NEWNET) != 0) give_up("go to the target");  // where sockets are made
  std::vector<double> handshakes, reactions, whole;
  Clock::duration in_calls{};
  for (int i = 0; i < closes; ++i) {
    Peer peer{ground.wire, 0xc6120001 + static_cast<std::uint32_t>(i),
              static_cast<std::uint16_t>(49152 + i % 16000), static_cast<std::uint16_t>(1024 + i % 60000)};
    const auto start = Clock::now();
    const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int on = 1;
    ::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(0xc0000201);
    at.sin_port = htons(peer.target_port);
    if (::bind(listener, reinterpret_cast<const sockaddr*>(&at), sizeof at) != 0 ||
        ::listen(listener, 16) != 0)
      give_up("listen");
    const auto listening = Clock::now();
    peer.send(true, false, false);
    peer.take();
    handshakes.push_back(microseconds(Clock::now() - listening));
    peer.send(false, true, false);
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    reactions.push_back(static_cast<double>(now.tv_sec - peer.came.tv_sec) * 1e6 +
                        static_cast<double>(now.tv_nsec - peer.came.tv_nsec) / 1e3);
    const auto accepting = Clock::now();
    const int connection = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) give_up("accept");
    ::close(connection);
    const auto closed = Clock::now();
    peer.take();  // FIN+ACK
    peer.send(false, true, false);
    peer.send(false, true, true);
    peer.take();  // the last ACK
    const auto over = Clock::now();
    ::close(listener);
    const auto end = Clock::now();
    in_calls += (listening - start) + (closed - accepting) + (end - over);
    whole.push_back(microseconds(end - start));
    if (pause.count() > 0) std::this_thread::sleep_for(pause);
  }
  std::printf("syn_to_syn_ack_p50 %.2f\n", median(handshakes));
  std::printf("reaction_p50 %.2f\n", median(reactions));
  std::printf("close_mean %.2f\n", std::accumulate(whole.begin(), whole.end(), 0.0) / closes);
  std::printf("close_p50 %.2f\n", median(whole));
  std::printf("calls_mean %.2f\n", microseconds(in_calls) / closes);
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  std::printf("used_mean %.2f\n", (static_cast<double>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e6 +
                                   static_cast<double>(used.ru_utime.tv_usec + used.ru_stime.tv_usec)) /
                                      closes);
  return 0;
}
