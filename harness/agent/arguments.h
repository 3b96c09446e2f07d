// SPDX-License-Identifier: Apache-2.0
// What a call takes, checked before anything is done.
#pragma once

#include <cstdint>
#include <string>

#include "target/protocol.h"

namespace finack::agent {

// Numbers are within their limits; texts point into the line, null when absent.
struct Arguments {
  bool has_s = false;
  std::uint32_t s = 0;
  std::uint32_t as = 0;
  std::uint16_t port = 0;
  std::uint16_t local_port = 0;
  std::uint16_t peer_port = 0;
  int backlog = 0;
  std::uint64_t seed = 0;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
  bool urgent = false;
  const std::string* family = nullptr;
  const std::string* address = nullptr;
  const std::string* local = nullptr;
  const std::string* peer = nullptr;
  const std::string* how = nullptr;
  const std::string* name = nullptr;
  const std::string* value = nullptr;
};

// False for an unknown word, an argument missing, unknown or out of its limits; `why` says which.
bool read_arguments(const Line& line, Arguments& out, std::string& why);

}  // namespace finack::agent
