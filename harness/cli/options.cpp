// SPDX-License-Identifier: Apache-2.0
#include "cli/options.h"

#include <fmt/format.h>

#include <boost/program_options.hpp>
#include <charconv>
#include <sstream>

#include "base/text.h"
#include "cli/version.h"

namespace finack {

namespace po = boost::program_options;

namespace {

constexpr std::string_view commands[] = {"run", "help", "version"};

po::options_description run_options() {
  po::options_description options("Options of run");
  options.add_options()("json", po::value<std::string>()->value_name("FILE"),
                        "write the results as one JSON object")(
      "pcap", po::value<std::string>()->value_name("DIR"), "write a pcapng capture of each scenario")(
      "seed", po::value<std::string>()->value_name("NUMBER"),
      "repeat the sequence numbers and data of an earlier run");
  return options;
}

std::string usage() {
  std::ostringstream out;
  out << "finack checks that a TCP implementation opens, carries and closes connections as the RFCs say.\n\n"
         "usage: finack run PATH... [OPTIONS]   play the scenarios in these files and folders against this "
         "host's kernel\n"
         "       finack --help | --version\n\n"
      << run_options()
      << "\nExit status:\n"
         "  0    something passed, and nothing below happened\n"
         "  1    a scenario failed\n"
         "  2    wrong usage, a broken scenario file, or a report that cannot be written; nothing ran\n"
         "  3    this machine does not let finack work\n"
         "  4    nothing failed, but something was inconclusive or in error, or nothing passed\n"
         "  130  interrupted\n";
  return out.str();
}

Result<Command> parse_run(const std::vector<std::string>& arguments) {
  po::options_description options = run_options();
  options.add_options()("path", po::value<std::vector<std::string>>());
  po::positional_options_description positional;
  positional.add("path", -1);
  try {
    po::variables_map values;
    po::store(po::command_line_parser(arguments)
                  .options(options)
                  .positional(positional)
                  .style(po::command_line_style::unix_style & ~po::command_line_style::allow_guessing)
                  .run(),
              values);
    RunCommand command;
    if (values.count("path")) command.paths = values["path"].as<std::vector<std::string>>();
    if (values.count("json")) command.json_file = values["json"].as<std::string>();
    if (values.count("pcap")) command.capture_folder = values["pcap"].as<std::string>();
    if (values.count("seed")) {
      // Not a std::uint64_t option: Boost would take -1 for the largest one.
      const auto& text = values["seed"].as<std::string>();
      std::uint64_t seed = 0;
      const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), seed);
      if (status != std::errc{} || end != text.data() + text.size()) {
        return fail(fmt::format("`--seed` wants a number from 0 to 2^64-1, got `{}`", printable(text)));
      }
      command.seed = seed;
    }
    if (command.paths.empty())
      return fail("`finack run` wants files or folders of scenarios", "finack run suites/close");
    return command;
  } catch (const po::error& error) {
    return fail(error.what(), "finack --help lists the options");
  }
}

}  // namespace

Result<Command> parse_command_line(const std::vector<std::string>& arguments) {
  if (arguments.empty()) return fail("finack wants a command", "finack run suites/close, or finack --help");
  for (const std::string& argument : arguments) {
    if (argument == "--") break;
    if (argument == "--help" || argument == "-h") return PrintCommand{usage()};
  }
  const std::string& word = arguments.front();
  if (word == "help") return PrintCommand{usage()};
  if (word == "version" || word == "--version") return PrintCommand{version_text()};
  if (word == "run") return parse_run({arguments.begin() + 1, arguments.end()});
  const auto near = nearest_word(word, commands);
  return fail(fmt::format("`{}` is no command of finack", printable(word)),
              near ? fmt::format("did you mean `{}`?", *near) : "finack --help lists the commands");
}

}  // namespace finack
