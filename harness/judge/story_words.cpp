// SPDX-License-Identifier: Apache-2.0
#include "judge/story_words.h"

#include <algorithm>

namespace finack {

std::uint64_t our_octets(const Story& story, const Moment& by) {
  const bool with_fin = story.our_fin && by.our_next > *story.our_fin;
  return octets_between(by.our_isn, with_fin ? *story.our_fin : by.our_next);
}

Seq edge_announced(const Story& story, std::size_t at) {
  return story.moments[std::min(at + 1, story.moments.size() - 1)].our_edge;
}

std::vector<std::size_t> pending_calls(const Story& story, std::size_t at, std::string_view word) {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < at; ++i) {
    const Moment& each = story.moments[i];
    if (!each.call || each.call->word != word) continue;
    if (each.kind == Moment::Kind::called) out.push_back(each.step);
    if (each.kind == Moment::Kind::returned) std::erase(out, each.step);
  }
  return out;
}

}  // namespace finack
