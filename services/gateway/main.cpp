#include "services/gateway/gateway.hpp"
#include "services/gateway/housekeeping.hpp"
#include "services/gateway/http/http_server.hpp"
#include "services/gateway/receive/partial_uploads.hpp"
#include "services/identity/server_secret.hpp"
#include "services/settings/main_of_process.hpp"

#include <spdlog/spdlog.h>
#include <sys/resource.h>

#include <filesystem>
#include <fstream>
#include <thread>

using namespace cairn;

namespace {

namespace fs = std::filesystem;

gateway::Limits limits_from(const services::Settings& settings) {
  const auto& http = settings.http;
  gateway::Limits limits;
  limits.upload.largest_file = static_cast<std::uint64_t>(http.most_upload_mb) * 1'000'000;
  limits.connections = http.connections;
  limits.connections_per_address = http.connections_per_address;
  limits.streams = http.uploads_at_once;
  limits.address_requests_per_s = http.address_requests_per_s;
  limits.account_uploads_per_s = http.account_uploads_per_s;
  limits.account_files_per_day = http.account_files_per_day;
  limits.account_bytes_per_day = std::int64_t{http.account_gb_per_day} * 1'000'000'000;
  limits.waiting_files = http.waiting_files;
  limits.token_tiles_per_day = http.token_tiles_per_day;
  limits.disk_floor = static_cast<std::uint64_t>(http.disk_floor_mb) * 1'000'000;
  return limits;
}

gateway::GatewayOptions options_from(const services::Settings& settings) {
  gateway::GatewayOptions options;
  options.address = settings.http.listen;
  options.port = static_cast<std::uint16_t>(settings.http.port);
  options.data = fs::absolute(settings.data.dir);
  options.blobs = settings.blob_folder();
  options.database = {settings.database_url()};
  options.archives = settings.archive_folder();
  options.web = settings.web_folder();
  options.base_url = settings.http.base_url;
  options.auth_required = settings.http.require_token;
  options.trust_proxy = settings.http.trust_proxy;
  options.tile_cache_bytes = static_cast<std::size_t>(settings.http.tile_cache_mb) << 20;
  options.limits = limits_from(settings);
  options.terms = settings.map;
  options.registration_is_open = settings.http.open_registration;
  if (!settings.http.token_secret_file.empty()) options.token_secret = identity::server_secret(settings.http.token_secret_file);
  return options;
}

/// A connection is a descriptor, and so is a file: the usual soft limit of 1,024 is for programs that use select().
void allow_many_files() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

/// Others of this instance find us by this file: one line, written whole or not at all.
void tell_address(const fs::path& data, const std::string& url) {
  fs::create_directories(data / "run");
  const auto file = data / "run" / "address";
  std::ofstream{file.string() + ".part"} << url << "\n";
  fs::rename(file.string() + ".part", file);
}

void run(const services::Settings& settings, const std::atomic<bool>& stop) {
  allow_many_files();
  const auto options = options_from(settings);
  fs::create_directories(options.data);
  gateway::Gateway served{options, services::now_utc};
  gateway::HttpServer server{served};
  const gateway::Housekeeping housekeeping{options.database, served.blobs(), gateway::incoming_folder(options), {std::chrono::seconds{settings.data.orphan_grace_s}, std::chrono::days{settings.data.changes_d}}, services::now_utc};
  const auto url = "http://" + options.address + ":" + std::to_string(server.port());
  tell_address(options.data, url);
  spdlog::info("listening on {}", url);
  while (!stop) std::this_thread::sleep_for(std::chrono::milliseconds{50});
  server.stop();
}

}  // namespace

int main(int argc, char** argv) {
  return services::main_of_process("cairn-gateway", "Serves the API, the tiles and the map page.", argc, argv, run);
}
