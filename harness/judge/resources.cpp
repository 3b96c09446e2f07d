// SPDX-License-Identifier: Apache-2.0
#include "judge/resources.h"

#include <fmt/format.h>

#include "base/text.h"

namespace finack {

namespace {

// How much more may be there though nothing was kept. Linux counts the memory of TCP once a processor has
// taken or given back a megabyte, which is 256 pages, and until then not at all. It is compared on kernels
// that have one processor only: it may have counted one too many after, and one too few before.
std::int64_t slack(const std::string& name) {
  constexpr std::int64_t memory_pages = 2 * 256;
  return name == "tcp-memory" ? memory_pages : 0;
}

// What the counts that have risen tell of where it is.
std::string hint_for(const Counts& more) {
  if (more.contains("tcp") || more.contains("tcp6") || more.contains("connections") ||
      more.contains("listeners"))
    return "sockets are still in the tables of TCP: nobody closed them, or they were never taken out";
  if (more.contains("time-wait")) return "records of TIME-WAIT are there that nobody can take away";
  if (more.contains("sockets") || more.contains("tcp-sockets"))
    return "no table of TCP has them: sockets that are over were never freed";
  return "objects that belong to no socket any more were never freed";
}

Counts total(const Resources& resources, Counts Account::*which) {
  Counts out;
  for (const Account& account : resources.accounts) {
    for (const auto& [name, count] : account.*which) out[name] += count;
  }
  return out;
}

}  // namespace

std::optional<Leak> leak_in(const Account& account, Duration waited) {
  Counts more;
  std::vector<std::string> wanted, got;
  for (const auto& [name, before] : account.before) {
    const auto after = account.after.find(name);
    if (after == account.after.end() || after->second <= before + slack(name)) continue;
    more[name] = after->second - before;
    const std::string most = slack(name) > 0 ? fmt::format(" and {} more at most", slack(name)) : "";
    wanted.push_back(fmt::format("{} {}{}", name, before, most));
    got.push_back(fmt::format("{} {}", name, after->second));
  }
  if (more.empty()) return std::nullopt;
  Leak out;
  out.where = account.where;
  out.wanted = join(wanted, ", ") + ", as before the first instance";
  out.got = fmt::format("{}, {} after the last", join(got, ", "), to_text(waited));
  out.hint = hint_for(more);
  return out;
}

Counts total_before(const Resources& resources) {
  return total(resources, &Account::before);
}

Counts total_after(const Resources& resources) {
  return total(resources, &Account::after);
}

}  // namespace finack
