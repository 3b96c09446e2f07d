// SPDX-License-Identifier: Apache-2.0
// A scenario as its author wrote it, and a program: the scenario for one address family, ready to run.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/address.h"
#include "base/result.h"
#include "scenario/given.h"
#include "scenario/step.h"

namespace finack {

// The version of the scenario language that this program reads (docs/language.md).
inline constexpr int language_version = 1;

// What a scenario runs on: the family of the addresses on the wire, and the kind of socket.
struct Variety {
  Family family = Family::ipv4;
  bool mapped = false;  // an IPv6 socket with IPv4-mapped addresses (RFC 4291 2.5.5.2)

  friend bool operator==(const Variety&, const Variety&) = default;
};
// "ipv4", "ipv6", "ipv4-mapped"
std::string_view to_string(Variety variety);

// What our end announces in its SYN, and later.
struct PeerConfiguration {
  std::optional<std::vector<Option>> options = {};  // of our SYN; unset: an MSS
  std::optional<std::uint16_t> window = {};         // unset: 65535
};

// One combination of a scenario's tables.
struct Scenario {
  std::string id;     // "close/active-close", "close/rst/state=CLOSING": a name, never a position
  std::string title;  // the text of `scenario`
  Place place;
  std::vector<std::string> covers = {};  // ids of the catalogue: what the author claims to check
  std::vector<std::string> tags = {};
  std::vector<std::string> needs = {};  // capabilities of the target
  std::string alone = {};               // why nothing else may be played beside it; empty: anything may
  std::vector<Variety> varieties = {{Family::ipv4, false}, {Family::ipv6, false}};
  std::map<std::string, std::string> sysctls = {};                       // of the target
  std::vector<std::pair<std::string, std::string>> socket_options = {};  // of the first socket it makes
  PeerConfiguration peer = {};
  Given given = {};
  Place given_place = {};
  std::vector<Step> steps = {};
};

struct Program {
  std::string id;  // "close/active-close/ipv4"
  std::string title;
  Place place;
  std::vector<std::string> covers = {};
  std::vector<std::string> tags = {};
  std::vector<std::string> needs = {};
  std::string alone = {};
  bool recommended_only = false;  // all that it covers is a SHOULD or less: a failure is a warning
  Family family = Family::ipv4;
  bool mapped = false;
  std::map<std::string, std::string> sysctls = {};
  PeerConfiguration peer = {};
  std::vector<Step> steps = {};  // those of the preamble first
};

// One program for each variety of the scenario.
std::vector<Program> compile(const Scenario& scenario);

}  // namespace finack
