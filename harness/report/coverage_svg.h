// SPDX-License-Identifier: Apache-2.0
// Coverage as a picture.
#pragma once

#include <string>

#include "report/coverage.h"

namespace finack {

// The state diagram of RFC 9293, figure 5, as SVG without script. Each arrow has the colour of how far the
// edges that it stands for have come, and says how many of them are covered; dashed where not all have come
// equally far. What the figure does not draw stands in the boxes: the edges that stay, and those to other
// states.
std::string coverage_svg(const Coverage& coverage);

}  // namespace finack
