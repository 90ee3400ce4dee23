#include "services/gateway/http_server.hpp"

#include <CLI/CLI.hpp>
#include <spdlog/spdlog.h>

#include <atomic>
#include <csignal>
#include <iostream>
#include <thread>

using namespace cairn;

namespace {

std::atomic<bool> stop{false};
void on_signal(int) { stop = true; }

UtcTime now_utc() { return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now()); }

void serve(const gateway::GatewayOptions& options) {
  gateway::Gateway served{options, now_utc};
  gateway::HttpServer server{served};
  std::cout << "http://" << options.address << ":" << server.port() << std::endl;
  while (!stop) std::this_thread::sleep_for(std::chrono::milliseconds{50});
  server.stop();
}

}  // namespace

int main(int argc, char** argv) {
  gateway::GatewayOptions options;
  CLI::App app{"Serves the API, the tiles and the map page."};
  app.add_option("--http-listen", options.address, "address to listen on")->capture_default_str();
  app.add_option("--http-port", options.port, "port; 0 takes any free one and prints it")->capture_default_str();
  app.add_option("--data-dir", options.data, "folder of blobs, bundles and the catalogue")->capture_default_str();
  app.add_option("--data-database", options.database.text, "sqlite://… or postgresql://…; a file in the data folder otherwise");
  app.add_option("--http-web", options.web, "the built map page");
  app.add_option("--http-base-url", options.base_url, "the address under which clients see this server");
  app.add_flag("--http-require-token", options.auth_required, "uploads need a token on loopback too");
  CLI11_PARSE(app, argc, argv);
  if (options.database.text.empty()) options.database.text = "sqlite://" + std::filesystem::absolute(options.data / "catalogue.db").string();
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
  try {
    std::filesystem::create_directories(options.data);
    serve(options);
  } catch (const std::exception& error) {
    spdlog::critical("{}", error.what());
    return 1;
  }
}
