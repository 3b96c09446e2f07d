// SPDX-License-Identifier: Apache-2.0
#include "net/id_map.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <iterator>
#include <sstream>

#include "base/descriptor.h"

namespace finack {
namespace {

std::string whole_file(const char* path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

// The kernel takes a map in one write or not at all. False leaves the reason in errno.
bool write_once(const std::string& path, std::string_view text) {
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  return file && ::write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

// A child that stays behind in the old namespace, where root's rights are, and writes the parent's maps.
class MapWriter {
 public:
  MapWriter() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return;
    const Descriptor read_end(ends[0]);
    start_ = Descriptor(ends[1]);
    const std::string uids = identity_map(whole_file("/proc/self/uid_map"));
    const std::string gids = identity_map(whole_file("/proc/self/gid_map"));
    const std::string parent = fmt::format("/proc/{}/", ::getpid());
    child_ = ::fork();
    if (child_ != 0) return;
    start_ = Descriptor();  // or it would wait for itself when the parent gives up
    char go = 0;
    const bool done = ::read(read_end.get(), &go, 1) == 1 && write_once(parent + "uid_map", uids) &&
                      write_once(parent + "gid_map", gids);
    ::_exit(done ? 0 : 1);
  }
  MapWriter(const MapWriter&) = delete;
  MapWriter& operator=(const MapWriter&) = delete;
  ~MapWriter() { finish(); }

  bool write_maps() { return child_ > 0 && ::write(start_.get(), "x", 1) == 1 && finish() == 0; }

 private:
  int finish() {
    start_ = Descriptor();  // a child that still waits reads the end of the pipe and goes
    if (child_ <= 0) return -1;
    int status = -1;
    while (::waitpid(child_, &status, 0) < 0 && errno == EINTR) {
    }
    child_ = -1;
    return status;
  }

  Descriptor start_;
  pid_t child_ = -1;
};

}  // namespace

std::string identity_map(std::string_view current_map) {
  std::istringstream lines{std::string(current_map)};
  std::string out;
  unsigned long inside = 0, outside = 0, count = 0;
  while (lines >> inside >> outside >> count) out += fmt::format("{0} {0} {1}\n", inside, count);
  return out;
}

int enter_user_namespace() {
  const uid_t uid = ::geteuid();
  const gid_t gid = ::getegid();
  if (uid == 0) {
    MapWriter writer;
    if (::unshare(CLONE_NEWUSER) != 0) return errno;
    if (writer.write_maps()) return 0;
    // Root of a container may lack the rights for that; what any user may do is left.
  } else if (::unshare(CLONE_NEWUSER) != 0) {
    return errno;
  }
  const bool mapped = write_once("/proc/self/setgroups", "deny") &&
                      write_once("/proc/self/uid_map", fmt::format("0 {} 1\n", uid)) &&
                      write_once("/proc/self/gid_map", fmt::format("0 {} 1\n", gid));
  return mapped ? 0 : errno;
}

}  // namespace finack
