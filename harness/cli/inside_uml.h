// SPDX-License-Identifier: Apache-2.0
// `finack inside-uml FOLDER`: process 1 of a User-mode Linux kernel, which `finack run --target uml` boots.
// People do not call it.
#pragma once

#include <string>

namespace finack {

struct InsideUmlCommand {
  std::string folder;
};

// Mounts what a run needs, plays as the handover in that folder says, and switches the kernel off. Returns
// only when it is not process 1.
int inside_uml_command(const InsideUmlCommand& command);

}  // namespace finack
