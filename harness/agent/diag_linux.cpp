// SPDX-License-Identifier: Apache-2.0
// Linux's inet_diag over plain netlink; on other systems, nothing.
#include "agent/diag.h"

#ifdef __linux__

#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>

namespace finack::agent {

namespace {

struct Request {
  nlmsghdr header;
  inet_diag_req_v2 body;
};

// Indexed by the kernel's numbers (include/net/tcp_states.h).
constexpr const char* names[] = {nullptr,      "ESTABLISHED", "SYN-SENT",    "SYN-RECEIVED", "FIN-WAIT-1",
                                 "FIN-WAIT-2", "TIME-WAIT",   "CLOSED",      "CLOSE-WAIT",   "LAST-ACK",
                                 "LISTEN",     "CLOSING",     "SYN-RECEIVED"};

Request make_request(int family, std::uint16_t type, unsigned sequence) {
  Request request{};
  request.header.nlmsg_len = sizeof request;
  request.header.nlmsg_type = type;
  request.header.nlmsg_flags = NLM_F_REQUEST;
  request.header.nlmsg_seq = sequence;
  request.body.sdiag_family = static_cast<std::uint8_t>(family);
  request.body.sdiag_protocol = IPPROTO_TCP;
  request.body.id.idiag_cookie[0] = INET_DIAG_NOCOOKIE;
  request.body.id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
  return request;
}

// Sends and reads the first message of the answer. The header tells its kind; `body` is cut or filled with
// zeros.
template <class Body>
int exchange(int fd, const Request& request, nlmsghdr& header, Body& body) {
  sockaddr_nl kernel{};
  kernel.nl_family = AF_NETLINK;
  if (sendto(fd, &request, sizeof request, 0, reinterpret_cast<const sockaddr*>(&kernel), sizeof kernel) <
      0) {
    return errno;
  }
  for (;;) {
    alignas(nlmsghdr) char buffer[8192];
    const ssize_t count = recv(fd, buffer, sizeof buffer, 0);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno;
    if (static_cast<std::size_t>(count) < sizeof header) return EPROTO;
    std::memcpy(&header, buffer, sizeof header);
    if (header.nlmsg_seq != request.header.nlmsg_seq) continue;  // late answer to a question given up
    body = Body{};
    const std::size_t there = static_cast<std::size_t>(count) - sizeof header;
    std::memcpy(&body, buffer + sizeof header, there < sizeof body ? there : sizeof body);
    return 0;
  }
}

void put_end(const SocketAddress& address, std::uint32_t* octets, std::uint16_t& port) {
  port = htons(address.port());
  if (address.any.sa_family == AF_INET) std::memcpy(octets, &address.v4.sin_addr, 4);
  if (address.any.sa_family == AF_INET6) std::memcpy(octets, &address.v6.sin6_addr, 16);
}

// An IPv4-mapped address (RFC 4291 2.5.5.2) as the plain one; others stay.
SocketAddress unmapped(const SocketAddress& address) {
  if (address.any.sa_family != AF_INET6 || !IN6_IS_ADDR_V4MAPPED(&address.v6.sin6_addr)) return address;
  SocketAddress plain;
  plain.v4 = sockaddr_in{};
  plain.v4.sin_family = AF_INET;
  plain.v4.sin_port = address.v6.sin6_port;
  std::memcpy(&plain.v4.sin_addr, &address.v6.sin6_addr.s6_addr[12], 4);
  return plain;
}

// By plain addresses the kernel finds what it has of mapped ones, listeners included. By mapped ones it
// finds connections, but no listener bound to ::ffff:0.0.0.0.
AddressPair unmapped(const AddressPair& pair) {
  return {unmapped(pair.local), unmapped(pair.peer)};
}

void put_pair(const AddressPair& pair, inet_diag_sockid& id) {
  put_end(pair.local, id.idiag_src, id.idiag_sport);
  put_end(pair.peer, id.idiag_dst, id.idiag_dport);
  if (pair.local.any.sa_family == AF_INET6) id.idiag_if = pair.local.v6.sin6_scope_id;
}

}  // namespace

Diag::Diag() {
  fd_ = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
  if (fd_ < 0) return;
  // The kernel answers before sendto() returns; the limit is for a kernel that does not.
  const timeval limit{1, 0};
  setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  // Without the tcp_diag module every lookup says "no such connection". A dump of no state tells the
  // difference.
  Request request = make_request(AF_INET, SOCK_DIAG_BY_FAMILY, ++sequence_);
  request.header.nlmsg_flags |= NLM_F_DUMP;
  nlmsghdr header{};
  std::int32_t result = 0;
  if (exchange(fd_, request, header, result) != 0 || header.nlmsg_type != NLMSG_DONE || result < 0) {
    ::close(fd_);
    fd_ = -1;
  }
  can_destroy_ = fd_ >= 0 && try_destroy();
}

Diag::~Diag() {
  if (fd_ >= 0) ::close(fd_);
}

int Diag::read(const AddressPair& asked, std::string& state) {
  const AddressPair pair = unmapped(asked);
  Request request = make_request(pair.local.any.sa_family, SOCK_DIAG_BY_FAMILY, ++sequence_);
  inet_diag_sockid& id = request.body.id;
  put_pair(pair, id);
  nlmsghdr header{};
  union {
    inet_diag_msg found;
    std::int32_t error;
  } answer{};
  if (const int error = exchange(fd_, request, header, answer); error != 0) return error;
  if (header.nlmsg_type == NLMSG_ERROR) {
    if (answer.error != -ENOENT) return -answer.error;
    state = "CLOSED";
    return 0;
  }
  if (header.nlmsg_type != SOCK_DIAG_BY_FAMILY) return EPROTO;
  // Where the connection is gone the kernel answers with the listener on its port.
  const bool same = answer.found.id.idiag_dport == id.idiag_dport;
  const std::size_t number = answer.found.idiag_state;
  if (same && (number == 0 || number >= sizeof names / sizeof names[0])) return EPROTO;
  state = same ? names[number] : "CLOSED";
  return 0;
}

#if defined(SO_COOKIE) && defined(SOCK_DESTROY)

// Of a connection that is not there every kernel says so before it asks for the right. So it takes a socket:
// a listener of our own, which the cookie tells from all others.
bool Diag::try_destroy() {
  const int own = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (own < 0) return false;
  AddressPair pair;
  pair.local.v4 = sockaddr_in{};
  pair.local.v4.sin_family = AF_INET;
  socklen_t size = sizeof pair.local.v4;
  const bool done =
      listen(own, 1) == 0 && getsockname(own, &pair.local.any, &size) == 0 && destroy(own, pair) == 0;
  ::close(own);
  return done;
}

// By the addresses alone the kernel would destroy a listener where the connection is gone. Hence the cookie.
int Diag::destroy(int socket, const AddressPair& asked) {
  const AddressPair pair = unmapped(asked);
  std::uint64_t cookie = 0;
  socklen_t size = sizeof cookie;
  if (getsockopt(socket, SOL_SOCKET, SO_COOKIE, &cookie, &size) != 0) return errno;
  Request request = make_request(pair.local.any.sa_family, SOCK_DESTROY, ++sequence_);
  request.header.nlmsg_flags |= NLM_F_ACK;
  put_pair(pair, request.body.id);
  request.body.id.idiag_cookie[0] = static_cast<std::uint32_t>(cookie);
  request.body.id.idiag_cookie[1] = static_cast<std::uint32_t>(cookie >> 32);
  nlmsghdr header{};
  std::int32_t result = 0;
  if (const int error = exchange(fd_, request, header, result); error != 0) return error;
  if (header.nlmsg_type != NLMSG_ERROR) return EPROTO;
  // The cookie of something else was found: this connection is gone.
  return result == -ESTALE ? ENOENT : -result;
}

#else

bool Diag::try_destroy() {
  return false;
}
int Diag::destroy(int, const AddressPair&) {
  return ENOTSUP;
}

#endif

}  // namespace finack::agent

#else

#include <cerrno>

namespace finack::agent {

Diag::Diag() = default;
Diag::~Diag() = default;
int Diag::read(const AddressPair&, std::string&) {
  return ENOTSUP;
}
int Diag::destroy(int, const AddressPair&) {
  return ENOTSUP;
}

}  // namespace finack::agent

#endif
