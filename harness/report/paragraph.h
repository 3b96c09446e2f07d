// SPDX-License-Identifier: Apache-2.0
// Text in two columns: a word, and what is to be said about it.
#pragma once

#include <string>
#include <string_view>

namespace finack {

// "  source    RFC 9293 3.6.1", broken between words before column 100, further lines below the text of the
// first. An empty text is an empty paragraph.
std::string paragraph(std::string_view label, std::string_view text, std::size_t label_width = 10);

}  // namespace finack
