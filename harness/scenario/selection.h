// SPDX-License-Identifier: Apache-2.0
// Which programs of many to run, and the names of programs that run several times.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "scenario/scenario.h"

namespace finack {

// Whether a pattern is all of a text: `*` stands for any run of characters, `/` included, `?` for one.
bool glob_matches(std::string_view pattern, std::string_view text);
// Whether a pattern names an instance: it matches the id ("close/active-close/ipv4"), or a beginning of it
// that ends before a `/`, so that `close` names a whole suite.
bool names_instance(std::string_view pattern, std::string_view id);

// Of each list one word must apply; an unset or empty one asks for nothing.
struct Selection {
  std::vector<std::string> only = {};  // patterns of ids
  std::vector<std::string> skip = {};  // patterns of ids; stronger than all others
  std::vector<std::string> tags = {};
  std::vector<std::string> rules = {};  // ids of the catalogue, as in `covers`
  std::optional<Family> family = {};
  bool quick = false;  // not those tagged `slow`, unless `tags` has that word

  friend bool operator==(const Selection&, const Selection&) = default;
};

bool selects(const Selection& selection, const Program& program);
// How many of them `quick` alone leaves out.
std::size_t left_out(const Selection& selection, const std::vector<Program>& programs);

// Those selected, in their order. A word that no program answers to is an error with the nearest one that
// would; so is a selection that leaves nothing.
Result<std::vector<Program>> select(const Selection& selection, std::vector<Program> programs);

// A program that runs several times has the number of the round in its id, but for the first: "a/b/ipv4#2".
std::string id_of_round(const std::string& id, std::size_t round);

}  // namespace finack
