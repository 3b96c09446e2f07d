// SPDX-License-Identifier: Apache-2.0
#include "report/explain.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "judge/invariant.h"
#include "report/paragraph.h"
#include "report/plain.h"
#include "scenario/catalogue.h"
#include "scenario/evidence_words.h"

namespace finack {

namespace {

template <class Entry>
const Entry* find(std::span<const Entry> all, std::string_view id) {
  const auto at = std::ranges::find(all, id, &Entry::id);
  return at == all.end() ? nullptr : &*at;
}

bool lists(std::string_view ids, std::string_view id) {
  const auto words = split_words(ids);
  return std::ranges::find(words, id) != words.end();
}

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return out;
}

std::string commas(std::string_view ids) {
  std::string out;
  for (const std::string_view id : split_words(ids)) out += fmt::format("{}{}", out.empty() ? "" : ", ", id);
  return out;
}

std::string tester(std::string_view testable, std::string_view needs) {
  if (testable == "wire") return "by segments alone, against an ordinary service";
  if (testable == "none") return "not on the wire";
  return needs.empty() ? "when the target's application acts along"
                       : fmt::format("when the target's application acts along: {}", needs);
}

std::string level_text(std::string_view level) {
  return level == "plain" ? "plain text: prescribed without a capital keyword" : std::string(level);
}

std::string_view standing_text(Standing standing) {
  switch (standing) {
    case Standing::base:
      return "base: what RFC 9293 prescribes to everyone";
    case Standing::option:
      return "option: a permitted or recommended alternative";
    case Standing::legacy:
      return "legacy: behaviour of RFC 793, from before RFC 5961";
    case Standing::practice:
      break;
  }
  return "practice: in no RFC, but widespread";
}

std::string edge_line(const CatalogueEdge& edge) {
  return fmt::format("{}; emits {}", edge.event, edge.emits);
}

std::string edge_with_states(const CatalogueEdge& edge) {
  const std::string to = edge.to == edge.from ? "stays" : fmt::format("to {}", to_string(edge.to));
  return fmt::format("{} {}: {}", to_string(edge.from), to, edge_line(edge));
}

std::string rule_line(const CatalogueRule& rule) {
  return fmt::format("in {}, when {}: {}", commas(rule.given), rule.when, rule.then);
}

std::string rules_that(const auto& refer) {
  std::string out;
  for (const CatalogueRule& rule : catalogue_rules()) {
    if (refer(rule)) out += paragraph(rule.id, rule_line(rule));
  }
  return out.empty() ? "" : "\nRules on this\n" + out;
}

// Those of ids, told by `line`, under a heading.
template <class Entry>
std::string listed(std::string_view heading, std::string_view ids, std::span<const Entry> all,
                   const auto& line) {
  std::string out;
  for (const std::string_view id : split_words(ids)) {
    if (const Entry* entry = find(all, id)) out += paragraph(id, line(*entry));
  }
  return out.empty() ? "" : fmt::format("\n{}\n{}", heading, out);
}

// By what a rule without edges shows.
std::string evidence_text(std::string_view id) {
  const auto at = std::ranges::find(rule_evidence(), id, &RuleEvidence::rule);
  if (at == rule_evidence().end()) return "";
  std::string out(meaning_of(at->when));
  for (std::size_t i = 0; i < reaction_words.size(); ++i) {
    if (at->then.has(static_cast<Reaction>(i))) out += fmt::format("; then {}", reaction_words[i].meaning);
  }
  return out;
}

std::string explain_rule(const CatalogueRule& rule) {
  std::string given = commas(rule.given);
  if (!rule.condition.empty()) given += fmt::format(", with {}", rule.condition);
  return fmt::format("{}, a rule on {}\n\n", rule.id, rule.group) + paragraph("given", given) +
         paragraph("when", rule.when) + paragraph("then", rule.then) + "\n" +
         paragraph("level", level_text(rule.level)) + paragraph("source", rule.source) +
         paragraph("testable", tester(rule.testable, rule.needs)) +
         paragraph("shown by", evidence_text(rule.id)) + paragraph("rival", rule.rival) +
         paragraph("note", rule.note) +
         listed("Requirements of RFC 9293", rule.requirements, catalogue_requirements(),
                [](const CatalogueRequirement& each) {
                  return fmt::format("{}: {}", each.level, each.statement);
                }) +
         listed("Edges of the state machine", rule.edges, catalogue_edges(), edge_with_states);
}

std::string explain_requirement(const CatalogueRequirement& requirement) {
  return fmt::format("{}, a requirement of RFC 9293 on {}\n\n", requirement.id, requirement.topic) +
         paragraph("asks", requirement.statement) + "\n" + paragraph("level", requirement.level) +
         paragraph("source", fmt::format("RFC 9293 {}", requirement.section)) +
         paragraph("testable", tester(requirement.testable, "")) + paragraph("how", requirement.why) +
         paragraph("note", requirement.note) + paragraph("see", requirement.see) +
         rules_that([&](const CatalogueRule& rule) { return lists(rule.requirements, requirement.id); });
}

std::string explain_edge(const CatalogueEdge& edge) {
  const std::string what =
      edge.from == edge.to ? fmt::format("an edge that stays in {}", to_string(edge.from))
                           : fmt::format("the edge from {} to {}", to_string(edge.from), to_string(edge.to));
  return fmt::format("{}, {}\n\n", edge.id, what) +
         paragraph("on", fmt::format("{} ({})", edge.event, edge.trigger)) + paragraph("emits", edge.emits) +
         "\n" + paragraph("class", edge.kind) +
         paragraph("standing", std::string(standing_text(edge.standing))) + paragraph("source", edge.source) +
         paragraph("note", edge.note) +
         rules_that([&](const CatalogueRule& rule) { return lists(rule.edges, edge.id); });
}

std::string explain_state(const CatalogueState& state) {
  std::string out = fmt::format("{}, a state of a TCP connection\n\n", to_string(state.state)) +
                    paragraph("meaning", state.meaning) + paragraph("reach", state.reach) +
                    paragraph("shows by", state.probe);
  std::string leaving, staying;
  for (const CatalogueEdge& edge : catalogue_edges()) {
    if (edge.from != state.state) continue;
    if (edge.to == edge.from) {
      staying += paragraph(edge.id, edge_line(edge));
    } else {
      leaving += paragraph(edge.id, fmt::format("to {}: {}", to_string(edge.to), edge_line(edge)));
    }
  }
  if (!leaving.empty()) out += "\nWays out\n" + leaving;
  if (!staying.empty()) out += "\nWhat happens without leaving\n" + staying;
  return out;
}

std::string explain_invariant(const Invariant& rule) {
  return fmt::format("{}, checked on every segment, whatever the scenario says\n\n", rule.id) +
         paragraph("asks", rule.sentence) + "\n" + paragraph("level", to_string(rule.level)) +
         paragraph("source", rule.source) +
         listed("Requirements of RFC 9293", rule.entries, catalogue_requirements(),
                [](const CatalogueRequirement& each) {
                  return fmt::format("{}: {}", each.level, each.statement);
                }) +
         listed("Rules on this", rule.entries, catalogue_rules(), rule_line);
}

}  // namespace

Result<std::string> explain(std::string_view word) {
  const std::string id = upper(word);
  if (const auto* rule = find(catalogue_rules(), id)) return explain_rule(*rule);
  if (const auto* requirement = find(catalogue_requirements(), id)) return explain_requirement(*requirement);
  if (const auto* edge = find(catalogue_edges(), id)) return explain_edge(*edge);
  if (const auto* broken = find(invariants(), id)) return explain_invariant(*broken);
  for (const CatalogueState& state : catalogue_states()) {
    if (to_string(state.state) == id) return explain_state(state);
  }
  std::vector<std::string_view> words(tcp_state_names.begin(), tcp_state_names.end());
  for (const CatalogueEntry& entry : catalogue_entries()) words.push_back(entry.id);
  for (const Invariant& each : invariants()) words.push_back(each.id);
  const auto near = nearest_word(id, words);
  return fail(fmt::format("`{}` is no id of the catalogue and no state", printable(word)),
              near
                  ? fmt::format("did you mean `{}`?", *near)
                  : "there are rules (CR-054), requirements (MUST-13), edges (T-059), states (TIME-WAIT) and "
                    "invariants (INV-FIN)");
}

std::string tested_by(std::string_view word, const std::vector<Scenario>& scenarios,
                      const std::string& searched) {
  const std::string id = upper(word);
  if (parse_tcp_state(id) || find(invariants(), id)) return "";
  std::string direct, through;
  for (const Scenario& scenario : scenarios) {
    const auto& covers = scenario.covers;
    if (std::ranges::find(covers, id) != covers.end()) {
      direct += fmt::format("  {}: {}\n", scenario.id, scenario.title);
      continue;
    }
    for (const std::string& covered : covers) {
      const auto* rule = find(catalogue_rules(), covered);
      if (!rule || !(lists(rule->requirements, id) || lists(rule->edges, id))) continue;
      through += fmt::format("  {}: {} ({})\n", scenario.id, scenario.title, covered);
      break;
    }
  }
  if (direct.empty() && through.empty())
    return fmt::format("\nTested by no scenario in {}\n", plain_line(searched));
  std::string out;
  if (!direct.empty()) out += fmt::format("\nTested in {} by\n{}", searched, direct);
  if (!through.empty()) out += fmt::format("\nTested in {} through a rule by\n{}", searched, through);
  return plain_text(out);
}

}  // namespace finack
