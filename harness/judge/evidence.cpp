// SPDX-License-Identifier: Apache-2.0
#include "judge/evidence.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "base/text.h"

namespace finack {

namespace {

// Of the same situation in one exchange; more tell nothing new.
constexpr std::size_t most_situations = 256;

// What the catalogue knows of the rule of that id. Every exchange asks.
struct Known {
  const CatalogueRule* rule = nullptr;
  const RuleEvidence* evidence = nullptr;
};
Known known_of(std::string_view id) {
  static const auto all = [] {
    std::unordered_map<std::string_view, Known> out;
    for (const CatalogueRule& rule : catalogue_rules()) out[rule.id].rule = &rule;
    for (const RuleEvidence& evidence : rule_evidence()) out[evidence.rule].evidence = &evidence;
    return out;
  }();
  const auto at = all.find(id);
  return at != all.end() ? at->second : Known{};
}

// The reactions that are missing after the situation; none where it was shown.
std::vector<Reaction> missing_after(const Story& story, std::size_t situation, WordSet<Reaction> wanted) {
  std::vector<Reaction> out;
  for (std::size_t i = 0; i < reaction_words.size(); ++i) {
    const auto word = static_cast<Reaction>(i);
    if (wanted.has(word) && !is_reaction(story, situation, word)) out.push_back(word);
  }
  return out;
}

// Shown by the edges that were taken or by what was seen.
Claim either(Claim by_edges, Claim by_evidence) {
  for (const TcpState state : by_edges.shown) {
    if (std::ranges::find(by_evidence.shown, state) == by_evidence.shown.end())
      by_evidence.shown.push_back(state);
  }
  if (!by_evidence.shown.empty()) by_evidence.missing.clear();
  return by_evidence;
}

}  // namespace

Claim claim_by_evidence(const CatalogueRule& rule, const RuleEvidence& evidence, const Story& story) {
  Claim out{rule.id};
  const auto given = states_claimed(rule, {});
  std::optional<std::size_t> least;  // reactions that were missing, at the best
  bool elsewhere = false;
  std::size_t tried = 0;
  for (std::size_t at = 0; at < story.moments.size() && tried < most_situations; ++at) {
    if (!is_situation(story, at, evidence.when)) continue;
    const auto state = story.moments[at].state;
    if (!state || std::ranges::find(given, *state) == given.end()) {
      elsewhere = true;
      continue;
    }
    if (std::ranges::find(out.shown, *state) != out.shown.end()) continue;
    ++tried;
    const auto missing = missing_after(story, at, evidence.then);
    if (missing.empty()) {
      out.shown.push_back(*state);
      continue;
    }
    if (!out.broken_at) out.broken_at = story.moments[at].at;
    if (!least || missing.size() < *least) {
      least = missing.size();
      std::vector<std::string> words;
      for (const Reaction word : missing) words.emplace_back(meaning_of(word));
      out.missing = fmt::format("after {} there was not: {}", meaning_of(evidence.when), join(words, "; "));
    }
  }
  if (!out.shown.empty()) {
    out.missing.clear();
  } else if (!least) {
    out.missing =
        fmt::format("there was not{}: {}", elsewhere ? " in such a state" : "", meaning_of(evidence.when));
  }
  return out;
}

bool claims_need_states(const Program& program) {
  return std::ranges::any_of(program.covers,
                             [](const std::string& id) { return known_of(id).evidence != nullptr; });
}

std::vector<Claim> weigh_claims(const Program& program, const Profile& profile, const Exchanged& exchanged) {
  std::vector<Claim> out;
  std::optional<Story> story;  // few need one
  for (const std::string& id : program.covers) {
    const auto [rule, evidence] = known_of(id);
    if (rule == nullptr) continue;
    Claim claim = claim_by_edges(*rule, exchanged.edges);
    if (evidence != nullptr) {
      if (!story) story.emplace(program, profile, exchanged.trace, exchanged.states);
      claim = either(std::move(claim), claim_by_evidence(*rule, *evidence, *story));
    }
    out.push_back(std::move(claim));
    if (!exchanged.tracked && out.back().shown.empty())
      out.back().missing = "the tracker did not follow the exchange to its end";
  }
  return out;
}

}  // namespace finack
