// SPDX-License-Identifier: Apache-2.0
#include "judge/claims.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"

namespace finack {

namespace {

void add_once(std::vector<TcpState>& states, TcpState state) {
  if (std::ranges::find(states, state) == states.end()) states.push_back(state);
}

bool has_word(std::string_view words, std::string_view word) {
  for (std::size_t at = words.find(word); at != words.npos; at = words.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    if ((at == 0 || words[at - 1] == ' ') && (end == words.size() || words[end] == ' ')) return true;
  }
  return false;
}

}  // namespace

std::vector<TcpState> states_named(const Program& program) {
  std::vector<TcpState> out;
  for (const Step& step : program.steps) {
    if (const auto* state = std::get_if<StateStep>(&step.body)) add_once(out, state->state);
  }
  return out;
}

std::vector<TcpState> states_claimed(const CatalogueRule& rule, std::span<const TcpState> named) {
  std::vector<TcpState> all, both;
  for (const std::string_view name : split_words(rule.given)) {
    const auto state = parse_tcp_state(name);
    if (!state) continue;
    all.push_back(*state);
    if (std::ranges::find(named, *state) != named.end()) both.push_back(*state);
  }
  return both.empty() ? all : both;
}

Claim claim_by_edges(const CatalogueRule& rule, std::span<const std::uint8_t> edges) {
  Claim out{rule.id};
  for (const std::uint8_t place : edges) {
    const CatalogueEdge& edge = catalogue_edges()[place];
    if (!rule.edges.empty() && has_word(rule.given, to_string(edge.from)) && has_word(rule.edges, edge.id))
      add_once(out.shown, edge.from);
  }
  if (out.shown.empty()) {
    std::vector<std::string> all;
    for (const std::string_view id : split_words(rule.edges)) all.emplace_back(id);
    out.missing = fmt::format("none of its edges was taken for sure ({})", join(all, ", "));
  }
  return out;
}

}  // namespace finack
