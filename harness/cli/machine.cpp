// SPDX-License-Identifier: Apache-2.0
#include "cli/machine.h"

#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "net/denial.h"
#include "net/diag.h"
#include "net/id_map.h"
#include "net/links.h"
#include "net/namespace.h"
#include "net/private_space.h"
#include "target/agent_link.h"
#include "wire/packet_ring.h"
#include "world/lane.h"

namespace finack {

namespace {

MachineCheck good(std::string what, std::string found) {
  return {std::move(what), std::move(found)};
}

MachineCheck missing(std::string what, const Error& error) {
  return {std::move(what), error.message, error.hint, false};
}

// In a child, for there is no way back.
int user_namespace_refusal() {
  const pid_t child = ::fork();
  if (child < 0) return errno;
  if (child == 0) ::_exit(enter_user_namespace());
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return errno;
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : EPERM;
}

MachineCheck check_user_namespaces() {
  const int refused = user_namespace_refusal();
  if (refused == 0) return good("user namespaces", "this user may make them: no root is needed");
  const Error why = explain_denial("/proc", refused);
  MachineCheck out = missing("user namespaces", why);
  out.needed = false;  // root can do without; the next checks tell
  return out;
}

MachineCheck check_agent(const std::filesystem::path& program) {
  if (::access(program.c_str(), X_OK) == 0) return good("agent", program.string());
  return {"agent", fmt::format("{}: {}", program.string(), std::strerror(errno)),
          "finack-agent belongs beside finack: build it, or copy both", false};
}

MachineCheck check_ipv6() {
  if (kernel_has_ipv6()) return good("IPv6", "in the kernel");
  return {"IPv6", "not in this kernel: scenarios over IPv6 will be skipped",
          "load the module ipv6, or boot without ipv6.disable=1", false, false};
}

MachineCheck check_captures() {
  if (::access(".", W_OK) == 0) return good("captures", "--pcap can write into the current folder");
  return {"captures", fmt::format("the current folder cannot be written: {}", std::strerror(errno)),
          "name another one: --pcap DIR", false, false};
}

MachineCheck check_virtual_time() {
  return check_uml_kernels(cached_kernels(uml_cache()));
}

std::size_t descriptor_limit() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_cur;
}

}  // namespace

MachineCheck check_descriptors(std::size_t limit) {
  // 256 instances at once (run/run.h) with two sockets each at the agent, and what finack itself holds.
  constexpr std::size_t enough = 600;
  if (limit >= enough) return good("descriptors", fmt::format("{} may be open at once", limit));
  return {"descriptors",
          fmt::format("{} may be open at once; many scenarios in one run take up to {}", limit, enough),
          "ulimit -n 1024", false, false};
}

MachineCheck check_uml_kernels(const std::vector<CachedKernel>& kernels) {
  if (!kernels.empty()) {
    return good("User-mode Linux",
                fmt::format("{}: --target uml plays in virtual time", kernels.front().program.string()));
  }
  return {"User-mode Linux", "no kernel was built for --target uml, which plays in virtual time",
          "scripts/build-uml", false, false};
}

std::vector<MachineCheck> check_surroundings(const std::filesystem::path& agent_program) {
  return {check_user_namespaces(),
          check_agent(agent_program),
          check_descriptors(descriptor_limit()),
          check_ipv6(),
          check_captures(),
          check_virtual_time()};
}

std::vector<MachineCheck> check_private_space(const std::filesystem::path& agent_program) {
  std::vector<MachineCheck> out;
  const auto entered = enter_private_space();
  if (!entered) return {missing("network namespaces", entered.error())};
  const auto here = NetworkNamespace::current();
  if (!here) return {missing("network namespaces", here.error())};
  const auto target = NetworkNamespace::create();
  if (!target) return {missing("network namespaces", target.error())};
  out.push_back(good("network namespaces", "a private one for us, one for the target"));

  const auto module = [](std::string what, Error error, std::string_view name) {
    if (error.hint.empty()) error.hint = fmt::format("as root: modprobe {}", name);
    return missing(std::move(what), error);
  };
  auto links = Links::open(*here);
  const auto link =
      links ? links->add_veth({"finack0", {2, 0, 0, 0, 0, 1}}, {"target0", {2, 0, 0, 0, 0, 2}}, *target, 1500)
                  .and_then([&] { return links->index_of("finack0"); })
            : Result<unsigned>(pass_on(links.error()));
  if (!link) {
    out.push_back(module("veth", link.error(), "veth"));
    return out;
  }
  out.push_back(good("veth", "a pair of links joins the two"));

  const auto ring = PacketRing::open(*link);
  out.push_back(ring ? good("AF_PACKET", "segments can be sent and seen as they are")
                     : module("AF_PACKET", ring.error(), "af_packet"));

  // A pair that nobody has: the kernel must be able to say so.
  const EndpointPair nobody{};
  auto diag = Diag::open(*target);
  const auto reading =
      diag ? diag->read(nobody) : Result<std::optional<SocketReading>>(pass_on(diag.error()));
  out.push_back(reading ? good("inet_diag", "the states of the target can be read")
                        : module("inet_diag", reading.error(), "-a tcp_diag"));

  AgentStart start{agent_program.string()};
  start.network_namespace = target->fd();
  const auto agent = AgentLink::start(start);
  out.push_back(agent ? good("the target's side", fmt::format("agent {} answers", agent->hello().agent))
                      : missing("the target's side", agent.error()));
  return out;
}

bool run_is_possible(const std::vector<MachineCheck>& checks) {
  return std::ranges::all_of(checks, [](const MachineCheck& check) { return check.good || !check.needed; });
}

std::string machine_text(const std::vector<MachineCheck>& checks) {
  std::string out;
  for (const MachineCheck& check : checks) {
    const std::string_view word = check.good ? "ok" : "missing";
    out += fmt::format("{:<8} {:<19} {}\n", word, check.what, check.found);
    if (!check.good && !check.fix.empty()) out += fmt::format("{:28} fix: {}\n", "", check.fix);
  }
  const bool whole = std::ranges::all_of(checks, &MachineCheck::good);
  return out + (!run_is_possible(checks)
                    ? "\nfinack cannot run scenarios here yet, but against its model: --target model\n"
                : whole ? "\nfinack can do all it knows here\n"
                        : "\nfinack can run scenarios here, with the limits above\n");
}

}  // namespace finack
