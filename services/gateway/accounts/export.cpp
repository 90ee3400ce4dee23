// GET /api/users/me/export: everything that is held about an account, as a tar archive that is made while it is sent.

#include "services/export/account_export.hpp"
#include "services/gateway/endpoints.hpp"
#include "services/gateway/metrics.hpp"
#include "services/store/accounts.hpp"

#include <spdlog/spdlog.h>

#include <mutex>
#include <set>

namespace cairn::gateway {
namespace {

/// An account's place among those whose export is on its way, held until this goes: each reads the whole of what the account has,
/// so one at a time is enough for everybody.
class Place {
 public:
  explicit Place(AccountId account) : account_{account} {}
  ~Place() {
    const std::lock_guard lock{mutex()};
    taken().erase(account_);
  }
  Place(const Place&) = delete;
  /// Null when the account has one already.
  static std::shared_ptr<Place> take(AccountId account) {
    const std::lock_guard lock{mutex()};
    return taken().insert(account).second ? std::make_shared<Place>(account) : nullptr;
  }

 private:
  static std::mutex& mutex() {
    static std::mutex one;
    return one;
  }
  static std::set<AccountId>& taken() {
    static std::set<AccountId> all;
    return all;
  }
  AccountId account_;
};

struct Sending {
  std::shared_ptr<Place> place;
  services::AccountExport archive;
};

}  // namespace

Response export_me(Request&, Context& context) {
  const auto account = context.caller->account;
  if (context.metrics.streamed_answers() >= context.options.limits.streamed_answers)
    return retry_response(503, "Too many long answers are on their way just now: try again later", std::chrono::minutes{1});
  auto place = Place::take(account);
  if (!place) return retry_response(429, "Your export is being sent already: wait for its end", std::chrono::minutes{1});
  const auto sending = std::make_shared<Sending>(Sending{std::move(place), services::AccountExport{account, context.blobs, context.options.data / "bundles"}});
  const auto next = [sending, account](Context& now) -> std::optional<std::string> {
    if (!now.caller || now.caller->account != account) return std::nullopt;
    try {
      auto bytes = sending->archive.next(now.catalogue);
      return bytes.empty() ? std::nullopt : std::optional{std::move(bytes)};
    } catch (const std::exception& error) {
      spdlog::error("the export of account {} broke off: {}", account.text(), error.what());
      return std::nullopt;  // the archive has no end: whoever reads it sees that
    }
  };
  Response response{200, "application/x-tar", {}, {}};
  response.headers.emplace_back("Content-Disposition", "attachment; filename=\"cairn-export.tar\"");
  response.headers.emplace_back("Cache-Control", "no-store");
  response.body = std::make_shared<BodySource>(BodySource{next});
  return response;
}

}  // namespace cairn::gateway
