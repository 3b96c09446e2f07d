// SPDX-License-Identifier: Apache-2.0
#include "report/coverage.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/text.h"
#include "judge/claims.h"
#include "judge/verdict.h"
#include "report/json_report.h"
#include "scenario/catalogue.h"
#include "scenario/evidence_words.h"
#include "scenario/not_provokable.h"

namespace finack {

namespace {

using Json = nlohmann::json;

// Of the instances that an entry owes its cover to.
constexpr std::size_t most_named = 8;

// What a verdict makes of a claim that nothing shows.
Cover cover_of(const std::string& verdict) {
  if (verdict == to_string(Verdict::pass)) return Cover::passed;
  if (verdict == to_string(Verdict::known)) return Cover::known;
  return verdict == to_string(Verdict::skipped) ? Cover::skipped : Cover::failed;
}

// One instance counts once.
void raise(CoverageEntry& entry, Cover cover, const std::string& by) {
  if (cover < entry.cover || cover == Cover::missing) return;
  if (cover > entry.cover) {
    entry.by.clear();
    entry.times = 0;
  }
  entry.cover = cover;
  if (entry.last_by == by && entry.times > 0) return;
  entry.last_by = by;
  ++entry.times;
  if (entry.by.size() < most_named) entry.by.push_back(by);
}

class Tally {
 public:
  Tally() {
    for (const CatalogueRule& rule : catalogue_rules()) {
      out_.rules.push_back({rule.id});
      for (const TcpState state : states_claimed(rule, {})) out_.instances.push_back({rule.id, state});
    }
    for (const CatalogueEdge& edge : catalogue_edges()) out_.edges.push_back({edge.id});
    for (const CatalogueRequirement& each : catalogue_requirements()) out_.requirements.push_back({each.id});
  }

  void take(const Json& report) {
    ++out_.reports;
    for (const Json& played : report.at("scenarios")) take_instance(played);
  }

  Coverage finish() {
    for (const NotProvokable& each : not_provokable()) note_reason(each);
    for (CoverageEntry& each : out_.instances) note_false_reason(each);
    for (CoverageEntry& each : out_.edges) note_false_reason(each);
    for (CoverageEntry& each : out_.requirements) note_false_reason(each);
    for (CoverageEntry& rule : out_.rules) {
      const auto open = std::ranges::find_if(out_.instances, [&](const CoverageEntry& each) {
        return each.id == rule.id && each.reason.empty();
      });
      const auto any = std::ranges::find(out_.instances, rule.id, &CoverageEntry::id);
      if (open == out_.instances.end()) rule.reason = any->reason;
    }
    for (CoverageEntry& each : out_.requirements) {
      const auto asked = std::ranges::find(catalogue_requirements(), each.id, &CatalogueRequirement::id);
      if (each.cover == Cover::missing && each.reason.empty() && asked->testable == "none")
        each.reason = asked->why;
    }
    return std::move(out_);
  }

 private:
  void note_reason(const NotProvokable& given) {
    const auto states = split_words(given.states);
    for (CoverageEntry& each : out_.instances) {
      const bool meant = states.empty() || std::ranges::find(states, to_string(*each.state)) != states.end();
      if (each.id == given.id && meant) each.reason = given.why;
    }
    for (auto* entries : {&out_.edges, &out_.requirements}) {
      const auto at = std::ranges::find(*entries, given.id, &CoverageEntry::id);
      if (at != entries->end()) at->reason = given.why;
    }
  }

  void note_false_reason(CoverageEntry& entry) {
    if (entry.cover != Cover::covered || entry.reason.empty()) return;
    const std::string in = entry.state ? fmt::format(" in {}", to_string(*entry.state)) : "";
    out_.false_reasons.push_back(
        fmt::format("{}{} is covered by {}, but cannot be according to not_provokable.yaml: {}", entry.id, in,
                    entry.by.front(), entry.reason));
    entry.reason = {};
  }

  void take_instance(const Json& played) {
    ++out_.played;
    const std::string id = played.at("id");
    const Cover cover = cover_of(played.at("verdict"));
    std::vector<TcpState> named;
    for (const std::string name : played.at("states")) {
      if (const auto state = parse_tcp_state(name)) named.push_back(*state);
    }
    for (const std::string edge : played.at("edges"))
      mark(out_.edges, edge, cover == Cover::passed ? Cover::covered : cover, id);
    for (const std::string covered : played.at("covers")) {
      const auto rule = std::ranges::find(catalogue_rules(), covered, &CatalogueRule::id);
      if (rule == catalogue_rules().end()) {
        mark(out_.edges, covered, cover, id);
        mark(out_.requirements, covered, cover, id);
      } else if (take_shown(*rule, played.at("claims"), cover, id)) {
        credit(*rule, Cover::covered, id);
      } else {
        take_claim(*rule, named, cover, id);
        credit(*rule, cover, id);
      }
    }
  }

  // Whether it showed the rule at all.
  bool take_shown(const CatalogueRule& rule, const Json& claims, Cover cover, const std::string& by) {
    if (cover != Cover::passed) return false;
    bool shown = false;
    for (const Json& claim : claims) {
      if (claim.at("rule") != rule.id) continue;
      for (const std::string name : claim.at("shown_in")) {
        const auto state = parse_tcp_state(name);
        for (CoverageEntry& each : out_.instances) {
          if (each.id != rule.id || each.state != state) continue;
          raise(each, Cover::covered, by);
          shown = true;
        }
        if (has_evidence(rule)) mark_edges(rule, state, by);
      }
    }
    return shown;
  }

  // What was seen of a rule tells its edge from others that would have come to the same.
  static bool has_evidence(const CatalogueRule& rule) {
    return std::ranges::find(rule_evidence(), rule.id, &RuleEvidence::rule) != rule_evidence().end();
  }
  void mark_edges(const CatalogueRule& rule, std::optional<TcpState> from, const std::string& by) {
    for (const std::string_view id : split_words(rule.edges)) {
      const auto edge = std::ranges::find(catalogue_edges(), id, &CatalogueEdge::id);
      if (edge->from == from) mark(out_.edges, id, Cover::covered, by);
    }
  }

  void take_claim(const CatalogueRule& rule, const std::vector<TcpState>& named, Cover cover,
                  const std::string& by) {
    const auto claimed = states_claimed(rule, named);
    for (CoverageEntry& each : out_.instances) {
      if (each.id == rule.id && std::ranges::find(claimed, *each.state) != claimed.end())
        raise(each, cover, by);
    }
    if (cover != Cover::skipped) return;
    for (const std::string_view id : split_words(rule.edges)) {
      const auto edge = std::ranges::find(catalogue_edges(), id, &CatalogueEdge::id);
      if (std::ranges::find(claimed, edge->from) != claimed.end()) mark(out_.edges, id, cover, by);
    }
  }

  static void mark(std::vector<CoverageEntry>& entries, std::string_view id, Cover cover,
                   const std::string& by) {
    const auto at = std::ranges::find(entries, id, &CoverageEntry::id);
    if (at != entries.end()) raise(*at, cover, by);
  }

  void credit(const CatalogueRule& rule, Cover cover, const std::string& by) {
    mark(out_.rules, rule.id, cover, by);
    for (const std::string_view id : split_words(rule.requirements)) mark(out_.requirements, id, cover, by);
  }

  Coverage out_;
};

}  // namespace

Result<Coverage> coverage_of(const std::vector<RunReport>& reports) {
  Tally tally;
  for (const RunReport& each : reports) {
    try {
      const Json report = Json::parse(each.text);
      if (report.at("version") != json_report_version)
        return fail(fmt::format("{} is of version {} of the report; version {} is read here", each.name,
                                report.at("version").dump(), json_report_version));
      tally.take(report);
    } catch (const Json::exception&) {
      return fail(each.name + " is no JSON report of this finack",
                  "finack run --json result.json writes one");
    }
  }
  return tally.finish();
}

std::size_t count(const std::vector<CoverageEntry>& entries, Cover cover) {
  return static_cast<std::size_t>(std::ranges::count(entries, cover, &CoverageEntry::cover));
}

std::vector<CoverageEntry> close_edges(const std::vector<CoverageEntry>& edges) {
  std::vector<CoverageEntry> out;
  for (std::size_t i = 0; i < edges.size(); ++i) {
    if (catalogue_edges()[i].close == "true") out.push_back(edges[i]);
  }
  return out;
}

}  // namespace finack
