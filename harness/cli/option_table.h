// SPDX-License-Identifier: Apache-2.0
// The options of one command: to parse them, and to tell about them.
#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace finack {

struct OptionRow {
  std::string_view name;          // "json", without dashes
  std::string_view value;         // what it wants, "FILE"; empty for a switch
  std::string_view about;         // a short sentence
  bool repeatable = false;        // may stand several times
  std::string_view choices = {};  // the values that it takes, separated by spaces; empty: not fixed
};

struct CommandHelp {
  std::string_view name;       // "run"
  std::string_view arguments;  // "[PATH...]"
  std::string_view about;      // a few lines
  std::span<const OptionRow> options;
  std::string_view examples;  // a line each
};

// What stood on a command line.
class Arguments {
 public:
  Arguments(std::map<std::string, std::vector<std::string>, std::less<>> options,
            std::vector<std::string> words)
      : options_(std::move(options)), words_(std::move(words)) {}

  bool has(std::string_view option) const { return options_.contains(option); }
  // Empty when it did not stand there.
  std::string value(std::string_view option) const;
  std::vector<std::string> values(std::string_view option) const;
  // What is no option, in its order.
  const std::vector<std::string>& words() const { return words_; }

 private:
  std::map<std::string, std::vector<std::string>, std::less<>> options_;
  std::vector<std::string> words_;
};

// `arguments` without the command. An unknown option is an error with the nearest known one.
Result<Arguments> parse_arguments(const CommandHelp& command, const std::vector<std::string>& arguments);

// What `finack help COMMAND` prints.
std::string help_text(const CommandHelp& command);

// A whole number from `least` on; `what` is the option, for the error.
Result<std::uint64_t> number_of(std::string_view what, const std::string& text, std::uint64_t least);

}  // namespace finack
