// SPDX-License-Identifier: Apache-2.0
// A copy of finack with an agent beside it, and files to work on, in a folder that goes with the test.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "end_to_end/process.h"

namespace finack {

class Stage {
 public:
  Stage();
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;
  ~Stage();

  std::filesystem::path path(std::string_view name) const { return folder_ / name; }
  std::filesystem::path write(std::string_view name, std::string_view text) const;

  // finack starts its agent inside the target's network namespace, as root of its user namespace. A shell
  // script in the agent's place comes to do what it likes there; `$AGENT` is the real one.
  void replace_agent(std::string_view script) const;
  // The real agent, in a target whose packets these rules of nftables meet.
  void put_between(std::string_view rules) const;

  Start start(std::vector<std::string> arguments) const;
  Outcome finack(std::vector<std::string> arguments, Milliseconds limit = Milliseconds(60'000)) const;
  // A run that this machine was too busy for, which says so and blames nobody, is made again, twice at most.
  Outcome finack_unhurried(const std::vector<std::string>& arguments,
                           Milliseconds limit = Milliseconds(60'000)) const;

 private:
  std::filesystem::path folder_;
};

// The close suite, or a file of it.
std::string close_suite(std::string_view file = "");
std::string all_suites();
// `finack run` of a folder of these without the event matrix, whose thousands of instances tell nothing about
// finack that the others do not.
std::vector<std::string> run_without_matrix(const std::string& folder, std::vector<std::string> options = {});

std::string read_file(const std::filesystem::path& path);

}  // namespace finack
