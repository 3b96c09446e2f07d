// SPDX-License-Identifier: Apache-2.0
#include "cli/option_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/program_options.hpp>
#include <charconv>
#include <limits>

#include "base/text.h"

namespace finack {

namespace po = boost::program_options;

namespace {

po::options_description description_of(const CommandHelp& command) {
  po::options_description out;
  auto add = out.add_options();
  for (const OptionRow& row : command.options) {
    const std::string name(row.name);
    if (row.value.empty()) {
      add(name.c_str(), "");
    } else {
      add(name.c_str(), po::value<std::vector<std::string>>());
    }
  }
  return out;
}

const OptionRow* find_row(const CommandHelp& command, std::string_view name) {
  const auto at = std::ranges::find(command.options, name, &OptionRow::name);
  return at == command.options.end() ? nullptr : &*at;
}

std::string see(const CommandHelp& command) {
  return fmt::format("finack help {} lists the options", command.name);
}

// "--jsno=x" is "jsno"; a single dash is none of ours.
std::string bare_name(const std::string& token) {
  const std::size_t begin = token.find_first_not_of('-');
  return begin == std::string::npos ? token : token.substr(begin, token.find('=') - begin);
}

tl::unexpected<Error> unknown(const CommandHelp& command, const std::string& token) {
  std::vector<std::string> names;
  for (const OptionRow& row : command.options) names.push_back(fmt::format("--{}", row.name));
  const std::vector<std::string_view> views(names.begin(), names.end());
  const std::string name = bare_name(token);
  const auto near = nearest_word("--" + name, views);
  return fail(fmt::format("`finack {}` has no option `{}{}`", command.name,
                          token.starts_with("--") || !token.starts_with("-") ? "--" : "-", printable(name)),
              near ? fmt::format("did you mean `{}`?", *near) : see(command));
}

// What the library's parser objects to, in our words.
tl::unexpected<Error> objection(const CommandHelp& command, const po::error& error) {
  if (const auto* stranger = dynamic_cast<const po::unknown_option*>(&error))
    return unknown(command, stranger->get_option_name());
  const auto* named = dynamic_cast<const po::error_with_option_name*>(&error);
  const OptionRow* row = named ? find_row(command, bare_name(named->get_option_name())) : nullptr;
  if (!row) return fail(error.what(), see(command));
  if (row->value.empty()) return fail(fmt::format("`--{}` takes no value", row->name));
  return fail(fmt::format("`--{}` wants {}", row->name, row->value), see(command));
}

Result<void> check_value(const OptionRow& row, const std::string& value) {
  if (value.empty()) return fail(fmt::format("`--{}` wants {}, got nothing", row.name, row.value));
  const auto choices = split_words(row.choices);
  if (choices.empty() || std::ranges::find(choices, value) != choices.end()) return {};
  const auto near = nearest_word(value, choices);
  std::vector<std::string> words(choices.begin(), choices.end());
  return fail(fmt::format("`--{}` wants one of {}; got `{}`", row.name, join(words, ", "), printable(value)),
              near ? fmt::format("did you mean `{}`?", *near) : "");
}

}  // namespace

std::string Arguments::value(std::string_view option) const {
  const auto at = options_.find(option);
  return at == options_.end() || at->second.empty() ? std::string() : at->second.back();
}

std::vector<std::string> Arguments::values(std::string_view option) const {
  const auto at = options_.find(option);
  return at == options_.end() ? std::vector<std::string>() : at->second;
}

Result<Arguments> parse_arguments(const CommandHelp& command, const std::vector<std::string>& arguments) {
  const po::options_description options = description_of(command);
  std::map<std::string, std::vector<std::string>, std::less<>> found;
  std::vector<std::string> words;
  try {
    const po::positional_options_description none;
    const auto style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
    const auto parsed = po::command_line_parser(arguments).options(options).style(style).run();
    for (const po::option& each : parsed.options) {
      if (each.position_key >= 0 || each.string_key.empty()) {
        words.insert(words.end(), each.value.begin(), each.value.end());
        continue;
      }
      const OptionRow* row = find_row(command, each.string_key);
      if (!row) return unknown(command, "--" + each.string_key);
      if (!row->repeatable && found.contains(row->name))
        return fail(fmt::format("`--{}` stands twice", row->name));
      auto& values = found[std::string(row->name)];
      if (row->value.empty()) continue;
      if (each.value.empty())
        return fail(fmt::format("`--{}` wants {}", row->name, row->value), see(command));
      // The library takes whatever comes next for a value, even another option.
      const bool apart = each.original_tokens.size() > 1;
      if (apart && each.value.front().starts_with("--")) {
        return fail(fmt::format("`--{}` wants {}, got the option `{}`", row->name, row->value,
                                printable(each.value.front())));
      }
      if (const auto good = check_value(*row, each.value.front()); !good) return pass_on(good.error());
      values.push_back(each.value.front());
    }
  } catch (const po::error& error) {
    return objection(command, error);
  }
  return Arguments(std::move(found), std::move(words));
}

std::string help_text(const CommandHelp& command) {
  const auto spelled = [](const OptionRow& row) {
    return row.value.empty() ? fmt::format("--{}", row.name) : fmt::format("--{} {}", row.name, row.value);
  };
  const std::string arguments = command.arguments.empty() ? "" : fmt::format(" {}", command.arguments);
  std::string out = fmt::format("usage: finack {}{}{}\n\n{}\n", command.name, arguments,
                                command.options.empty() ? "" : " [OPTIONS]", command.about);
  std::size_t width = 0;
  for (const OptionRow& row : command.options) width = std::max(width, spelled(row).size());
  if (!command.options.empty()) out += "\nOptions\n";
  for (const OptionRow& row : command.options) {
    out += fmt::format("  {:<{}}  {}{}\n", spelled(row), width, row.about,
                       row.repeatable ? " (may stand several times)" : "");
  }
  out += fmt::format("\nFor example\n{}", command.examples);
  return out;
}

Result<std::uint64_t> number_of(std::string_view what, const std::string& text, std::uint64_t least) {
  std::uint64_t number = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (status != std::errc{} || end != text.data() + text.size() || number < least) {
    return fail(fmt::format("`--{}` wants a number {}, got `{}`", what,
                            least == 0 ? "from 0 to 2^64-1" : fmt::format("from {} on", least),
                            printable(text)));
  }
  return number;
}

}  // namespace finack
