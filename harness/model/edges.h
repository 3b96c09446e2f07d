// SPDX-License-Identifier: Apache-2.0
// The edges of the state machine that the model takes, by their names in suites/catalogue/states.yaml.
#pragma once

#include <span>
#include <string_view>

#include "model/outcome.h"

namespace finack::model {

struct Edge {
  std::string_view id;
  Event event;
  TcpState from;
  TcpState to;
  Emission::Kind emits;
};

// In the order of the catalogue.
std::span<const Edge> edges();
const Edge* find_edge(std::string_view id);
// Null where the catalogue has no such edge.
const Edge* find_edge(Event event, TcpState from, TcpState to);

}  // namespace finack::model
