// SPDX-License-Identifier: Apache-2.0
#include "base/atomic_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>
#include <system_error>

#include "base/descriptor.h"

namespace finack {
namespace {

constexpr int names_to_try = 100;

// A file that did not exist before, so that no link planted in a shared folder is followed.
Descriptor create_beside(const std::filesystem::path& path, std::string& name) {
  for (int i = 0; i < names_to_try; ++i) {
    name =
        (path.parent_path() / fmt::format(".{}.{}.{}.tmp", path.filename().string(), ::getpid(), i)).string();
    const int fd = ::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd >= 0 || errno != EEXIST) return Descriptor(fd);
  }
  return Descriptor();
}

bool write_all(int fd, BytesView bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return true;
}

// A device, a pipe: there is nothing to put in its place.
Result<void> write_into(const std::filesystem::path& path, BytesView bytes) {
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (file && write_all(file.get(), bytes)) return {};
  return fail(fmt::format("cannot write {}: {}", path.string(), std::strerror(errno)));
}

}  // namespace

Result<void> write_atomically(const std::filesystem::path& wanted, BytesView bytes) {
  std::error_code code;
  std::filesystem::path path = std::filesystem::canonical(wanted, code);  // a link stays one
  if (code) path = wanted;
  const auto status = std::filesystem::status(path, code);
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status))
    return write_into(path, bytes);
  std::string temporary;
  Descriptor file = create_beside(path, temporary);
  if (!file) return fail(fmt::format("cannot write {}: {}", path.string(), std::strerror(errno)));
  const bool written = write_all(file.get(), bytes);
  // Some file systems report a full disk only here.
  if (written && ::close(file.release()) == 0 && std::rename(temporary.c_str(), path.c_str()) == 0) return {};
  const int reason = errno;
  ::unlink(temporary.c_str());
  return fail(fmt::format("cannot write {}: {}", path.string(), std::strerror(reason)));
}

}  // namespace finack
