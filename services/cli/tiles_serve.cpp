// `cairn tiles serve`: archives over HTTP. Needs nothing else of Cairn.
#include "services/archives/archive_site.hpp"
#include "services/cli/commands.hpp"
#include "services/gateway/http/http_server.hpp"

#include <csignal>
#include <iostream>
#include <stdexcept>

namespace cairn::cli {
namespace {

struct ServeOptions {
  std::vector<std::string> files;
  std::string listen = "127.0.0.1:8080";
  std::string base_url;
  std::string level = "info";
  std::size_t cache_mb = 64;
  int threads = 0;
  bool trust_proxy = false;
};

/// "0.0.0.0:8080", "[::1]:80", ":8080" (every address)
void listen_at(gateway::ServerOptions& server, const std::string& listen) {
  const auto colon = listen.rfind(':');
  const auto port = colon == std::string::npos ? std::string{} : listen.substr(colon + 1);
  const bool digits = !port.empty() && port.size() <= 5 && port.find_first_not_of("0123456789") == std::string::npos;
  if (!digits || std::stoi(port) > 65'535) throw std::runtime_error{"--listen '" + listen + "': give ADDRESS:PORT, such as 0.0.0.0:8080"};
  server.port = static_cast<std::uint16_t>(std::stoi(port));
  server.address = colon == 0 ? "0.0.0.0" : listen.substr(0, colon);
  if (server.address.starts_with('[') && server.address.ends_with(']')) server.address = server.address.substr(1, server.address.size() - 2);
}

void serve(const ServeOptions& options) {
  services::start_logging("cairn-tiles", options.level);
  gateway::ServerOptions server;
  listen_at(server, options.listen);
  server.base_url = options.base_url;
  server.trust_proxy = options.trust_proxy;
  server.io_threads = options.threads;
  server.database_threads = 0;
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGINT);
  sigaddset(&ends, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);  // before any thread: all of them leave it to us

  archives::ArchiveSite site{server, {options.files.begin(), options.files.end()}, options.cache_mb << 20};
  gateway::HttpServer http{site};
  std::cout << "listening on http://" << server.address << ":" << http.port() << std::endl;
  int signal = 0;
  sigwait(&ends, &signal);
  http.stop();
}

}  // namespace

void add_tiles_serve_command(CLI::App& tiles, int& code) {
  auto* command = tiles.add_subcommand("serve", "Serve archives of tiles over HTTP");
  const auto options = std::make_shared<ServeOptions>();  // the callback runs after the command was described
  command->add_option("file", options->files, "FILE.pmtiles or FILE.mbtiles; served as /tiles/FILE/{z}/{x}/{y}")->required()->check(CLI::ExistingFile);
  command->add_option("--listen", options->listen, "ADDRESS:PORT; port 0 is any free one")->capture_default_str();
  command->add_option("--base-url", options->base_url, "As clients see it; empty: from the request");
  command->add_option("--cache", options->cache_mb, "MB for answers held ready")->check(CLI::Range(1, 1 << 20))->capture_default_str();
  command->add_option("--threads", options->threads, "0: one per core")->check(CLI::Range(0, 1024))->capture_default_str();
  command->add_flag("--trust-proxy", options->trust_proxy, "Believe X-Forwarded-For and -Proto: behind an ingress only");
  command->add_option("--log-level", options->level, "debug, info, warn or error")->capture_default_str();
  command->callback([options, &code] {
    serve(*options);
    code = 0;
  });
  command->footer("Examples:\n  cairn tiles serve town.pmtiles --listen 0.0.0.0:8080\n  cairn tiles serve *.mbtiles --cache 256");
}

}  // namespace cairn::cli
