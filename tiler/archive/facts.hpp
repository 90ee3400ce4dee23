#pragma once
// What the readers of both kinds of archive share.

#include "tiler/archive/reader.hpp"

namespace cairn::tiler {

/// Largest piece of text that describes an archive.
inline constexpr std::size_t kMostMetadataBytes = std::size_t{8} << 20;

bool is_gzip(ByteView bytes);
bool is_sqlite_file(const std::filesystem::path& file);

/// Most tiles that are listed: 800 MB of memory.
inline constexpr std::size_t kMostListedTiles = 100'000'000;
[[noreturn]] void refuse_as_too_many();

/// Takes name, description, attribution, layers, legend and number out of a JSON object; what isn't as TileJSON 3 describes it is left out.
void take_metadata(ArchiveFacts& facts, std::string_view text);
/// Takes a legend; what isn't as tilejson() writes it is left out.
void take_legend(ArchiveFacts& facts, std::string_view json);
/// Makes them what a map client can bear: zooms that are a range, bounds that hold something, a centre inside.
void make_sound(ArchiveFacts& facts);

std::unique_ptr<OpenArchive> open_pmtiles(const std::filesystem::path& archive);
std::unique_ptr<OpenArchive> open_mbtiles(const std::filesystem::path& archive);

}  // namespace cairn::tiler
