// SPDX-License-Identifier: Apache-2.0
#include "report/coverage_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>

#include "report/paragraph.h"
#include "report/plain.h"
#include "scenario/catalogue.h"

namespace finack {

namespace {

constexpr std::size_t most_listed = 12;  // of a kind, unless all is wanted

constexpr Cover columns[] = {Cover::covered, Cover::passed,  Cover::known,
                             Cover::failed,  Cover::skipped, Cover::missing};

std::string row(std::string_view name, const std::vector<CoverageEntry>& entries) {
  std::string out = fmt::format("{:<26}{:>7}", name, entries.size());
  for (const Cover cover : columns) out += fmt::format("{:>9}", count(entries, cover));
  return out + "\n";
}

std::string table(const Coverage& coverage) {
  std::string out = fmt::format("{:<26}{:>7}", "", "total");
  for (const Cover cover : columns) out += fmt::format("{:>9}", to_string(cover));
  return out + "\n" + row("rules", coverage.rules) + row("  once for each state", coverage.instances) +
         row("edges of the states", coverage.edges) + row("  of a close", close_edges(coverage.edges)) +
         row("requirements of RFC 9293", coverage.requirements);
}

template <class Entry>
const Entry& find(std::span<const Entry> all, std::string_view id) {
  return *std::ranges::find(all, id, &Entry::id);
}

std::string edge_line(const CatalogueEdge& edge) {
  const std::string to = edge.to == edge.from ? " stays" : fmt::format(" to {}", to_string(edge.to));
  return fmt::format("{}{}: {}", to_string(edge.from), to, edge.event);
}

std::string by_whom(const CoverageEntry& entry) {
  if (entry.by.empty()) return "";
  const std::size_t more = entry.times - 1;
  return fmt::format(" [{}{}]", plain_line(entry.by.front()),
                     more > 0 ? fmt::format(" and {} more", more) : "");
}

std::string reason_of(const CoverageEntry& entry) {
  return entry.reason.empty() ? "" : fmt::format(" (nobody can provoke it: {})", entry.reason);
}

// What an entry is, in words.
using Words = std::string (*)(const CoverageEntry&);

std::string rule_words(const CoverageEntry& entry) {
  const CatalogueRule& rule = find(catalogue_rules(), entry.id);
  return fmt::format("when {}: {}", rule.when, rule.then);
}
std::string edge_words(const CoverageEntry& entry) {
  return edge_line(find(catalogue_edges(), entry.id));
}
std::string requirement_words(const CoverageEntry& entry) {
  const CatalogueRequirement& asked = find(catalogue_requirements(), entry.id);
  return fmt::format("{}: {}", asked.level, asked.statement);
}

// The rules that have come that far in a state, each once; the reasons stand with the states.
std::vector<CoverageEntry> by_rule(const std::vector<CoverageEntry>& instances, Cover cover) {
  std::vector<CoverageEntry> out;
  for (const CoverageEntry& each : instances) {
    if (each.cover != cover || (!out.empty() && out.back().id == each.id)) continue;
    out.push_back(each);
    out.back().reason = {};
  }
  return out;
}

// "ESTABLISHED, CLOSE-WAIT; FIN-WAIT-2 (nobody can provoke it: ...)"
std::string states_words(const Coverage& coverage, const CoverageEntry& entry) {
  std::vector<CoverageEntry> groups;  // the first of each reason
  std::vector<std::string> states;    // of each of them
  for (const CoverageEntry& each : coverage.instances) {
    if (each.id != entry.id || each.cover != entry.cover) continue;
    const auto group = std::ranges::find(groups, each.reason, &CoverageEntry::reason);
    if (group == groups.end()) {
      groups.push_back(each);
      states.emplace_back(to_string(*each.state));
    } else {
      states[static_cast<std::size_t>(group - groups.begin())] += fmt::format(", {}", to_string(*each.state));
    }
  }
  std::string out;
  for (std::size_t i = 0; i < groups.size(); ++i)
    out += fmt::format("{}{}{}", i > 0 ? "; " : "", states[i], reason_of(groups[i]));
  return out;
}

class Lists {
 public:
  Lists(const Coverage& coverage, bool all) : coverage_(coverage), all_(all) {}

  std::string text() const {
    std::string out;
    for (const Cover cover :
         {Cover::missing, Cover::skipped, Cover::failed, Cover::known, Cover::passed, Cover::covered}) {
      if (cover == Cover::covered && !all_) continue;
      const auto states = [this](const CoverageEntry& each) { return states_words(coverage_, each); };
      out += list("rules", cover, of(coverage_.rules, cover), rule_words);
      out += list("rules in a state", cover, by_rule(coverage_.instances, cover), states);
      out += list("edges", cover, of(coverage_.edges, cover), edge_words);
      out += list("requirements", cover, of(coverage_.requirements, cover), requirement_words);
    }
    return out;
  }

 private:
  static std::vector<CoverageEntry> of(const std::vector<CoverageEntry>& entries, Cover cover) {
    std::vector<CoverageEntry> out;
    std::ranges::copy_if(entries, std::back_inserter(out),
                         [&](const CoverageEntry& each) { return each.cover == cover; });
    return out;
  }

  std::string list(std::string_view what, Cover cover, const std::vector<CoverageEntry>& entries,
                   const auto& words) const {
    if (entries.empty()) return "";
    std::string out = fmt::format("\n{} {}\n", what, to_string(cover));
    std::size_t listed = 0;
    for (const CoverageEntry& each : entries) {
      if (!all_ && listed == most_listed) break;
      out += paragraph(each.id, words(each) + reason_of(each) + by_whom(each));
      ++listed;
    }
    if (listed < entries.size())
      out += fmt::format("  and {} more; --all lists them\n", entries.size() - listed);
    return out;
  }

  const Coverage& coverage_;
  bool all_;
};

}  // namespace

std::string coverage_text(const Coverage& coverage, bool all) {
  return fmt::format("{} instance{} in {} report{}\n\n", coverage.played, coverage.played == 1 ? "" : "s",
                     coverage.reports, coverage.reports == 1 ? "" : "s") +
         table(coverage) + Lists(coverage, all).text();
}

}  // namespace finack
