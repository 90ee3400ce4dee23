#include "services/archives/archive_answers.hpp"

#include "services/gateway/http/conditional.hpp"
#include "tiler/archive/tilejson.hpp"

#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>

namespace cairn::archives {
namespace {

using gateway::error_response;
using gateway::Request;
using gateway::Response;

constexpr std::string_view kTilesPath = "tiles/";
constexpr std::uint64_t kFirstSet = std::uint64_t{1} << 32;  // in the memory that is shared

bool has_zoom(const Shelved& archive, std::int64_t zoom) {
  const auto& facts = archive.archive->facts();
  return zoom >= facts.min_zoom && zoom <= facts.max_zoom;
}

Response no_archive() { return error_response(404, "There is no such archive"); }

Response damaged(const Shelved& archive, const std::exception& error) {
  spdlog::error("{}: {}", archive.path.string(), error.what());
  return error_response(500, std::string{"The archive is damaged here: "} + error.what());
}

std::string tile_url(const Shelved& archive, const std::string& base_url) {
  return base_url + "/tiles/" + gateway::percent_encoded(archive.name) + "/{z}/{x}/{y}." + std::string{tiler::ending_of(archive.archive->facts().format)};
}

}  // namespace

gateway::SharedAnswer ArchiveAnswers::ready_tile(const gateway::TileAddress& address, std::string_view accept_encoding) {
  if (!address.set.starts_with(kTilesPath)) return nullptr;
  const auto archive = shelf_.find(address.set.substr(kTilesPath.size()));
  const auto tile = TileId::from_zxy(address.z, address.x, address.y);
  if (!archive || !tile || !has_zoom(*archive, address.z)) return nullptr;
  const auto format = archive->archive->facts().format;
  if (!tiler::is_ending_of(format, address.ending)) return nullptr;
  const TileForm form{tiler::is_gzipped(format) && gateway::takes_gzip(accept_encoding), address.version == archive->version};
  const auto key = gateway::AnswerCache::key_of(kFirstSet + archive->number, *tile, (form.may_be_packed ? 1 : 0) + (form.is_versioned ? 2 : 0));
  if (auto known = ready_.find(key)) return known;
  try {
    auto answer = tile_answer(archive, *tile, form);
    ready_.keep(key, answer);
    return answer;
  } catch (const std::runtime_error&) {
    return nullptr;  // said in a sentence by tile()
  }
}

Response ArchiveAnswers::tile(const Request& request) const {
  const auto archive = shelf_.find(request.parameter("set"));
  if (!archive) return no_archive();
  const auto& facts = archive->archive->facts();
  const auto asked = gateway::asked_tile(request, facts.format, facts.min_zoom, facts.max_zoom);
  if (asked.refusal) return *asked.refusal;
  try {
    return tile_response(request, archive, *asked.tile, {gateway::takes_gzip(request), request.query_value("v") == archive->version});
  } catch (const std::runtime_error& error) {
    return damaged(*archive, error);
  }
}

Response ArchiveAnswers::file(const Request& request, const std::string& base_url) const {
  const std::filesystem::path name = request.parameter("file");
  const auto archive = shelf_.find(name.stem().string());
  const auto path = archive ? archive->archive->file() : std::filesystem::path{};
  if (archive && name.extension() == ".json") return {200, "application/json", {{"Cache-Control", "public, max-age=60"}}, tiler::tilejson(archive->archive->facts(), tile_url(*archive, base_url))};
  if (path.empty() || name.extension() != ".pmtiles") return no_archive();
  Response response{200, "application/vnd.pmtiles", {{"Cache-Control", "public, max-age=60"}, {"Vary", "Origin"}, {"Access-Control-Expose-Headers", "ETag, Content-Range"}}, gateway::FileBody{path, 0, archive->size, archive}};
  return gateway::conditional(request, std::move(response), '"' + archive->version + '"');
}

nlohmann::json ArchiveAnswers::list(const std::string& base_url) const {
  auto archives = nlohmann::json::array();
  for (const auto& archive : shelf_.all()) {
    const auto& facts = archive->archive->facts();
    archives.push_back({{"name", archive->name}, {"title", facts.name}, {"format", tiler::ending_of(facts.format)},
                        {"tilejson", base_url + "/tiles/" + gateway::percent_encoded(archive->name) + ".json"}, {"version", archive->version}});
  }
  return archives;
}

}  // namespace cairn::archives
