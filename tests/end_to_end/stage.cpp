// SPDX-License-Identifier: Apache-2.0
#include "end_to_end/stage.h"

#include <stdlib.h>

#include <fstream>
#include <iterator>
#include <stdexcept>

namespace finack {

namespace fs = std::filesystem;

Stage::Stage() {
  std::string name = (fs::temp_directory_path() / "finack-test-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make the folder " + name);
  folder_ = name;
  ::setenv("XDG_STATE_HOME", path("state").c_str(), 1);  // what finack remembers is none of the user's
  fs::copy_file(FINACK_PROGRAM, path("finack"));
  fs::copy_file(FINACK_AGENT, path("finack-agent"));
}

Stage::~Stage() {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

fs::path Stage::write(std::string_view name, std::string_view text) const {
  fs::create_directories(path(name).parent_path());
  std::ofstream(path(name)) << text;
  return path(name);
}

void Stage::replace_agent(std::string_view script) const {
  fs::remove(path("finack-agent"));
  write("finack-agent", "#!/bin/sh\nAGENT='" FINACK_AGENT "'\n" + std::string(script));
  fs::permissions(path("finack-agent"), fs::perms::owner_all);
}

void Stage::put_between(std::string_view rules) const {
  const std::string nft = require_tool("nft", "nftables");
  const fs::path file = write("rules.nft", rules);
  replace_agent("'" + nft + "' -f '" + file.string() + "' || exit 9\nexec \"$AGENT\"\n");
}

Start Stage::start(std::vector<std::string> arguments) const {
  arguments.insert(arguments.begin(), path("finack").string());
  return {std::move(arguments)};
}

Outcome Stage::finack(std::vector<std::string> arguments, Milliseconds limit) const {
  return run_program(start(std::move(arguments)), limit);
}

Outcome Stage::finack_unhurried(const std::vector<std::string>& arguments, Milliseconds limit) const {
  constexpr int inconclusive = 4;  // exit status
  Outcome outcome = finack(arguments, limit);
  for (int again = 0; again < 2 && outcome.exit_status == inconclusive; ++again)
    outcome = finack(arguments, limit);
  return outcome;
}

std::string close_suite(std::string_view file) {
  return FINACK_SOURCE_DIR "/suites/close" + std::string(file.empty() ? "" : "/") + std::string(file);
}

std::string all_suites() {
  return FINACK_SOURCE_DIR "/suites";
}

std::vector<std::string> run_without_matrix(const std::string& folder, std::vector<std::string> options) {
  options.insert(options.begin(), {"run", folder, "--skip", "close/matrix"});
  return options;
}

std::string read_file(const fs::path& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path.string());
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace finack
