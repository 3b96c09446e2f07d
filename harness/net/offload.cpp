// SPDX-License-Identifier: Apache-2.0
#include "net/offload.h"

#include <fmt/format.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>

#include "base/descriptor.h"
#include "base/failure.h"

namespace finack {
namespace {

struct Offload {
  std::string_view name;
  std::uint32_t set;
  std::uint32_t get;
};

// Those that need another one come before it.
constexpr std::array<Offload, 5> offloads = {{
    {"generic receive offload", ETHTOOL_SGRO, ETHTOOL_GGRO},
    {"generic segmentation offload", ETHTOOL_SGSO, ETHTOOL_GGSO},
    {"TCP segmentation offload", ETHTOOL_STSO, ETHTOOL_GTSO},
    {"scatter-gather", ETHTOOL_SSG, ETHTOOL_GSG},
    {"transmit checksum offload", ETHTOOL_STXCSUM, ETHTOOL_GTXCSUM},
}};

class Ethtool {
 public:
  Ethtool(int fd, const std::string& link) : fd_(fd) {
    std::copy_n(link.begin(), std::min(link.size(), sizeof request_.ifr_name - 1), request_.ifr_name);
  }

  // False leaves the reason in errno.
  bool run(std::uint32_t command, std::uint32_t& value) {
    ethtool_value argument{command, value};
    request_.ifr_data = reinterpret_cast<char*>(&argument);
    const bool done = ::ioctl(fd_, SIOCETHTOOL, &request_) == 0;
    value = argument.data;
    return done;
  }

 private:
  int fd_;
  ifreq request_{};
};

}  // namespace

Result<void> switch_off_offloads(const std::string& link) {
  const Descriptor socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!socket) return cannot("open a socket for ethtool");
  Ethtool ethtool(socket.get(), link);
  for (const Offload& offload : offloads) {
    std::uint32_t value = 0;
    const int refused = ethtool.run(offload.set, value) ? 0 : errno;
    std::uint32_t left = 0;
    if (!ethtool.run(offload.get, left)) {
      if (errno == EOPNOTSUPP) continue;  // it has no such feature
      return cannot(fmt::format("read the features of the link {}", link));
    }
    if (left == 0) continue;
    const std::string what = fmt::format("switch off {} of the link {}", offload.name, link);
    if (refused != 0) return cannot(what, refused);
    return fail(fmt::format("cannot {}: it stays on", what));
  }
  return {};
}

}  // namespace finack
