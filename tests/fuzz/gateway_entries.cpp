#include "tests/fuzz/gateway_entries.hpp"

#include "services/gateway/endpoints.hpp"
#include "services/gateway/http/multipart.hpp"

#include <algorithm>
#include <cstdlib>
#include <string>

namespace cairn::fuzz {
namespace {

/// All that the parser said, as one text.
std::string told(ByteView body, std::size_t piece) {
  std::string told;
  gateway::MultipartParser parser{"XX", gateway::PartSink{[&](const gateway::PartHeader& part) {
                                                            told += "<" + part.name + "|" + part.file_name.value_or("") + "|" + part.content_type + ">";
                                                            return true;
                                                          },
                                                          [&](ByteView bytes) {
                                                            told += text_of(bytes);
                                                            return true;
                                                          },
                                                          [&] {
                                                            told += "</>";
                                                            return true;
                                                          }}};
  while (!body.empty()) {
    const auto length = std::min(piece, body.size());
    parser.add(body.subspan(0, length));
    body = body.subspan(length);
  }
  return told + parser.problem() + (parser.finished() ? "finished" : "");
}

}  // namespace

void multipart(ByteView bytes) {
  if (bytes.empty()) return;
  const auto piece = static_cast<std::size_t>(bytes[0]) + 1;
  const auto body = bytes.subspan(1);
  if (told(body, piece) != told(body, std::max<std::size_t>(body.size(), 1))) std::abort();
}

void target(ByteView bytes) {
  static const gateway::Router router{gateway::all_routes()};
  router.find(gateway::Method::get, text_of(bytes));
  gateway::query_from(text_of(bytes));
}

}  // namespace cairn::fuzz
