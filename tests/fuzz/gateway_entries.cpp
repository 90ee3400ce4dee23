#include "tests/fuzz/gateway_entries.hpp"

#include "services/gateway/endpoints.hpp"
#include "services/gateway/http/multipart.hpp"
#include "services/gateway/http/quick_request.hpp"
#include "services/gateway/http/tile_address.hpp"
#include "services/gateway/links.hpp"
#include "services/gateway/mapillary/archive.hpp"
#include "services/gateway/mapillary/protocol.hpp"
#include "services/gateway/panoramax/area.hpp"
#include "services/gateway/panoramax/filter_words.hpp"
#include "services/gateway/panoramax/semantics.hpp"
#include "services/gateway/panoramax/upload_rules.hpp"
#include "services/gateway/tus/protocol.hpp"
#include "services/identity/jwt.hpp"
#include "services/identity/manifest.hpp"

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
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

/// Lines "name: value" as a request; names in lower case, as the server has them.
gateway::Request request_of(std::string_view text) {
  gateway::Request request;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = text.substr(0, end);
    const auto colon = std::min(line.find(": "), line.size());
    request.headers.emplace_back(gateway::lower_case(line.substr(0, colon)), line.substr(std::min(colon + 2, line.size())));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return request;
}

/// What an archive gave, as one text.
std::string unpacked(const std::filesystem::path& path) {
  std::string told;
  const gateway::mapillary::ArchiveLimits limits{20, 100'000, 200'000};
  const auto problem = gateway::mapillary::read_archive(path, limits, {[&](const std::string& name) { told += "<" + name + ">"; },
                                                                       [&](ByteView bytes) { told += text_of(bytes); }, [&] { told += "</>"; }});
  if (told.size() > 1'000'000) std::abort();
  return told + problem;
}

/// No text of a sender's stands in a condition: what it compares with is bound.
void check(const std::variant<store::Filter, std::string>& filter) {
  const auto* made = std::get_if<store::Filter>(&filter);
  if (made && made->condition.find('\'') != std::string::npos) std::abort();
}

}  // namespace

void multipart(ByteView bytes) {
  if (bytes.empty()) return;
  const auto piece = static_cast<std::size_t>(bytes[0]) + 1;
  const auto body = bytes.subspan(1);
  if (told(body, piece) != told(body, std::max<std::size_t>(body.size(), 1))) std::abort();
}

void quick_request(ByteView bytes) {
  const auto quick = gateway::quick_request_from(text_of(bytes));
  if (!quick) return;
  boost::beast::http::request_parser<boost::beast::http::empty_body> parser;
  boost::system::error_code error;
  const auto length = parser.put(boost::asio::const_buffer{bytes.data(), bytes.size()}, error);
  const auto header = [&](const char* name) {
    const auto value = parser.get()[name];
    return std::string_view{value.data(), value.size()};
  };
  const auto path = parser.get().target();
  const bool same = !error && parser.is_done() && parser.keep_alive() && length == quick->length && std::string_view{path.data(), path.size()} == quick->target &&
                    header("If-None-Match") == quick->if_none_match && header("Accept-Encoding") == quick->accept_encoding && header("Origin") == quick->origin;
  if (!same) std::abort();
  gateway::tile_address_from(quick->target);
}

void target(ByteView bytes) {
  static const gateway::Router router{gateway::all_routes()};
  router.find(gateway::Method::get, text_of(bytes));
  gateway::query_from(text_of(bytes));
}

void tus_headers(ByteView bytes) {
  using namespace gateway::tus;
  constexpr std::uint64_t kLargest = 1 << 20;
  const auto request = request_of(text_of(bytes));
  const auto creation = creation_from(request, kLargest);
  if (const auto* made = std::get_if<Creation>(&creation)) {
    if (made->length.value_or(0) > kLargest || made->parts.size() > kMostParts) std::abort();
  }
  const auto chunk = chunk_from(request, kLargest);
  if (const auto* made = std::get_if<Chunk>(&chunk)) {
    const auto problem = chunk_problem(*made, 5, 10, announced_length(request));
    if (!problem && (made->offset != 5 || announced_length(request).value_or(0) > 5)) std::abort();
  }
  version_problem(request);
  meant_method(request);
}

void mapillary_json(ByteView bytes) {
  using namespace gateway::mapillary;
  finish_from(text_of(bytes));
  const auto manifest = manifest_from(text_of(bytes));
  if (const auto* handles = std::get_if<0>(&manifest); handles && handles->size() > kMostPictures) std::abort();
  login_from(text_of(bytes));
  if (is_key(text_of(bytes)) && text_of(bytes).find('/') != std::string_view::npos) std::abort();
}

void json_body(ByteView bytes) {
  const auto body = gateway::json_from_client(text_of(bytes));
  if (!body) return;
  const auto set = gateway::upload_set_from(*body);
  if (const auto* made = std::get_if<store::UploadSet>(&set)) {
    auto problems = nlohmann::json::array();
    gateway::changed_rules(made->rules_json, *body, problems);
  }
  check(gateway::filter_from_json(*body, gateway::item_words()));
  if (const auto area = gateway::Area::from_geojson(*body)) area->holds(LatLon::from_e7(557'000'000, 131'900'000).value()), area->bounds();
  gateway::tag_changes_from(*body);
}

void cql2(ByteView bytes) { check(gateway::filter_from_text(text_of(bytes), gateway::item_words())); }

void signed_text(ByteView bytes) {
  const identity::ServerSecret secret{"secret"};
  identity::token_id_of(text_of(bytes), secret, UtcTime{});
  identity::read_manifest(text_of(bytes));
}

void archive(ByteView bytes) {
  const auto path = std::filesystem::temp_directory_path() / ("cairn-fuzz-" + std::to_string(::getpid()) + ".zip");
  std::ofstream{path, std::ios::binary} << text_of(bytes);
  if (unpacked(path) != unpacked(path)) std::abort();
  std::filesystem::remove(path);
}

}  // namespace cairn::fuzz
