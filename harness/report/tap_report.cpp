// SPDX-License-Identifier: Apache-2.0
#include "report/tap_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "report/ladder.h"
#include "report/plain.h"
#include "report/resources_text.h"

namespace finack {

namespace {

// A `#` begins a directive; a description that has one must escape it.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : plain_line(text)) {
    if (c == '#' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

// A double-quoted scalar of YAML.
std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : plain_line(text)) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::string indented(std::string_view text, std::string_view by) {
  std::string out;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    out += fmt::format("{}{}\n", by, line);
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
  return out;
}

std::string diagnosis(const InstanceFinished& event) {
  std::string out = fmt::format("  ---\n  verdict: {}\n", to_string(event.verdict));
  if (!event.reason.empty()) out += fmt::format("  message: {}\n", quoted(event.reason));
  if (const auto& finding = event.finding) {
    out += fmt::format("  at: {}\n  step: {}\n  wanted: {}\n  got: {}\n", quoted(to_string(finding->place)),
                       quoted(step_line(*event.program, *finding)), quoted(finding->wanted),
                       quoted(finding->got));
    if (!finding->differences.empty()) out += "  differences:\n";
    for (const std::string& difference : finding->differences)
      out += fmt::format("    - {}\n", quoted(difference));
    if (!finding->rule.empty()) out += fmt::format("  rule: {}\n", quoted(broken_rule(*finding)));
    if (!finding->hint.empty()) out += fmt::format("  hint: {}\n", quoted(finding->hint));
  }
  out += fmt::format("  seconds: {:.3f}\n", seconds(event.duration));
  // The indentation of the block is said, for its first line begins with spaces of its own.
  if (!event.trace.empty()) out += "  exchange: |2\n" + indented(plain_text(ladder(event)), "    ");
  return out + "  ...\n";
}

class TapReport {
 public:
  TapReport(std::function<void(std::string_view)> print, const TapSettings& settings)
      : print_(std::move(print)), settings_(settings) {}

  void operator()(const RunStarted& event) {
    std::string head = "TAP version 14\n";
    if (settings_.rounds > 0) head += plan(event.total);
    const Environment& where = event.environment;
    head += fmt::format("# {}, profile {}, seed {}\n", plain_line(where.kernel), plain_line(where.profile),
                        where.seed);
    print_(head);
  }
  void operator()(const InstanceFinished& event) {
    const bool ok = event.verdict == Verdict::pass || event.verdict == Verdict::skipped ||
                    (event.verdict == Verdict::warn && !settings_.strict);
    std::string line = fmt::format("{} {} - {}", ok ? "ok" : "not ok", ++number_,
                                   escaped(instance_name(event, settings_.rounds)));
    if (event.verdict == Verdict::skipped) line += " # SKIP " + escaped(event.reason);
    if (event.verdict == Verdict::known) line += " # TODO known deviation: " + escaped(event.reason);
    line += '\n';
    if (event.verdict != Verdict::pass && event.verdict != Verdict::skipped) line += diagnosis(event);
    print_(line);
  }
  void operator()(const RunFinished& event) {
    const std::size_t left = event.summary.total - number_;
    // No test point: the plan has been printed. The exit status tells.
    for (const Leak& leak : event.summary.resources.leaks)
      print_("# the target holds more than before\n" + indented(details(leak), "#"));
    if (event.summary.interrupted || event.summary.out_of_time) {
      print_(fmt::format("Bail out! {}, {} of {} not finished\n",
                         event.summary.interrupted ? "interrupted" : "out of time", left,
                         event.summary.total));
    } else if (settings_.rounds == 0) {
      print_(plan(number_));
    }
  }

 private:
  static std::string plan(std::size_t total) { return fmt::format("1..{}\n", total); }

  std::function<void(std::string_view)> print_;
  TapSettings settings_;
  std::size_t number_ = 0;
};

}  // namespace

EventSink tap_report(std::function<void(std::string_view)> print, const TapSettings& settings) {
  return [report = std::make_shared<TapReport>(std::move(print), settings)](const Event& event) {
    std::visit(*report, event);
  };
}

}  // namespace finack
