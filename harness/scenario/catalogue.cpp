// SPDX-License-Identifier: Apache-2.0
#include "scenario/catalogue.h"

#include <algorithm>
#include <array>

namespace finack {

namespace {

using Reach = std::array<std::array<bool, tcp_state_names.size()>, tcp_state_names.size()>;

Reach closure() {
  Reach reach{};
  for (std::size_t i = 0; i < reach.size(); ++i) reach[i][i] = true;
  for (const Transition& edge : transitions()) {
    const bool another_connection =
        edge.from == TcpState::closed || (edge.from == TcpState::time_wait && edge.to != TcpState::closed);
    if (!another_connection)
      reach[static_cast<std::size_t>(edge.from)][static_cast<std::size_t>(edge.to)] = true;
  }
  for (std::size_t via = 0; via < reach.size(); ++via) {
    for (std::size_t from = 0; from < reach.size(); ++from) {
      for (std::size_t to = 0; to < reach.size(); ++to) reach[from][to] |= reach[from][via] && reach[via][to];
    }
  }
  return reach;
}

}  // namespace

const CatalogueEntry* find_catalogue_entry(std::string_view id) {
  const auto all = catalogue_entries();
  const auto at = std::ranges::lower_bound(all, id, {}, &CatalogueEntry::id);
  return at != all.end() && at->id == id ? &*at : nullptr;
}

bool reachable(TcpState from, TcpState to) {
  static const Reach reach = closure();
  return reach[static_cast<std::size_t>(from)][static_cast<std::size_t>(to)];
}

}  // namespace finack
