// SPDX-License-Identifier: Apache-2.0
#include "cli/version.h"

#include <fmt/format.h>

#include "report/json_report.h"
#include "scenario/scenario.h"
#include "target/protocol.h"

namespace finack {

std::map<std::string, std::string> versions() {
  return {{"finack", FINACK_VERSION},
          {"language", std::to_string(language_version)},
          {"agent_protocol", std::to_string(protocol_version)},
          {"json_report", std::to_string(json_report_version)}};
}

std::string version_text() {
  return fmt::format("finack {}\nscenario language {}, agent protocol {}, JSON report {}\n", FINACK_VERSION,
                     language_version, protocol_version, json_report_version);
}

}  // namespace finack
