// SPDX-License-Identifier: Apache-2.0
#include "report/json_report.h"

#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "report/plain.h"
#include "scenario/catalogue.h"

namespace finack {

namespace {

using Json = nlohmann::ordered_json;

Json failed_step(const Finding& finding) {
  Json out = {{"file", finding.place.file}, {"line", finding.place.line}, {"column", finding.place.column},
              {"step", finding.step_text},  {"wanted", finding.wanted},   {"got", finding.got}};
  if (!finding.differences.empty()) out["differences"] = finding.differences;
  if (!finding.rule.empty()) out["rule"] = finding.rule;
  if (!finding.hint.empty()) out["hint"] = finding.hint;
  out["signature"] = finding.signature;
  return out;
}

Json claimed(const Claim& claim) {
  Json out = {{"rule", claim.rule}, {"shown_in", Json::array()}};
  for (const TcpState state : claim.shown) out["shown_in"].push_back(to_string(state));
  if (!claim.missing.empty()) out["missing"] = claim.missing;
  return out;
}

// Texts may quote what came from outside: octets that are no UTF-8 must not cost the report.
std::string text_of(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

// In seconds.
Json distribution(const Distribution& all) {
  return {{"count", all.count()},
          {"p50", seconds(all.quantile(0.5))},
          {"p90", seconds(all.quantile(0.9))},
          {"p99", seconds(all.quantile(0.99))},
          {"max", seconds(all.most())}};
}

Json held(const Resources& resources) {
  Json out = {{"before", total_before(resources)},
              {"after", total_after(resources)},
              {"taken_away", resources.taken_away},
              {"leaks", Json::array()}};
  if (!resources.unjudged.empty()) out["unjudged"] = resources.unjudged;
  for (const Leak& leak : resources.leaks)
    out["leaks"].push_back(
        {{"where", leak.where}, {"wanted", leak.wanted}, {"got", leak.got}, {"hint", leak.hint}});
  return out;
}

class JsonReport {
 public:
  JsonReport(std::function<void(const std::string&)> write, bool strict, bool timing)
      : write_(std::move(write)), strict_(strict), timing_(timing) {
    root_["version"] = json_report_version;
    root_["environment"] = Json::object();
    root_["summary"] = Json::object();
    root_["scenarios"] = Json::array();
  }

  void operator()(const RunStarted& event) {
    const Environment& where = event.environment;
    root_["environment"] = {
        {"world", where.world},       {"kernel", where.kernel},     {"sysctls", where.sysctls},
        {"release", where.release},   {"seed", where.seed},         {"profile", where.profile},
        {"versions", where.versions}, {"left_out", where.left_out}, {"at_once", where.at_once}};
  }
  void operator()(const InstanceFinished& event) {
    Json entry = {{"id", id_of(event)},
                  {"title", event.program->title},
                  {"verdict", to_string(event.verdict)},
                  {"covers", event.program->covers},
                  {"duration", seconds(event.duration)},
                  {"failed_step", nullptr}};
    if (event.finding) entry["failed_step"] = failed_step(*event.finding);
    if (!event.reason.empty()) entry["reason"] = event.reason;
    if (!event.readings.empty()) entry["readings"] = event.readings;
    entry["edges"] = Json::array();
    for (const std::uint8_t place : event.edges) entry["edges"].push_back(catalogue_edges()[place].id);
    entry["tracked"] = event.tracked;
    entry["states"] = Json::array();
    for (const TcpState state : states_named(*event.program)) entry["states"].push_back(to_string(state));
    entry["claims"] = Json::array();
    for (const Claim& claim : event.claims) entry["claims"].push_back(claimed(claim));
    if (event.again) entry["again"] = true;
    if (event.deviation) entry["deviation"] = to_string(event.deviation->place);
    // As text at once: as objects those of a long run would take ten times the memory.
    scenarios_ += scenarios_.empty() ? "\n    " : ",\n    ";
    for (const char each : text_of(entry)) {
      scenarios_ += each;
      if (each == '\n') scenarios_ += "    ";
    }
  }
  void operator()(const RunFinished& event) {
    Json& summary = root_["summary"];
    for (std::size_t i = 0; i < verdict_names.size(); ++i)
      summary[std::string(verdict_names[i])] = event.summary.counts[i];
    summary["total"] = event.summary.total;
    summary["interrupted"] = event.summary.interrupted;
    summary["out_of_time"] = event.summary.out_of_time;
    summary["strict"] = strict_;
    summary["vanished"] = Json::array();
    for (const Deviation& deviation : event.summary.vanished)
      summary["vanished"].push_back(to_string(deviation.place));
    summary["choices"] = Json::object();
    for (const auto& [place, instances] : event.summary.choices)
      summary["choices"][std::string(catalogue_edges()[place].id)] = instances;
    summary["untracked"] = event.summary.untracked;
    summary["repeated"] = event.summary.repeated;
    summary["duration"] = seconds(event.summary.duration);
    // Last: a new key moves the others, and `summary` with them.
    if (timing_) {
      root_["timing"] = {{"reaction", distribution(event.summary.timing.reaction)},
                         {"lateness", distribution(event.summary.timing.lateness)}};
    }
    if (!event.summary.resources.accounts.empty()) root_["resources"] = held(event.summary.resources);
    std::string text = text_of(root_) + "\n";
    // No string holds that: quotation marks in it are escaped.
    constexpr std::string_view place = "\"scenarios\": [";
    if (!scenarios_.empty()) text.insert(text.find(place) + place.size(), scenarios_ + "\n  ");
    write_(text);
  }

 private:
  std::function<void(const std::string&)> write_;
  bool strict_;
  bool timing_;
  Json root_;
  std::string scenarios_;  // the elements of that array
};

}  // namespace

EventSink json_report(std::function<void(const std::string&)> write, bool strict, bool timing) {
  return [report = std::make_shared<JsonReport>(std::move(write), strict, timing)](const Event& event) {
    std::visit(*report, event);
  };
}

}  // namespace finack
