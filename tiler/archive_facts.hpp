#pragma once
// What the readers of both kinds of archive share.

#include "tiler/archive_reader.hpp"

#include <nlohmann/json_fwd.hpp>

namespace cairn::tiler {

/// Largest piece of text that describes an archive.
inline constexpr std::size_t kMostMetadataBytes = std::size_t{8} << 20;

bool is_gzip(ByteView bytes);
bool is_sqlite_file(const std::filesystem::path& file);

/// Parses what describes an archive; null when it is no JSON, or deeper than anybody needs.
nlohmann::json parsed_metadata(std::string_view text);
/// A text of a JSON object; empty when there is none of that name.
std::string text_in(const nlohmann::json& object, const char* name);
/// Takes name, description, attribution and layers out of a JSON object; what isn't as TileJSON 3 describes it is left out.
void take_metadata(ArchiveFacts& facts, std::string_view text);
/// Makes them what a map client can bear: zooms that are a range, bounds that hold something, a centre inside.
void make_sound(ArchiveFacts& facts);

std::unique_ptr<OpenArchive> open_pmtiles(const std::filesystem::path& archive);
std::unique_ptr<OpenArchive> open_mbtiles(const std::filesystem::path& archive);

}  // namespace cairn::tiler
