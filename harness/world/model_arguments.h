// SPDX-License-Identifier: Apache-2.0
// Arguments of the agent's calls, and fields of its replies, for the model.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/address.h"
#include "target/protocol.h"

namespace finack {

struct ModelArguments {
  std::uint32_t s = 0, as = 0;
  bool has_s = false;
  std::uint16_t port = 0, local_port = 0, peer_port = 0;
  std::uint32_t backlog = 0;
  std::uint64_t seed = 0, offset = 0, length = 0;
  bool urgent = false;
  std::string family = {}, address = {}, local = {}, peer = {}, how = {}, name = {};
  std::optional<std::string> value = {};
};

// Why the call is refused; empty when it is in order.
std::string read_arguments(const Line& line, ModelArguments& out);

struct ModelAddress {
  Address address;
  bool mapped = false;  // IPv4 in the form of IPv6 (RFC 4291 2.5.5.2)
};
std::optional<ModelAddress> read_address(const std::string& text, Family family);

// local, local-port, peer, peer-port
std::vector<std::pair<std::string, std::string>> address_fields(const EndpointPair& pair, bool mapped);
std::vector<std::pair<std::string, std::string>> received_fields(
    std::uint64_t octets, std::uint64_t digest, const std::optional<std::uint64_t>& mismatch);

}  // namespace finack
