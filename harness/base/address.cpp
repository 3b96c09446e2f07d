// SPDX-License-Identifier: Apache-2.0
#include "base/address.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>

namespace finack {

Address Address::ipv4(std::uint32_t host_order) {
  Address out;
  for (std::size_t i = 0; i < 4; ++i) out.octets[i] = static_cast<std::uint8_t>(host_order >> (24 - 8 * i));
  return out;
}

Address Address::from_octets(BytesView octets) {
  Address out;
  out.family = octets.size() == 4 ? Family::ipv4 : Family::ipv6;
  std::copy_n(octets.begin(), std::min(octets.size(), out.octets.size()), out.octets.begin());
  return out;
}

std::optional<Address> Address::parse(std::string_view text) {
  const std::string terminated(text);
  Address out;
  if (inet_pton(AF_INET, terminated.c_str(), out.octets.data()) == 1) return out;
  out.family = Family::ipv6;
  if (inet_pton(AF_INET6, terminated.c_str(), out.octets.data()) == 1) return out;
  return std::nullopt;
}

Address Address::plus(std::uint32_t steps) const {
  Address out = *this;
  std::uint64_t carry = steps;
  const std::size_t end = view().size();
  for (std::size_t i = end; i-- > end - 4;) {
    carry += out.octets[i];
    out.octets[i] = static_cast<std::uint8_t>(carry);
    carry >>= 8;
  }
  return out;
}

std::string to_string(const Address& address) {
  char text[INET6_ADDRSTRLEN] = "";
  inet_ntop(address.family == Family::ipv4 ? AF_INET : AF_INET6, address.octets.data(), text, sizeof text);
  return text;
}

std::string to_string(const Endpoint& endpoint) {
  const std::string address = to_string(endpoint.address);
  return endpoint.address.family == Family::ipv4 ? fmt::format("{}:{}", address, endpoint.port)
                                                 : fmt::format("[{}]:{}", address, endpoint.port);
}

}  // namespace finack
