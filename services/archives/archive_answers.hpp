#pragma once
// Requests for the archives of a shelf, answered.

#include "services/archives/archive_shelf.hpp"
#include "services/archives/archive_tile.hpp"
#include "services/gateway/http/prepared_answer.hpp"
#include "services/gateway/http/tile_address.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>

namespace cairn::archives {

/// Tiles at /tiles/{set}/{z}/{x}/{y}, what describes them at /tiles/{file}. Safe for several threads; what isn't in memory is read from the file
/// where it is asked for.
class ArchiveAnswers {
 public:
  /// Tiles are kept in `ready`, beside those of others whose sets have numbers below 2^32.
  ArchiveAnswers(const ArchiveShelf& shelf, gateway::AnswerCache& ready) : shelf_{shelf}, ready_{ready} {}

  const ArchiveShelf& shelf() const { return shelf_; }
  /// A tile ready to be sent; nothing where tile() has to say why not.
  gateway::SharedAnswer ready_tile(const gateway::TileAddress& address, std::string_view accept_encoding);
  /// The same at length: 204 where there is none, 404 outside the archive's zooms or the world, 400 for what names no tile.
  gateway::Response tile(const gateway::Request& request) const;
  /// NAME.json: TileJSON; NAME.pmtiles: the archive itself, also in ranges. `base_url` is that of the server.
  gateway::Response file(const gateway::Request& request, const std::string& base_url) const;
  /// What is served: name, title, format, address of the TileJSON, version.
  nlohmann::json list(const std::string& base_url) const;

 private:
  const ArchiveShelf& shelf_;
  gateway::AnswerCache& ready_;
};

}  // namespace cairn::archives
