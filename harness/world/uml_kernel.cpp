// SPDX-License-Identifier: Apache-2.0
#include "world/uml_kernel.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <system_error>

#include "base/descriptor.h"
#include "base/text.h"
#include "base/time.h"
#include "world/uml_options.h"

namespace finack {

namespace {

constexpr std::string_view how_to_build = "scripts/build-uml builds one: docs/virtual-time.md";
constexpr std::string_view prefix = "uml-";
constexpr std::size_t most_output = 1 << 20;

std::string_view variable(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

// What the program prints; empty when it cannot be run. It is killed when it is not done soon.
std::string output_of(const std::filesystem::path& program, const char* option) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return {};
  const Descriptor read_end(ends[0]);
  Descriptor write_end(ends[1]);
  const pid_t child = ::fork();
  if (child == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int nothing = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    ::dup2(nothing, STDIN_FILENO);
    ::dup2(nothing, STDERR_FILENO);
    ::dup2(write_end.get(), STDOUT_FILENO);
    ::execl(program.c_str(), program.c_str(), option, static_cast<char*>(nullptr));
    ::_exit(127);
  }
  write_end = Descriptor();
  std::string out;
  const auto deadline = std::chrono::steady_clock::now() + 10s;
  while (child > 0 && out.size() < most_output) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    pollfd slot{read_end.get(), POLLIN, 0};
    if (left.count() <= 0 || ::poll(&slot, 1, static_cast<int>(left.count())) <= 0) break;
    char text[16 * 1024];
    const ssize_t count = ::read(read_end.get(), text, sizeof text);
    if (count <= 0) break;
    out.append(text, static_cast<std::size_t>(count));
  }
  if (child > 0) {
    ::kill(child, SIGKILL);
    while (::waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  return out;
}

bool is_program(const std::filesystem::path& path) {
  std::error_code code;
  return std::filesystem::is_regular_file(path, code) && ::access(path.c_str(), X_OK) == 0;
}

}  // namespace

std::filesystem::path uml_cache(std::string_view cache_home, std::string_view home) {
  // The XDG specification wants relative paths ignored.
  if (cache_home.starts_with('/')) return std::filesystem::path(cache_home) / "finack";
  if (home.starts_with('/')) return std::filesystem::path(home) / ".cache/finack";
  return {};
}

std::filesystem::path uml_cache() {
  return uml_cache(variable("XDG_CACHE_HOME"), variable("HOME"));
}

std::vector<CachedKernel> cached_kernels(const std::filesystem::path& cache) {
  std::vector<std::pair<std::filesystem::file_time_type, CachedKernel>> found;
  std::error_code code;
  for (std::filesystem::directory_iterator at(cache, code), end; !code && at != end; at.increment(code)) {
    const std::string folder = at->path().filename().string();
    const std::filesystem::path program = at->path() / "linux";
    if (!folder.starts_with(prefix) || !is_program(program)) continue;
    std::error_code gone;
    const auto built = std::filesystem::last_write_time(program, gone);
    if (!gone) found.push_back({built, {folder.substr(prefix.size()), program}});
  }
  std::ranges::sort(found, [](const auto& a, const auto& b) {
    return std::pair(b.first, a.second.name) < std::pair(a.first, b.second.name);
  });
  std::vector<CachedKernel> out;
  for (auto& [built, kernel] : found) out.push_back(std::move(kernel));
  return out;
}

Result<std::filesystem::path> find_uml_kernel(const std::string& word, const std::filesystem::path& cache) {
  if (word.find('/') != std::string::npos) return std::filesystem::path(word);
  const auto kernels = cached_kernels(cache);
  if (kernels.empty() && word.empty()) {
    return fail(fmt::format("there is no User-mode Linux kernel in {}",
                            cache.empty() ? "$XDG_CACHE_HOME/finack or $HOME/.cache/finack" : cache.string()),
                std::string(how_to_build));
  }
  if (word.empty()) return kernels.front().program;
  const auto at = std::ranges::find(kernels, word, &CachedKernel::name);
  if (at != kernels.end()) return at->program;
  std::string names;
  for (const CachedKernel& kernel : kernels) names += (names.empty() ? "" : ", ") + kernel.name;
  return fail(fmt::format("no User-mode Linux kernel was built by the name `{}`", printable(word)),
              names.empty() ? std::string(how_to_build)
                            : fmt::format("there are: {}; a path has a slash in it: uml:./linux", names));
}

Result<UmlKernel> look_at_uml_kernel(const std::filesystem::path& program) {
  const std::string path = program.string();
  if (!is_program(program)) {
    const int reason = ::access(program.c_str(), X_OK) == 0 ? EISDIR : errno;
    return fail(fmt::format("cannot run {} as a kernel: {}", path, std::strerror(reason)),
                std::string(how_to_build));
  }
  const std::string configuration = output_of(program, "--showconfig");
  if (!is_uml_configuration(configuration))
    return fail(fmt::format("{} is no User-mode Linux kernel", path), std::string(how_to_build));
  if (const auto missing = missing_options(configuration); !missing.empty()) {
    return fail(fmt::format("the kernel {} lacks {}", path, join(missing, ", ")), std::string(how_to_build));
  }
  const auto words = output_of(program, "--version");
  const auto version = split_words(words);
  return UmlKernel{program, version.empty() ? "?" : std::string(version.front())};
}

}  // namespace finack
