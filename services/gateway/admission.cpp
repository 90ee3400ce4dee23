#include "services/gateway/admission.hpp"

#include "services/gateway/http/addresses.hpp"
#include "services/store/jobs.hpp"
#include "services/store/usage.hpp"

#include <algorithm>
#include <filesystem>

namespace cairn::gateway {
namespace {

constexpr double kBurst_s = 10;                         // a page of pictures, or a phone that was offline for a moment
constexpr std::chrono::seconds kCountEvery{1};          // of what waits in the queue: counting costs more than an upload

}  // namespace

std::chrono::seconds until_midnight(UtcTime now) {
  const auto midnight = std::chrono::ceil<std::chrono::days>(now + std::chrono::microseconds{1});
  return std::chrono::ceil<std::chrono::seconds>(midnight - now);
}

Admission::Admission(const Limits& limits)
    : limits_{limits},
      addresses_{{limits.address_requests_per_s, limits.address_requests_per_s * kBurst_s}},
      accounts_{{limits.account_uploads_per_s, limits.account_uploads_per_s * kBurst_s}} {}

std::optional<Response> Admission::too_often(const std::string& peer) {
  if (is_loopback(peer)) return std::nullopt;  // whoever is on this machine may do worse things to it
  const auto wait = addresses_.over(sender_of(peer), std::chrono::steady_clock::now());
  if (!wait) return std::nullopt;
  return retry_response(429, "Too many requests from your address: slow down", *wait);
}

std::optional<Response> Admission::upload_refused(const Request& request, Context& context) {
  if (context.caller->has_token) {
    if (const auto wait = accounts_.over(context.caller->account.text(), std::chrono::steady_clock::now()))
      return retry_response(429, "Too many uploads at once from your account: slow down", *wait);
    if (auto refusal = over_quota(request, context)) return refusal;
  }
  std::error_code error;
  const auto space = std::filesystem::space(context.blobs.folder(), error);
  if (!error && space.available < limits_.disk_floor) return retry_response(507, "The server's disk is full: try again later", std::chrono::minutes{5});
  if (files_waiting(context) > limits_.waiting_files) return retry_response(429, "Too many files wait for processing: try again later", std::chrono::minutes{1});
  return std::nullopt;
}

/// What a sender doesn't announce is counted when it is there: one file may go over, the next is refused.
std::optional<Response> Admission::over_quota(const Request& request, Context& context) const {
  if (limits_.account_bytes_per_day == 0 && limits_.account_files_per_day == 0) return std::nullopt;
  const auto announced = whole_from(request.header("content-length").value_or("")).value_or(0);
  const auto use = store::use_of(context.catalogue, context.caller->account, store::day_of(context.now));
  const bool too_many = limits_.account_files_per_day > 0 && use.files >= limits_.account_files_per_day;
  const bool too_much = limits_.account_bytes_per_day > 0 && announced > limits_.account_bytes_per_day - std::min(use.bytes, limits_.account_bytes_per_day);
  if (!too_many && !too_much) return std::nullopt;
  const auto most = too_many ? std::to_string(limits_.account_files_per_day) + " files" : std::to_string(limits_.account_bytes_per_day) + " bytes";
  return retry_response(429, "Your account may send " + most + " a day (UTC): go on tomorrow", until_midnight(context.now));
}

/// Counted once a second, by whoever comes first.
int Admission::files_waiting(Context& context) {
  const auto now = context.now.time_since_epoch().count();
  auto counted = counted_at_.load();
  const auto next = std::chrono::microseconds{kCountEvery}.count();
  const bool is_old = now - counted >= next || now < counted;
  if (is_old && counted_at_.compare_exchange_strong(counted, now)) files_waiting_ = store::jobs_queued(context.catalogue, store::Stage::decode);
  return files_waiting_;
}

}  // namespace cairn::gateway
