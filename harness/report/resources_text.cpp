// SPDX-License-Identifier: Apache-2.0
#include "report/resources_text.h"

#include <fmt/format.h>

#include "report/plain.h"

namespace finack {

std::string resources_text(const Resources& resources) {
  if (resources.accounts.empty()) return "what the target held is not known\n";
  std::string out = fmt::format("{:<25} {:>9} {:>9}\n", "held by the target", "before", "after");
  const Counts after = total_after(resources);
  for (const auto& [name, before] : total_before(resources)) {
    const auto now = after.find(name);
    out += fmt::format("{:<25} {:>9} {:>9}\n", name, before,
                       now == after.end() ? "" : std::to_string(now->second));
  }
  out += fmt::format("{:<25} {:>19}\n", "taken away at an end", resources.taken_away);
  if (!resources.unjudged.empty()) out += fmt::format("not compared: {}\n", resources.unjudged);
  return out;
}

std::string details(const Leak& leak) {
  return fmt::format("  {}, when all instances were over\n    wanted  {}\n    got     {}\n    hint    {}\n",
                     plain_line(leak.where), leak.wanted, leak.got, leak.hint);
}

}  // namespace finack
