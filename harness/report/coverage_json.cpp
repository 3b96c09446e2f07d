// SPDX-License-Identifier: Apache-2.0
#include "report/coverage_json.h"

#include <nlohmann/json.hpp>

namespace finack {

namespace {

using Json = nlohmann::ordered_json;

Json counts(const std::vector<CoverageEntry>& entries) {
  Json out = {{"total", entries.size()}};
  for (std::size_t i = cover_names.size(); i-- > 0;)
    out[std::string(cover_names[i])] = count(entries, static_cast<Cover>(i));
  return out;
}

Json listed(const std::vector<CoverageEntry>& entries) {
  Json out = counts(entries);
  out["entries"] = Json::array();
  for (const CoverageEntry& each : entries) {
    Json entry = {{"id", each.id}};
    if (each.state) entry["state"] = to_string(*each.state);
    entry["cover"] = to_string(each.cover);
    entry["times"] = each.times;
    entry["by"] = each.by;
    if (!each.reason.empty()) entry["reason"] = each.reason;
    out["entries"].push_back(std::move(entry));
  }
  return out;
}

}  // namespace

std::string coverage_json(const Coverage& coverage) {
  Json root = {
      {"version", coverage_json_version}, {"reports", coverage.reports}, {"played", coverage.played}};
  root["rules"] = listed(coverage.rules);
  root["instances"] = listed(coverage.instances);
  root["edges"] = listed(coverage.edges);
  root["edges"]["close"] = counts(close_edges(coverage.edges));
  root["requirements"] = listed(coverage.requirements);
  return root.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace finack
