// SPDX-License-Identifier: Apache-2.0
#include "cli/explain_command.h"

#include <fmt/format.h>

#include "base/text.h"
#include "cli/exit_status.h"
#include "cli/print.h"
#include "cli/scenarios.h"
#include "report/explain.h"

namespace finack {

int explain_command(const ExplainCommand& command) {
  const auto text = explain(command.word);
  if (!text) return complain(text.error(), exit_usage);
  const auto paths = suites_to_search(command.paths);
  const auto profile = target_profile("");
  if (!profile) return complain(profile.error(), exit_usage);
  const Loaded loaded = load_what_can_be_loaded(paths, *profile);
  const std::string searched = join(paths, ", ");
  const int status =
      print_out(*text + (paths.empty() ? "" : tested_by(command.word, loaded.scenarios, searched)));
  if (loaded.errors.empty()) return status;
  for (const Error& error : loaded.errors) complain(error, exit_usage);
  return exit_usage;
}

}  // namespace finack
