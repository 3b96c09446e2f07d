// SPDX-License-Identifier: Apache-2.0
#include "mutation/table.h"

#include <fmt/format.h>

#include <array>
#include <regex>
#include <sstream>

#include "base/text.h"
#include "scenario/catalogue.h"

namespace finack {

namespace {

using Kind = model::EdgeMutation::Kind;
constexpr std::array<std::pair<Kind, std::string_view>, 6> kinds = {{{Kind::suppressed, "suppressed"},
                                                                     {Kind::diverted, "elsewhere"},
                                                                     {Kind::silent, "silent"},
                                                                     {Kind::reset, "reset"},
                                                                     {Kind::wrong_seq, "wrong seq"},
                                                                     {Kind::wrong_ack, "wrong ack"}}};

constexpr std::string_view introduction = R"(# What notices a fault

Whether a test suite notices anything is found out by making faults. [The model](profiles.md#the-model) has
one *mutant* for each thing that can be wrong with an edge of its state machine, for each fault that stacks have had, and
for what breaks just one rule.
A test plays all of them against all scenarios of `suites/`, in memory, and writes this page.

A mutant is *reached* when an observer sees anything of it, in any scenario, that is not as with the correct
model: a segment, a state, what a call comes to, or when. What is not reached may be wrong unnoticed, and it takes
another scenario to change that. A reached mutant is *caught*

- by a *scenario*, when a step of it fails;
- by the *watchers*, when a [rule that always holds](language.md#what-is-always-checked) is broken, INV-STATE-MACHINE, the
  reference tracker, among them. The watchers know nothing of what a scenario expects.

Both are counted twice: with the scenarios as they are written, and with the scenarios reduced to their *stimuli*: what
is sent, called and waited for stays, every expectation becomes a pause. Then only the watchers can catch. The
first failure ends an exchange, so one exchange is caught by one of the two; a mutant is caught by both when that
happened in different ones.

The page is made by the test that holds it current, and never by hand: `ctest -C full -R mutation` compares,
`FINACK_APPROVE=1 build/tests/test_mutation --gtest_filter='Full.*'` writes it anew. Reasons stand in
`survivors.txt`, `equivalent.txt` and `unproven.txt` of `tests/mutation/`; the test refuses one that has become wrong.

)";

std::string percent(std::size_t part, std::size_t whole) {
  return whole == 0 ? "-" : fmt::format("{} %", 100 * part / whole);
}

std::string cell(const Tally& counts) {
  return counts.reached == 0 ? "" : fmt::format("{}/{}", counts.caught, counts.reached);
}

std::string summary(const std::vector<Row>& rows) {
  const Tally a = count(rows, &Row::written), b = count(rows, &Row::stimuli);
  const auto line = [](std::string_view what, std::size_t one, const std::string& of_one, std::size_t other,
                       const std::string& of_other) {
    return fmt::format("| {} | {} | {} | {} | {} |\n", what, one, of_one, other, of_other);
  };
  std::string out = "## Summary\n\n| | as written | | stimuli only | |\n| --- | --- | --- | --- | --- |\n";
  const auto share = [&](std::string_view what, std::size_t Tally::*field) {
    out += line(what, a.*field, percent(a.*field, a.reached), b.*field, percent(b.*field, b.reached));
  };
  out += line("mutants", rows.size(), "", rows.size(), "");
  out +=
      line("reached", a.reached, percent(a.reached, rows.size()), b.reached, percent(b.reached, rows.size()));
  share("caught", &Tally::caught);
  share("by a scenario", &Tally::by_scenario);
  share("by the watchers", &Tally::by_watchers);
  share("by both", &Tally::by_both);
  return out + "\nShares of those caught are of those reached.\n\n";
}

std::string told(const std::optional<Catch>& caught) {
  return caught ? fmt::format("{}: {}", caught->program, caught->what) : "";
}

std::string of_defects(const std::vector<Row>& rows) {
  std::string out =
      "## Faults that stacks have had, or that break one rule\n\nWhat caught each first.\n\n"
      "| fault | what it does | a scenario | the watchers | the watchers, of stimuli only |\n"
      "| --- | --- | --- | --- | --- |\n";
  for (const Row& row : rows) {
    if (!row.mutant->defect) continue;
    const std::string by_scenario = row.written.reached ? told(row.written.by_scenario) : "not reached";
    out += fmt::format("| `{}` | {} | {} | {} | {} |\n", row.mutant->name, row.mutant->about, by_scenario,
                       told(row.written.by_watchers), told(row.stimuli.by_watchers));
  }
  return out + "\n";
}

std::string of_edges(const std::vector<Row>& rows) {
  std::string out =
      "## Edges of the state machine\n\nMutants caught of those reached, by "
      "[what is wrong](profiles.md#the-model) with the edge, and in the last column with the\n"
      "stimuli alone. `finack explain T-022` has all about an edge.\n\n| edge | |";
  for (const auto& [kind, name] : kinds) out += fmt::format(" {} |", name);
  out += " stimuli only |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n";
  std::vector<std::string> untaken;
  std::size_t unreached = 0;
  for (const CatalogueEdge& edge : catalogue_edges()) {
    std::vector<Row> of_edge;
    for (const Row& row : rows) {
      if (row.mutant->edge && row.mutant->edge->edge == edge.id) of_edge.push_back(row);
    }
    if (of_edge.empty()) continue;
    if (count(of_edge, &Row::written).reached == 0) {
      untaken.push_back(std::string(edge.id));
      unreached += of_edge.size();
      continue;
    }
    out += fmt::format("| {} | {}: {} |", edge.id, to_string(edge.from), edge.event);
    for (const auto& [kind, name] : kinds) {
      std::vector<Row> of_kind;
      for (const Row& row : of_edge) {
        if (row.mutant->edge->kind == kind) of_kind.push_back(row);
      }
      out += fmt::format(" {} |", cell(count(of_kind, &Row::written)));
    }
    out += fmt::format(" {} |\n", cell(count(of_edge, &Row::stimuli)));
  }
  return out + fmt::format("\nNo scenario shows anything of these edges, which have {} mutants: {}.\n\n",
                           unreached, join(untaken, ", "));
}

std::string of_survivors(const std::vector<Row>& rows, const Reasons& survivors) {
  std::string out =
      "## Gaps\n\nReached by scenarios as written, and caught by nothing.\n\n"
      "| mutant | what it does | seen in | why it is not caught |\n| --- | --- | --- | --- |\n";
  std::vector<std::string> silent;
  for (const Row& row : rows) {
    if (row.stimuli.reached && !row.stimuli.by_watchers) silent.push_back("`" + row.mutant->name + "`");
    if (!row.written.reached || row.written.caught()) continue;
    const auto reason = survivors.find(row.mutant->name);
    out += fmt::format("| `{}` | {} | {} exchanges, first {} | {} |\n", row.mutant->name, row.mutant->about,
                       row.written.programs.size(), row.written.programs.front(),
                       reason == survivors.end() ? "" : reason->second);
  }
  return out + fmt::format("\nThe watchers miss these, of those that the stimuli alone reach: {}.\n\n",
                           join(silent, ", "));
}

constexpr std::string_view about_rules = R"(## Close rules

A scenario that passes has not shown that it would notice if the rule were broken. A rule of
`suites/catalogue/close_rules.yaml` is *proven* by a mutant that it kills: an exchange fails, or warns where the rule is
a SHOULD, in a scenario that names the rule in `covers`, whose exchange with the correct model shows the rule as
[coverage](command-line.md#coverage) counts it, and what is wrong with the mutant is what the rule demands. That is so when

- the mutant is of an *edge* that the catalogue names for the rule, and the exchange shows the rule in the state that the
  edge begins in; or
- the rule is told by *evidence*, and in the exchange that failed its situation came about, in a state that it names, the
  reaction did not, and nothing that an observer sees was wrong before; or
- `tests/mutation/breakers.txt` names the mutant for the rule. That is for rules that demand something beside what their
  edge does, which they share with others (*back off*, where the edge is the repetition); then no other mutant counts.

An exchange that is inconclusive counts for nothing, and one that covers five rules proves the one that the mutant
breaks. The first mutant of each rule is played again in every run of the tests.

)";

std::string of_rules(const Proofs& proofs, const Reasons& unproven) {
  std::string out(about_rules);
  out += fmt::format("{} of {} rules are proven.\n\n", proofs.size(), catalogue_rules().size());
  out += "| rule | given, when | mutants killed | the first | in |\n| --- | --- | --- | --- | --- |\n";
  std::string without;
  for (const CatalogueRule& rule : catalogue_rules()) {
    const auto proof = proofs.find(rule.id);
    if (proof != proofs.end()) {
      const Proof& of_rule = proof->second;
      out += fmt::format("| {} | {}: {} | {} | `{}` | {} |\n", rule.id, rule.given, rule.when,
                         of_rule.mutants.size(), of_rule.mutants.front(), of_rule.program);
      continue;
    }
    const auto why = unproven.find(std::string(rule.id));
    without += fmt::format("| {} | {}: {} | {} | {} |\n", rule.id, rule.given, rule.when, rule.then,
                           why == unproven.end() ? "" : why->second);
  }
  if (without.empty()) return out + "\n";
  return out + "\nUnproven:\n\n| rule | given, when | then | why |\n| --- | --- | --- | --- |\n" + without +
         "\n";
}

std::string of_equivalents(const Reasons& equivalent) {
  std::string out =
      "## Equivalent\n\nNobody can tell these from the correct model.\n\n| mutant | why |\n| --- | --- |\n";
  for (const auto& [name, why] : equivalent) out += fmt::format("| `{}` | {} |\n", name, why);
  return out;
}

}  // namespace

Tally count(const std::vector<Row>& rows, Notice Row::*mode) {
  Tally out;
  for (const Row& row : rows) {
    const Notice& notice = row.*mode;
    out.reached += notice.reached ? 1 : 0;
    out.caught += notice.caught() ? 1 : 0;
    out.by_scenario += notice.by_scenario ? 1 : 0;
    out.by_watchers += notice.by_watchers ? 1 : 0;
    out.by_both += notice.by_scenario && notice.by_watchers ? 1 : 0;
  }
  return out;
}

std::string mutation_table(const std::vector<Row>& rows, const Reasons& survivors, const Reasons& equivalent,
                           const Proofs& proofs, const Reasons& unproven) {
  return std::string(introduction) + summary(rows) + of_defects(rows) + of_rules(proofs, unproven) +
         of_edges(rows) + of_survivors(rows, survivors) + of_equivalents(equivalent);
}

Proofs read_proofs(const std::string& page) {
  static const std::regex row(R"(\| (CR-\d+) \| [^|]* \| \d+ \| `([^`]+)` \| ([^ ]+) \|)");
  std::istringstream in(page);
  Proofs out;
  for (std::string line; std::getline(in, line);) {
    if (std::smatch found; std::regex_match(line, found, row)) out[found[1]] = {{found[2]}, found[3]};
  }
  return out;
}

}  // namespace finack
