// SPDX-License-Identifier: Apache-2.0
// A scenario as its author wrote it, and a program: the scenario for one address family, ready to run.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/address.h"
#include "base/result.h"
#include "base/tcp_state.h"
#include "scenario/step.h"

namespace finack {

// The version of the scenario language that this program reads (docs/language.md).
inline constexpr int language_version = 1;

struct Scenario {
  std::string id;     // "close/active-close": a name, never a position
  std::string title;  // the text of `scenario`
  Place place;
  std::vector<std::string> covers = {};  // ids of the catalogue: what the author claims to check
  std::vector<std::string> tags = {};
  std::vector<Family> families = {Family::ipv4, Family::ipv6};
  TcpState given = TcpState::established;
  Place given_place = {};
  std::vector<Step> steps = {};
};

struct Program {
  std::string id;  // "close/active-close/ipv4"
  std::string title;
  Place place;
  std::vector<std::string> covers = {};
  std::vector<std::string> tags = {};
  Family family = Family::ipv4;
  std::vector<Step> steps = {};                     // those of the preamble first
  std::map<std::string, std::string> sysctls = {};  // how the target is configured, by name
  std::vector<std::string> needs = {};              // capabilities; without them it is skipped
};

// One program for each family of the scenario.
std::vector<Program> compile(const Scenario& scenario);

}  // namespace finack
