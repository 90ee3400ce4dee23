#pragma once
// Everything between a parsed request and its answer; no sockets here.

#include "services/archives/archive_answers.hpp"
#include "services/gateway/admission.hpp"
#include "services/gateway/blob_cache.hpp"
#include "services/gateway/census.hpp"
#include "services/gateway/closed_epochs.hpp"
#include "services/gateway/context.hpp"
#include "services/gateway/http/site.hpp"
#include "services/gateway/http/static_files.hpp"
#include "services/gateway/map/change_pages.hpp"
#include "services/gateway/map/tile_answers.hpp"
#include "services/gateway/map/tile_meter.hpp"
#include "services/gateway/picture_tiles.hpp"

#include <functional>
#include <variant>

namespace cairn::gateway {

class Gateway : public Site {
 public:
  /// Brings the catalogue to the newest version, makes the local account, reads the map page. Throws with what to do when the
  /// data folder or the database can't be used.
  Gateway(GatewayOptions options, std::function<UtcTime()> clock);
  /// The same with a table of one's own.
  Gateway(GatewayOptions options, std::function<UtcTime()> clock, std::vector<Route> routes);

  const GatewayOptions& options() const override { return options_; }
  const store::BlobStore& blobs() const { return blobs_; }
  Metrics& metrics() override { return metrics_; }
  void set_port(std::uint16_t port) override { options_.port = port; }

  std::optional<QuickAnswer> quick_answer(const QuickRequest& request, const std::string& socket_address) override;
  /// An answer also where the address asks too often.
  std::variant<const Route*, Response> route(Request& request) override;
  std::size_t number_of(const Route& route) const override;

  // Whatever a handler throws becomes a 503 or 507 with a sentence, and a line in the log.
  Outcome admit(Request& request, const Route& route, store::Session* session) override;
  Outcome answer(Request& request, const Route& route, store::Session* session) override;
  Outcome abandon(Request& request, store::Session* session) override;
  Outcome next_piece(Request& request, BodySource& source, store::Session* session) override;

 private:
  SharedAnswer kept_tile(const TileAddress& address, TileAnswers::Door door, std::string_view accept_encoding);
  SharedAnswer kept_tile(TileAnswers::Key key, std::string_view version);
  std::size_t number_of(Method method, std::string_view pattern) const;
  Outcome guarded(Request& request, store::Session* session, const std::function<std::optional<Response>(Context&)>& work);

  GatewayOptions options_;
  std::function<UtcTime()> clock_;
  store::BlobStore blobs_;
  store::Writer writer_;
  BlobCache cache_;
  AnswerCache ready_;
  TileAnswers tile_answers_;
  TileMeter tile_meter_;
  archives::ArchiveShelf shelf_;
  archives::ArchiveAnswers archives_;
  PictureTiles picture_tiles_;
  ClosedEpochs epochs_;
  ChangePages changes_;
  Census census_;
  StaticFiles pages_;
  std::vector<Route> table_;
  Router router_;
  Metrics metrics_;
  std::size_t tile_route_;
  std::size_t panoramax_tile_route_;
  Admission admission_;
  AccountId local_account_;
};

}  // namespace cairn::gateway
