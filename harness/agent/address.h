// SPDX-License-Identifier: Apache-2.0
// Socket addresses as text and back.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>
#include <string>

#include "agent/output.h"

namespace finack::agent {

union SocketAddress {
  sockaddr any{};
  sockaddr_in v4;
  sockaddr_in6 v6;

  socklen_t size() const {
    return static_cast<socklen_t>(any.sa_family == AF_INET6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in));
  }
  std::uint16_t port() const { return ntohs(any.sa_family == AF_INET6 ? v6.sin6_port : v4.sin_port); }
};

// The two ends of a connection, or of what is not yet one: then the peer's family is AF_UNSPEC.
struct AddressPair {
  SocketAddress local;
  SocketAddress peer;
};

// "192.0.2.1", "2001:db8::1", "fe80::1%eth0". False when `text` is no address of this family.
bool parse_address(const std::string& text, int family, std::uint16_t port, SocketAddress& out);

// Of no interface in particular, or not known.
bool is_any(const SocketAddress& address);

// Without the port; "none" when there is no address.
std::string address_text(const SocketAddress& address);

// What the stack says of a socket now. An end it does not know gets the family AF_UNSPEC.
AddressPair addresses_of(int fd);
SocketAddress local_address_of(int fd);

// local, local-port, peer and peer-port as a reply names them.
Fields address_fields(const AddressPair& pair);

}  // namespace finack::agent
