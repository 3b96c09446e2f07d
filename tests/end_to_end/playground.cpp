// SPDX-License-Identifier: Apache-2.0
#include "end_to_end/playground.h"

#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <stdexcept>
#include <thread>
#include <vector>

#include "base/descriptor.h"

namespace finack {

namespace {

std::vector<std::string> own_interfaces;

[[noreturn]] void give_up(const std::string& what) {
  throw std::runtime_error("cannot " + what + ": " + std::strerror(errno));
}

// In one write, as maps must be.
void write_file(const std::string& path, const std::string& text) {
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!file || ::write(file.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()))
    give_up("write " + path);
}

std::string limit_file(const std::string& kind) {
  return "/proc/sys/user/max_" + kind + "_namespaces";
}

bool can_make(int kind) {
  const pid_t child = ::fork();
  if (child < 0) give_up("fork");
  if (child == 0) ::_exit(::unshare(kind) == 0 ? 0 : 1);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return status == 0;
}

struct Kind {
  std::string name;
  int flag;
  unsigned own;  // those that the playground itself is made of
};
const Kind kinds[] = {{"user", CLONE_NEWUSER, 0}, {"net", CLONE_NEWNET, 1}};

// One more can be made where the limit is that one above those of the playground. A refusal makes none.
bool has_more_than_own(const Kind& kind) {
  std::ifstream file(limit_file(kind.name));
  unsigned limit = 0;
  file >> limit;
  set_namespace_limit(kind.name, kind.own + 1);
  const bool refused = !can_make(kind.flag);
  set_namespace_limit(kind.name, limit);
  return refused;
}

struct Row {
  pid_t parent = 0;
  std::string name;
};

// /proc/PID/stat: number (name) state parent ...; a name may hold anything.
std::map<pid_t, Row> process_table() {
  std::map<pid_t, Row> table;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const std::string number = entry.path().filename().string();
    if (number.find_first_not_of("0123456789") != std::string::npos) continue;
    std::ifstream file(entry.path() / "stat");
    std::string line;
    std::getline(file, line, '\0');
    const std::size_t open = line.find('('), close = line.rfind(')');
    if (close == std::string::npos) continue;  // gone meanwhile
    const pid_t parent = static_cast<pid_t>(std::stol(line.substr(close + 4)));
    table[static_cast<pid_t>(std::stol(number))] = {parent, line.substr(open + 1, close - open - 1)};
  }
  return table;
}

std::string processes_left() {
  while (::waitpid(-1, nullptr, WNOHANG) > 0) {  // orphans that have ended
  }
  const auto table = process_table();
  const auto is_ours = [&](pid_t pid) {
    for (auto at = table.find(pid); at != table.end(); at = table.find(at->second.parent)) {
      if (at->second.parent == ::getpid()) return true;
    }
    return false;
  };
  std::string out;
  for (const auto& [pid, row] : table) {
    if (is_ours(pid)) out += "process " + std::to_string(pid) + " " + row.name + "; ";
  }
  return out;
}

std::string interfaces_left() {
  std::string out;
  const auto names = ::if_nameindex();
  for (auto name = names; name && name->if_index != 0; ++name) {
    if (std::ranges::find(own_interfaces, name->if_name) == own_interfaces.end())
      out += "interface " + std::string(name->if_name) + "; ";
  }
  ::if_freenameindex(names);
  return out;
}

std::string what_stays(std::chrono::milliseconds patience, const std::function<std::string()>& look) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  std::string left = look();
  for (; !left.empty() && std::chrono::steady_clock::now() < deadline; left = look())
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  return left;
}

}  // namespace

void enter_user_namespace_as(uid_t inside) {
  const uid_t uid = ::geteuid();
  const gid_t gid = ::getegid();
  if (::unshare(CLONE_NEWUSER) != 0) give_up("make a user namespace, which these tests need");
  write_file("/proc/self/setgroups", "deny");
  write_file("/proc/self/uid_map", std::to_string(inside) + " " + std::to_string(uid) + " 1\n");
  write_file("/proc/self/gid_map", std::to_string(inside) + " " + std::to_string(gid) + " 1\n");
}

void enter_playground() {
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  enter_user_namespace_as(::geteuid());
  if (::unshare(CLONE_NEWNET) != 0) give_up("make a network namespace, which these tests need");
  own_interfaces.clear();
  const auto names = ::if_nameindex();
  for (auto name = names; name && name->if_index != 0; ++name) own_interfaces.emplace_back(name->if_name);
  ::if_freenameindex(names);
}

void set_namespace_limit(const std::string& kind, unsigned limit) {
  write_file(limit_file(kind), std::to_string(limit));
}

std::string in_own_playground(const std::function<std::string()>& function) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) give_up("make a pipe");
  const Descriptor read_end(ends[0]);
  Descriptor write_end(ends[1]);
  const pid_t child = ::fork();
  if (child < 0) give_up("fork");
  if (child == 0) {
    std::string text;
    try {
      enter_playground();
      text = function();
    } catch (const std::exception& error) {
      text = error.what();
    }
    text = "said: " + text;
    ::_exit(::write(write_end.get(), text.data(), text.size()) < 0 ? 1 : 0);
  }
  write_end = Descriptor();
  char text[4096];
  const ssize_t count = ::read(read_end.get(), text, sizeof text);
  ::waitpid(child, nullptr, 0);
  if (count <= 0) return "the process in the playground died";
  return std::string(text, static_cast<std::size_t>(count)).substr(6);
}

std::string leftovers(std::chrono::milliseconds patience) {
  return what_stays(patience, [] { return processes_left() + interfaces_left(); });
}

std::string namespaces_left(std::chrono::milliseconds patience) {
  std::string left;
  for (const Kind& kind : kinds)
    left += what_stays(patience,
                       [&] { return has_more_than_own(kind) ? "a " + kind.name + " namespace; " : ""; });
  return left;
}

}  // namespace finack
