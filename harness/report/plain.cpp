// SPDX-License-Identifier: Apache-2.0
#include "report/plain.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "judge/invariant.h"
#include "report/ladder.h"

namespace finack {

namespace {

// The length of the well-formed UTF-8 sequence at the start of a text, 0 when there is none (RFC 3629).
std::size_t sequence_length(std::string_view text) {
  const auto octet = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = octet(0);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xc2 && first <= 0xdf   ? 2
                             : first >= 0xe0 && first <= 0xef ? 3
                             : first >= 0xf0 && first <= 0xf4 ? 4
                                                              : 0;
  if (length == 0 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((octet(i) & 0xc0) != 0x80) return 0;
  }
  const unsigned char second = octet(1);
  if (first == 0xe0 && second < 0xa0) return 0;  // written longer than needed
  if (first == 0xed && second > 0x9f) return 0;  // surrogates
  if (first == 0xf0 && second < 0x90) return 0;
  if (first == 0xf4 && second > 0x8f) return 0;
  return length;
}

// Control characters of Unicode's second block, and the two that XML forbids beside them.
bool is_forbidden(std::string_view sequence) {
  return (sequence[0] == '\xc2' && static_cast<unsigned char>(sequence[1]) < 0xa0) ||
         sequence == "\xef\xbf\xbe" || sequence == "\xef\xbf\xbf";
}

std::size_t preamble_steps(const Program& program) {
  return static_cast<std::size_t>(std::ranges::count_if(program.steps, &Step::preamble));
}

}  // namespace

double seconds(Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

std::string plain_text(std::string_view text) {
  constexpr std::string_view replacement = "\xef\xbf\xbd";
  std::string out;
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    const std::string_view sequence = text.substr(0, std::max<std::size_t>(length, 1));
    const unsigned char first = static_cast<unsigned char>(sequence[0]);
    if (sequence == "\t") {
      out += ' ';
    } else if (length == 0 || (first < ' ' && first != '\n') || first == 0x7f ||
               (length > 1 && is_forbidden(sequence))) {
      out += replacement;
    } else {
      out += sequence;
    }
    text.remove_prefix(sequence.size());
  }
  return out;
}

std::string plain_line(std::string_view text) {
  std::string out = plain_text(text);
  std::ranges::replace(out, '\n', ' ');
  return out;
}

std::string instance_name(const InstanceFinished& event, std::size_t rounds) {
  const std::string name = plain_line(event.program->id);
  if (rounds == 1) return name;
  const std::string of = rounds > 1 ? fmt::format(" of {}", rounds) : "";
  return fmt::format("{} ({}{})", name, event.round, of);
}

std::string step_line(const Program& program, const Finding& finding) {
  const std::size_t before = preamble_steps(program);
  const std::size_t written = program.steps.size() - before;
  if (finding.step >= program.steps.size()) return fmt::format("after step {}, the last", written);
  if (finding.step < before) return fmt::format("on the way to `given`, {}", finding.step_text);
  return fmt::format("step {} of {}, {}", finding.step - before + 1, written, finding.step_text);
}

std::string broken_rule(const Finding& finding) {
  const auto rule = std::ranges::find(invariants(), finding.rule, &Invariant::id);
  if (rule == invariants().end()) return finding.rule;
  return fmt::format("{}, a {} of {}", rule->id, to_string(rule->level), rule->source);
}

std::string details(const InstanceFinished& event) {
  std::string out;
  if (const auto& finding = event.finding) {
    out += fmt::format("  {}: {}\n", to_string(finding->place), step_line(*event.program, *finding));
    out += fmt::format("    wanted  {}\n    got     {}\n", finding->wanted, finding->got);
    for (const std::string& difference : finding->differences)
      out += fmt::format("            {}\n", difference);
    if (!finding->rule.empty()) out += fmt::format("    rule    {}\n", broken_rule(*finding));
    if (!finding->hint.empty()) out += fmt::format("    hint    {}\n", finding->hint);
  }
  if (event.verdict != Verdict::fail && !event.reason.empty())
    out += fmt::format("    reason  {}\n", event.reason);
  if (!event.trace.empty()) out += "\n" + ladder(event) + "\n";
  return plain_text(out);
}

std::string claim_line(const Program& program, const Claim& claim) {
  const auto rule = std::ranges::find(catalogue_rules(), claim.rule, &CatalogueRule::id);
  std::vector<std::string> states;
  for (const TcpState state : states_claimed(*rule, states_named(program)))
    states.emplace_back(to_string(state));
  return fmt::format("{} in {}: {}", claim.rule, join(states, ", "), claim.missing);
}

bool counts_as_failure(Verdict verdict, bool strict) {
  return verdict == Verdict::fail || (strict && verdict == Verdict::warn);
}

}  // namespace finack
