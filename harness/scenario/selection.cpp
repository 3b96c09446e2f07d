// SPDX-License-Identifier: Apache-2.0
#include "scenario/selection.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "base/text.h"
#include "scenario/catalogue.h"

namespace finack {

namespace {

using Names = std::function<bool(const Program&, const std::string&)>;

bool covers(const Program& program, const std::string& rule) {
  return std::ranges::find(program.covers, rule) != program.covers.end();
}

const std::string slow_tag = "slow";

bool has_word(const std::vector<std::string>& words, const std::string& word) {
  return std::ranges::find(words, word) != words.end();
}

bool has_tag(const Program& program, const std::string& tag) {
  return has_word(program.tags, tag);
}

bool has_id(const Program& program, const std::string& pattern) {
  return names_instance(pattern, program.id);
}

bool any_of(const std::vector<std::string>& words, const Program& program, const Names& applies) {
  return std::ranges::any_of(words, [&](const std::string& word) { return applies(program, word); });
}

std::string near(std::string_view word, std::vector<std::string_view> candidates) {
  std::ranges::sort(candidates);
  candidates.erase(std::unique(candidates.begin(), candidates.end()), candidates.end());
  const auto found = nearest_word(word, candidates);
  return found ? fmt::format("did you mean `{}`?", *found) : "";
}

std::string near_id(const std::string& pattern, const std::vector<Program>& programs) {
  std::vector<std::string_view> ids;
  for (const Program& program : programs) {
    const std::string_view id = program.id;
    for (std::size_t at = id.find('/'); at != std::string_view::npos; at = id.find('/', at + 1))
      ids.push_back(id.substr(0, at));
    ids.push_back(id);
  }
  // Half an id is no slip of the finger, so look for what goes on like it first.
  const std::string_view begun = std::string_view(pattern).substr(0, pattern.find_first_of("*?"));
  const auto longer = std::ranges::find_if(
      ids, [&](std::string_view id) { return begun.size() >= 3 && id.starts_with(begun); });
  if (longer != ids.end()) return fmt::format("did you mean `{}`?", *longer);
  const std::string hint = near(pattern, ids);
  return hint.empty() ? "finack list shows the ids" : hint;
}

std::string near_tag(const std::string& tag, const std::vector<Program>& programs) {
  std::vector<std::string_view> tags;
  for (const Program& program : programs) tags.insert(tags.end(), program.tags.begin(), program.tags.end());
  if (tags.empty()) return "none of them has any tag";
  const std::string hint = near(tag, tags);
  return hint.empty() ? fmt::format("one that is there is `{}`", tags.front()) : hint;
}

std::string near_rule(const std::string& rule) {
  if (find_catalogue_entry(rule))
    return fmt::format("finack explain {} tells what a scenario would have to show", rule);
  std::vector<std::string_view> ids;
  for (const CatalogueEntry& entry : catalogue_entries()) ids.push_back(entry.id);
  return near(rule, ids);
}

}  // namespace

bool glob_matches(std::string_view pattern, std::string_view text) {
  // Where to go on when what follows the last `*` does not fit: that `*` takes one character more.
  std::size_t p = 0, t = 0, star = std::string_view::npos, taken = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      taken = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++taken;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool names_instance(std::string_view pattern, std::string_view id) {
  for (std::size_t at = id.find('/'); at != std::string_view::npos; at = id.find('/', at + 1)) {
    if (glob_matches(pattern, id.substr(0, at))) return true;
  }
  return glob_matches(pattern, id);
}

bool selects(const Selection& selection, const Program& program) {
  if (any_of(selection.skip, program, has_id)) return false;
  if (!selection.only.empty() && !any_of(selection.only, program, has_id)) return false;
  if (!selection.tags.empty() && !any_of(selection.tags, program, has_tag)) return false;
  if (!selection.rules.empty() && !any_of(selection.rules, program, covers)) return false;
  if (selection.quick && !has_word(selection.tags, slow_tag) && has_tag(program, slow_tag)) return false;
  return !selection.family || *selection.family == program.family;
}

std::size_t left_out(const Selection& selection, const std::vector<Program>& programs) {
  Selection patient = selection;
  patient.quick = false;
  return static_cast<std::size_t>(std::ranges::count_if(programs, [&](const Program& program) {
    return selects(patient, program) && !selects(selection, program);
  }));
}

Result<std::vector<Program>> select(const Selection& selection, std::vector<Program> programs) {
  const auto nobody = [&](const std::string& word, const Names& applies) {
    return std::ranges::none_of(programs, [&](const Program& program) { return applies(program, word); });
  };
  // Not for `skip`: a list of what is to be left out may be longer than what is there.
  for (const std::string& pattern : selection.only) {
    if (nobody(pattern, has_id)) {
      return fail(fmt::format("`--only {}` fits none of {} instances", printable(pattern), programs.size()),
                  near_id(pattern, programs));
    }
  }
  for (const std::string& tag : selection.tags) {
    if (nobody(tag, has_tag))
      return fail(fmt::format("no scenario here has the tag `{}`", printable(tag)), near_tag(tag, programs));
  }
  for (const std::string& rule : selection.rules) {
    if (!nobody(rule, covers)) continue;
    const bool known = find_catalogue_entry(rule) != nullptr;
    return fail(known ? fmt::format("no scenario here covers {}", rule)
                      : fmt::format("`{}` is no id of the catalogue", printable(rule)),
                near_rule(rule));
  }
  const std::size_t before = programs.size(), slow = left_out(selection, programs);
  std::erase_if(programs, [&](const Program& program) { return !selects(selection, program); });
  if (programs.empty() && slow > 0) {
    return fail(fmt::format("every instance selected ({}) is tagged `slow`", slow),
                "they take minutes: with --slow they are played");
  }
  if (programs.empty()) {
    return fail(fmt::format("none of {} instances is selected", before),
                "--only, --tag, --rule and --family must all apply, and --skip must not");
  }
  return programs;
}

std::string id_of_round(const std::string& id, std::size_t round) {
  return round == 1 ? id : fmt::format("{}#{}", id, round);
}

}  // namespace finack
