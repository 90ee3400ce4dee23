#pragma once
// Where a server listens, and the limits of what comes in.

#include "services/store/database.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace cairn::gateway {

struct UploadLimits {
  std::uint64_t largest_file = std::uint64_t{4} << 30;  ///< an hour of dashcam video at 8 Mbit/s
  std::size_t largest_field = 65'536;                   ///< override_* values are short texts
};

/// Of uploads that come in pieces, per account.
struct PartialLimits {
  std::uint64_t reserved_bytes = std::uint64_t{64} << 30;  ///< 16 of the largest files at once
  std::int64_t uploads = 20'000;                           ///< pictures of a day's drive, all begun and none finished
  std::chrono::hours lifetime{7 * 24};                     ///< of one, finished or not: a week to come back with the card
};

/// Each limit with its reason. docs/limits.md says which have a key in the settings; the others are as they stand here.
struct Limits {
  UploadLimits upload;
  PartialLimits partial;
  std::uint64_t largest_text = 1 << 20;            ///< JSON bodies: a search with 10,000 ids has 0.4 MB
  std::uint32_t largest_header = 65'536;           ///< far more than cookies and tokens need
  int connections = 4096;                          ///< above it the one that is idle for longest makes room
  int connections_per_address = 256;               ///< so that one address can't take all of them
  int streams = 128;                               ///< bodies read at once; above it 429: more would only wait for the disk
  double address_requests_per_s = 200;             ///< in the long run, ten seconds' worth at once: a map page asks for some 100; 0: no limit
  double account_uploads_per_s = 100;              ///< the same, of an account's tokens: a fleet's whole card reader sends 100; 0: no limit
  std::int64_t account_files_per_day = 500'000;    ///< a picture every 2 s from ten cameras; 0: no limit
  std::int64_t account_bytes_per_day = 500'000'000'000;  ///< eight cameras at 8 Mbit/s for 16 hours; 0: no limit
  int streamed_answers = 200;                       ///< events of uploads and exports on their way: each asks the catalogue again and again; above it 503
  std::int64_t token_tiles_per_day = 0;             ///< fetched by the holder of one token; 0: no limit
  std::chrono::seconds header_time{20};            ///< to send a whole header
  std::chrono::seconds idle_time{75};              ///< between two requests of a connection
  std::chrono::seconds stall_time{30};             ///< without a byte, in either direction
  std::chrono::seconds drain_time{25};             ///< for requests under way, after SIGTERM
  int waiting_requests = 512;                      ///< for the database; above it 503: a second's work
  int waiting_files = 100'000;                     ///< not decoded yet; above it 429: hours of work
  std::uint64_t disk_floor = std::uint64_t{1} << 30;  ///< free bytes that workers need; below it 507
};

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8080;                       ///< 0: any free one
  std::string base_url;                            ///< "https://maps.example"; empty: from the Host header
  bool trust_proxy = false;                        ///< believe X-Forwarded-For and X-Forwarded-Proto: only behind an ingress that sets them
  int io_threads = 0;                              ///< 0: one per core
  store::DatabaseUrl database;                     ///< unused where there are no threads for it
  int database_threads = 8;                        ///< each waits for the disk most of the time
  Limits limits;
};

}  // namespace cairn::gateway
