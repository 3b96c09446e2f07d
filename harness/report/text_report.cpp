// SPDX-License-Identifier: Apache-2.0
#include "report/text_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "base/text.h"
#include "report/ladder.h"

namespace finack {

namespace {

std::size_t preamble_steps(const Program& program) {
  return static_cast<std::size_t>(std::ranges::count_if(program.steps, &Step::preamble));
}

// "step 3 of 9, expect: FIN+ACK"; steps are counted as the author wrote them.
std::string step_line(const Program& program, const Finding& finding) {
  const std::size_t before = preamble_steps(program);
  const std::size_t written = program.steps.size() - before;
  if (finding.step >= program.steps.size()) return fmt::format("after step {}, the last", written);
  if (finding.step < before) return fmt::format("on the way to `given`, {}", finding.step_text);
  return fmt::format("step {} of {}, {}", finding.step - before + 1, written, finding.step_text);
}

std::string details(const InstanceFinished& event) {
  std::string out;
  if (const auto& finding = event.finding) {
    out += fmt::format("  {}: {}\n", to_string(finding->place), step_line(*event.program, *finding));
    out += fmt::format("    wanted  {}\n    got     {}\n", finding->wanted, finding->got);
    for (const std::string& difference : finding->differences)
      out += fmt::format("            {}\n", difference);
    if (!finding->hint.empty()) out += fmt::format("    hint    {}\n", finding->hint);
  }
  if (event.verdict != Verdict::fail) out += fmt::format("    reason  {}\n", event.reason);
  if (!event.trace.empty()) out += "\n" + ladder(event) + "\n";
  return out;
}

class TextReport {
 public:
  explicit TextReport(std::function<void(std::string_view)> print) : print_(std::move(print)) {}

  void operator()(const RunStarted& event) const {
    const Environment& where = event.environment;
    print_(fmt::format("{} instance{} on {}, profile {}, seed {}\n", event.total, event.total == 1 ? "" : "s",
                       where.kernel, where.profile, where.seed));
  }
  void operator()(const InstanceFinished& event) const {
    std::string line = fmt::format("{:<12} {:<44} {}", to_string(event.verdict), event.program->id,
                                   to_text(std::chrono::round<std::chrono::milliseconds>(event.duration)));
    if (event.verdict == Verdict::skipped) line += "  " + event.reason;
    line += '\n';
    if (event.verdict != Verdict::pass && event.verdict != Verdict::skipped) line += details(event);
    print_(line);
  }
  void operator()(const RunFinished& event) const {
    const Summary& summary = event.summary;
    std::string line;
    std::size_t finished = 0;
    for (std::size_t i = 0; i < summary.counts.size(); ++i) {
      finished += summary.counts[i];
      if (summary.counts[i] > 0)
        line += fmt::format("{}{} {}", line.empty() ? "" : ", ", summary.counts[i], verdict_names[i]);
    }
    if (line.empty()) line = "nothing ran";
    if (summary.interrupted)
      line += fmt::format("; interrupted, {} of {} not finished", summary.total - finished, summary.total);
    print_(fmt::format("\n{} in {}\n", line,
                       to_text(std::chrono::round<std::chrono::milliseconds>(summary.duration))));
  }

 private:
  std::function<void(std::string_view)> print_;
};

}  // namespace

EventSink text_report(std::function<void(std::string_view)> print) {
  return [report = TextReport(std::move(print))](const Event& event) { std::visit(report, event); };
}

}  // namespace finack
