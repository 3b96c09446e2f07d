// SPDX-License-Identifier: Apache-2.0
// Socket addresses as text, over inet_pton() and its like.
#include "agent/address.h"

#include <arpa/inet.h>
#include <net/if.h>

#include <algorithm>

namespace finack::agent {

bool parse_address(const std::string& text, int family, std::uint16_t port, SocketAddress& out) {
  out = SocketAddress();
  if (family == AF_INET) {
    out.v4.sin_family = AF_INET;
    out.v4.sin_port = htons(port);
    return inet_pton(AF_INET, text.c_str(), &out.v4.sin_addr) == 1;
  }
  out.v6 = sockaddr_in6{};
  out.v6.sin6_family = AF_INET6;
  out.v6.sin6_port = htons(port);
  const std::size_t percent = text.find('%');
  if (percent != std::string::npos) {
    out.v6.sin6_scope_id = if_nametoindex(text.c_str() + percent + 1);
    if (out.v6.sin6_scope_id == 0) return false;
  }
  return inet_pton(AF_INET6, text.substr(0, percent).c_str(), &out.v6.sin6_addr) == 1;
}

bool is_any(const SocketAddress& address) {
  if (address.any.sa_family == AF_INET) return address.v4.sin_addr.s_addr == htonl(INADDR_ANY);
  if (address.any.sa_family != AF_INET6) return true;
  const in6_addr& v6 = address.v6.sin6_addr;
  const bool mapped_any =
      std::all_of(v6.s6_addr + 12, v6.s6_addr + 16, [](auto octet) { return octet == 0; });
  return IN6_IS_ADDR_UNSPECIFIED(&v6) != 0 || (IN6_IS_ADDR_V4MAPPED(&v6) != 0 && mapped_any);
}

std::string address_text(const SocketAddress& address) {
  char text[INET6_ADDRSTRLEN] = "none";
  if (address.any.sa_family == AF_INET) {
    inet_ntop(AF_INET, &address.v4.sin_addr, text, sizeof text);
  } else if (address.any.sa_family == AF_INET6) {
    inet_ntop(AF_INET6, &address.v6.sin6_addr, text, sizeof text);
    char interface[IF_NAMESIZE];
    if (address.v6.sin6_scope_id != 0 && if_indextoname(address.v6.sin6_scope_id, interface) != nullptr) {
      return std::string(text) + '%' + interface;
    }
  }
  return text;
}

SocketAddress local_address_of(int fd) {
  SocketAddress local;
  socklen_t size = sizeof local;
  return getsockname(fd, &local.any, &size) == 0 ? local : SocketAddress();
}

AddressPair addresses_of(int fd) {
  AddressPair pair;
  pair.local = local_address_of(fd);
  socklen_t size = sizeof pair.peer;
  if (getpeername(fd, &pair.peer.any, &size) != 0) pair.peer = SocketAddress();
  return pair;
}

Fields address_fields(const AddressPair& pair) {
  return {{"local", address_text(pair.local)},
          {"local-port", std::to_string(pair.local.port())},
          {"peer", address_text(pair.peer)},
          {"peer-port", std::to_string(pair.peer.port())}};
}

}  // namespace finack::agent
