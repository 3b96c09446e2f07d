// SPDX-License-Identifier: Apache-2.0
// Where the tests play: namespaces of their own, in which they see whatever a program leaves behind.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <string>

namespace finack {

// Enters a new user namespace, in which nothing is mapped but the own user, and a new network namespace
// inside. Programs started from there have the rights of that user, no less and no more: all of them for
// root, none for others. Orphans of all generations become children of this process. Throws a sentence when
// the machine refuses.
void enter_playground();

// Enters one more user namespace, in which the caller is number `inside`. A program that it becomes keeps
// rights there only if that is 0; until then the caller has them all.
void enter_user_namespace_as(uid_t inside);

// One of /proc/sys/user/: how many namespaces of a kind the own user namespace allows.
void set_namespace_limit(const std::string& kind, unsigned limit);

// What a function returns that runs in a playground inside this one, in a process of its own: its namespaces
// are counted apart.
std::string in_own_playground(const std::function<std::string()>& function);

// Both wait until there is nothing beyond an untouched playground, and tell in words what there still is when
// the patience ends.

// Descendants of this process, interfaces. Orphans that have ended are waited for, so let no Process end
// meanwhile.
std::string leftovers(std::chrono::milliseconds patience = std::chrono::seconds(2));

// Namespaces as the kernel counts them, whatever holds them: a process, a descriptor, a mount, but also a
// connection that its closed socket has left behind. Such a one lives until the kernel gives it up, which
// takes Linux up to 108 s, and nobody sees it: so this is not for runs that are killed at any moment.
std::string namespaces_left(std::chrono::milliseconds patience = std::chrono::seconds(8));

}  // namespace finack
