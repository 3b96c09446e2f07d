// SPDX-License-Identifier: Apache-2.0
#include "cli/coverage_command.h"

#include <utility>

#include "base/atomic_file.h"
#include "cli/exit_status.h"
#include "cli/last_run.h"
#include "cli/print.h"
#include "cli/read_file.h"
#include "report/coverage.h"
#include "report/coverage_json.h"
#include "report/coverage_svg.h"
#include "report/coverage_text.h"

namespace finack {

namespace {

Result<std::vector<RunReport>> reports_of(const CoverageCommand& command) {
  std::vector<std::string> files = command.result_files;
  if (files.empty()) {
    const auto last = last_run_report();
    std::error_code code;
    if (last.empty() || !std::filesystem::exists(last, code))
      return fail("`finack coverage` wants a run to look back at, and none is remembered",
                  "finack run suites/close --json result.json; finack coverage result.json");
    files.push_back(last.string());
  }
  std::vector<RunReport> out;
  for (const std::string& file : files) {
    auto text = read_file(file);
    if (!text) return pass_on(text.error());
    out.push_back({file, std::move(*text)});
  }
  return out;
}

}  // namespace

int coverage_command(const CoverageCommand& command) {
  const auto reports = reports_of(command);
  if (!reports) return complain(reports.error(), exit_usage);
  const auto coverage = coverage_of(*reports);
  if (!coverage) return complain(coverage.error(), exit_usage);
  const std::pair<std::string, std::string (*)(const Coverage&)> files[] = {
      {command.json_file, coverage_json}, {command.svg_file, coverage_svg}};
  for (const auto& [file, text] : files) {
    if (file.empty()) continue;
    const std::string content = text(*coverage);
    const BytesView octets(reinterpret_cast<const std::uint8_t*>(content.data()), content.size());
    if (auto done = write_atomically(file, octets); !done) return complain(done.error(), exit_usage);
  }
  const int status = print_out(coverage_text(*coverage, command.all));
  for (const std::string& reason : coverage->false_reasons) complain({reason, "take the reason out"}, status);
  return coverage->false_reasons.empty() ? status : 1;
}

}  // namespace finack
