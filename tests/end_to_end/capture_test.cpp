// SPDX-License-Identifier: Apache-2.0
// What --pcap writes is read by Wireshark without complaint, and holds the exchange.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "end_to_end/report.h"

namespace finack {
namespace {

constexpr const char* good = "1";  // as tshark numbers what it thinks of a checksum

struct Frame {
  std::size_t section = 0;  // of the file, from 1
  unsigned flags = 0;
  std::string raw_seq;
};

class Capture : public testing::Test {
 protected:
  Capture() : tshark_(require_tool("tshark", "tshark")) {
    // Captures of the matrix would be many, and no different.
    outcome_ = stage_.finack({"run", close_suite(), "--skip", "close/matrix", "--seed", "7", "--json",
                              stage_.path("report.json"), "--pcap", stage_.path("captures/deep")});
  }
  // Each line that tshark prints; it must not complain.
  std::vector<std::string> read(const std::string& file, std::vector<std::string> arguments) const {
    std::vector<std::string> command = {
        tshark_, "-r", file, "-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE"};
    command.insert(command.end(), arguments.begin(), arguments.end());
    // Its settings are nobody's here.
    const Outcome outcome =
        run_program({command, [this] { ::setenv("HOME", stage_.path("home").c_str(), 1); }});
    EXPECT_EQ(outcome.exit_status, 0) << outcome;
    std::istringstream complaints(outcome.err);
    for (std::string line; std::getline(complaints, line);)
      EXPECT_THAT(line, testing::StartsWith("Running as user"));
    std::istringstream lines(outcome.out);
    std::vector<std::string> out;
    for (std::string line; std::getline(lines, line);) out.push_back(line);
    return out;
  }
  std::vector<Frame> frames_of(const std::string& file) const {
    std::vector<Frame> frames;
    for (const std::string& line :
         read(file, {"-T", "fields", "-e", "frame.section_number", "-e", "tcp.flags", "-e", "tcp.seq_raw",
                     "-e", "tcp.checksum.status", "-e", "ip.checksum.status", "-e", "ip.version", "-e",
                     "_ws.malformed"})) {
      std::istringstream columns(line);
      std::string section, flags, seq, tcp_checksum, ip_checksum, version, malformed;
      for (std::string* column : {&section, &flags, &seq, &tcp_checksum, &ip_checksum, &version, &malformed})
        std::getline(columns, *column, '\t');
      EXPECT_EQ(tcp_checksum, good) << line;
      EXPECT_EQ(ip_checksum, version == "4" ? good : "") << line;
      EXPECT_EQ(malformed, "") << line;
      frames.push_back({std::stoul(section), static_cast<unsigned>(std::stoul(flags, nullptr, 16)), seq});
    }
    return frames;
  }

  std::string tshark_;
  Stage stage_;
  Outcome outcome_;
};

std::vector<std::filesystem::path> files_below(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> out;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) out.push_back(entry.path());
  }
  return out;
}

TEST_F(Capture, OneFileAScenario) {
  ASSERT_EQ(outcome_.exit_status, 0) << outcome_;
  std::vector<std::string> wanted, got;
  const Json report = Json::parse(read_file(stage_.path("report.json")));
  for (const Json& entry : report.at("scenarios"))
    if (entry.at("verdict") != "skipped") wanted.push_back(entry.at("id").get<std::string>() + ".pcapng");
  const std::filesystem::path folder = stage_.path("captures/deep");
  for (const auto& file : files_below(folder)) got.push_back(file.lexically_relative(folder));
  EXPECT_FALSE(got.empty());
  EXPECT_THAT(got, testing::UnorderedElementsAreArray(wanted));
}

TEST_F(Capture, HoldsTheWholeExchangeWithGoodChecksums) {
  constexpr unsigned fin = 1, syn = 2, rst = 4, ack = 16;
  // One file may hold many sections: to start tshark for each capture takes a minute.
  auto files = files_below(stage_.path("captures/deep"));
  // Elsewhere are segments that are wrong on purpose, and connections that the target opens.
  std::erase_if(files, [&](const std::filesystem::path& file) {
    const auto scenario = *std::next(file.lexically_relative(stage_.path("captures/deep")).begin());
    return !std::filesystem::exists(close_suite(scenario.string() + ".yaml"));
  });
  ASSERT_FALSE(files.empty());
  const std::string all = stage_.path("all.pcapng");
  std::ofstream together(all, std::ios::binary);
  for (const auto& file : files) together << std::ifstream(file, std::ios::binary).rdbuf();
  together.close();
  std::vector<std::vector<Frame>> captures(files.size());
  for (const Frame& frame : frames_of(all)) captures.at(frame.section - 1).push_back(frame);
  for (std::size_t i = 0; i < files.size(); ++i) {
    SCOPED_TRACE(files[i]);
    const std::vector<Frame>& frames = captures[i];
    ASSERT_GE(frames.size(), 4u);
    EXPECT_EQ(frames[0].flags, syn);
    EXPECT_EQ(frames[1].flags, syn | ack);
    EXPECT_EQ(frames[2].flags, ack);
    EXPECT_TRUE(std::ranges::any_of(frames, [](const Frame& frame) { return frame.flags & (fin | rst); }));
  }
}

TEST_F(Capture, TellsCallsAndStates) {
  const std::string file = stage_.path("captures/deep/close/active-close/ipv4.pcapng");
  std::string comments;
  for (const std::string& line : read(file, {"-T", "fields", "-e", "frame.comment"})) comments += line + "\n";
  EXPECT_THAT(comments, testing::HasSubstr("target: close"));
  EXPECT_THAT(comments, testing::HasSubstr("state FIN-WAIT-2"));
}

TEST_F(Capture, TheSeedRepeatsOurNumbers) {
  const std::string name = "close/active-close/ipv4.pcapng";
  const std::string active_close = close_suite("active-close.yaml");
  const auto first_seq = [&](const std::string& seed) {
    const std::string folder = stage_.path("seed" + seed);
    EXPECT_EQ(stage_.finack({"run", active_close, "--seed", seed, "--pcap", folder}).exit_status, 0);
    return frames_of(folder + "/" + name).at(0).raw_seq;
  };
  const std::string once = first_seq("42");
  EXPECT_NE(once, "");
  EXPECT_EQ(once, first_seq("42"));
  EXPECT_NE(once, first_seq("43"));
}

}  // namespace
}  // namespace finack
