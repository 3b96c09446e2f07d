// SPDX-License-Identifier: Apache-2.0
// A folder that goes with the test, and shell scripts that stand in for kernels.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

namespace finack {

class UmlRoom {
 public:
  UmlRoom() {
    std::string name = (std::filesystem::temp_directory_path() / "finack-test-XXXXXX").string();
    if (!::mkdtemp(name.data())) throw std::runtime_error("cannot make " + name);
    folder_ = name;
  }
  UmlRoom(const UmlRoom&) = delete;
  UmlRoom& operator=(const UmlRoom&) = delete;
  ~UmlRoom() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  std::filesystem::path path(const std::string& name) const { return folder_ / name; }
  std::filesystem::path script(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories(path(name).parent_path());
    std::ofstream(path(name)) << "#!/bin/sh\n" << text;
    std::filesystem::permissions(path(name), std::filesystem::perms::owner_all);
    return path(name);
  }

 private:
  std::filesystem::path folder_;
};

// What a kernel that is fit answers to --showconfig and --version; behind it comes what it does when booted.
inline const std::string fit_kernel = R"(
case $1 in
--version) echo 6.12.4; exit ;;
--showconfig)
  for each in UML UML_TIME_TRAVEL_SUPPORT HIGH_RES_TIMERS HOSTFS PROC_FS TMPFS NET_NS USER_NS VETH PACKET \
    INET INET_DIAG INET_TCP_DIAG INET_DIAG_DESTROY UNIX; do echo CONFIG_$each=y; done
  exit ;;
esac
)";

}  // namespace finack
