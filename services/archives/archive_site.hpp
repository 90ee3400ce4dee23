#pragma once
// What `cairn tiles serve` serves.

#include "services/archives/archive_answers.hpp"
#include "services/gateway/http/site.hpp"

namespace cairn::archives {

/// Archives at /tiles/{name}/{z}/{x}/{y}.{ending}, their TileJSON at /tiles/{name}.json, PMTiles themselves at /tiles/{name}.pmtiles,
/// a list of them at /. Everything is answered on the sockets' threads: what isn't in memory is read from the file there.
class ArchiveSite : public gateway::Site {
 public:
  /// Throws std::runtime_error when an archive can't be served.
  ArchiveSite(gateway::ServerOptions options, const std::vector<std::filesystem::path>& files, std::size_t cache_bytes);

  const gateway::ServerOptions& options() const override { return options_; }
  gateway::Metrics& metrics() override { return metrics_; }
  void set_port(std::uint16_t port) override { options_.port = port; }
  std::optional<gateway::QuickAnswer> quick_answer(const gateway::QuickRequest& request, const std::string& socket_address) override;
  std::variant<const gateway::Route*, gateway::Response> route(gateway::Request& request) override;

  // No route needs a catalogue.
  std::size_t number_of(const gateway::Route&) const override { return 0; }
  Outcome admit(gateway::Request&, const gateway::Route&, store::Session*) override { return {}; }
  Outcome answer(gateway::Request&, const gateway::Route&, store::Session*) override { return {}; }
  Outcome abandon(gateway::Request&, store::Session*) override { return {}; }
  Outcome next_piece(gateway::Request&, gateway::BodySource&, store::Session*) override { return {}; }

 private:
  using Answer = gateway::Response (ArchiveSite::*)(const gateway::Request&) const;
  struct Entry {
    std::string_view pattern;
    Answer answer;
  };
  static const std::vector<Entry>& table();

  gateway::Response list(const gateway::Request& request) const;
  gateway::Response tile(const gateway::Request& request) const;
  gateway::Response file(const gateway::Request& request) const;
  gateway::Response show_metrics(const gateway::Request& request) const;
  gateway::Response show_health(const gateway::Request& request) const;

  gateway::ServerOptions options_;
  gateway::AnswerCache ready_;
  ArchiveShelf shelf_;
  ArchiveAnswers answers_;
  gateway::Router router_;
  gateway::Metrics metrics_;
};

}  // namespace cairn::archives
