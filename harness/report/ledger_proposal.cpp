// SPDX-License-Identifier: Apache-2.0
#include "report/ledger_proposal.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "base/text.h"
#include "report/json_report.h"

namespace finack {

namespace {

using Json = nlohmann::json;

struct Entry {
  std::string scenario;  // the id without its family
  std::string signature;
  std::vector<std::string> covers;
  std::set<std::string> families;
};

// In single quotes, as YAML has them: nothing but the quote itself has a meaning.
std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : printable(text, 1000)) {
    if (c == '\'') out += '\'';
    out += c;
  }
  return out + "'";
}

// "6.12" of "6.12.4-amd64": what a deviation is usually told by.
std::string short_release(const std::string& release) {
  const std::size_t first = release.find('.');
  const std::size_t second =
      first == std::string::npos ? first : release.find_first_not_of("0123456789", first + 1);
  return release.substr(0, second);
}

void add(std::vector<Entry>& entries, const Json& instance) {
  const std::string id = instance.at("id");
  const std::size_t slash = id.rfind('/');
  const std::size_t round = id.rfind('#');
  const std::string scenario = id.substr(0, slash), family = id.substr(slash + 1, round - slash - 1);
  const std::string signature = instance.at("failed_step").at("signature");
  const auto same = [&](const Entry& entry) {
    return entry.scenario == scenario && entry.signature == signature;
  };
  auto at = std::ranges::find_if(entries, same);
  if (at == entries.end()) {
    entries.push_back({scenario, signature, instance.at("covers"), {}});
    at = entries.end() - 1;
  }
  at->families.insert(family);
}

std::string text_of(const Entry& entry, std::size_t families, const std::string& release) {
  const bool everywhere = entry.families.size() >= families;
  std::string out;
  for (const std::string& family : everywhere ? std::set<std::string>{""} : entry.families) {
    out += fmt::format("  - scenario: {}\n",
                       quoted(family.empty() ? entry.scenario : entry.scenario + "/" + family));
    out += fmt::format("    signature: {}\n", quoted(entry.signature));
    if (!entry.covers.empty()) out += fmt::format("    covers: [{}]\n", join(entry.covers, ", "));
    if (!release.empty()) out += fmt::format("    since: {}\n", quoted(release));
    out +=
        "    # why: what the target does instead, and why that is known; the profile is refused without it\n";
    out += "    # source: where to read more\n";
  }
  return out;
}

}  // namespace

Result<std::string> propose_deviations(std::string_view json_report) {
  try {
    const Json report = Json::parse(json_report);
    if (report.at("version") != json_report_version)
      return fail(fmt::format("this is version {} of the report; version {} is read here",
                              report.at("version").dump(), json_report_version));
    std::vector<Entry> entries;
    std::map<std::string, std::set<std::string>> families;  // that a scenario ran with
    for (const Json& instance : report.at("scenarios")) {
      const std::string id = instance.at("id"), verdict = instance.at("verdict");
      const std::size_t slash = id.rfind('/');
      families[id.substr(0, slash)].insert(id.substr(slash + 1, id.rfind('#') - slash - 1));
      if (verdict == "fail" || verdict == "warn") add(entries, instance);
    }
    if (entries.empty()) return std::string("# nothing failed in this run: there is nothing to propose\n");
    const std::string release = short_release(report.at("environment").at("release"));
    std::string out =
        fmt::format("# {} of a run on {}; for a profile, once each has its `why`\ndeviations:\n",
                    entries.size() == 1 ? "A failure" : fmt::format("{} failures", entries.size()),
                    printable(report.at("environment").at("kernel").get<std::string>()));
    for (const Entry& entry : entries) out += text_of(entry, families[entry.scenario].size(), release);
    return out;
  } catch (const Json::exception&) {
    return fail("this is no JSON report of finack", "finack run --json result.json writes one");
  }
}

}  // namespace finack
