// How the service is: for people, for Prometheus, for the one who starts and stops it.

#include "core/reason.hpp"
#include "services/gateway/endpoints.hpp"
#include "services/gateway/links.hpp"
#include "services/gateway/metrics.hpp"

namespace cairn::gateway {
namespace {

using nlohmann::json;

Response plain(int status, std::string text) {
  Response response{status, "text/plain; charset=utf-8", {{"Cache-Control", "no-store"}}, {}};
  response.body = std::move(text);
  return response;
}

std::shared_ptr<const Counts> counts_of(Context& context) {
  auto& catalogue = context.catalogue;
  return context.census.get([&catalogue] { return Counts{store::totals(catalogue), store::queue_depths(catalogue), store::refusal_counts(catalogue)}; });
}

json queues_json(const Counts& counts, UtcTime now) {
  json queues = json::object();
  for (const auto& depth : counts.queues) {
    json queue{{"queued", depth.queued}, {"leased", depth.leased}, {"quarantined", depth.quarantined}};
    if (depth.oldest) queue["oldest_s"] = std::max(0.0, seconds_between(*depth.oldest, now));
    queues[std::string{store::name_of(depth.stage)}] = queue;
  }
  return queues;
}

json refusals_json(const Counts& counts) {
  auto refusals = json::array();
  for (const auto& [code, count] : counts.refusals) {
    const auto reason = reason_from_code(code);
    refusals.push_back({{"code", code}, {"sentence", reason ? sentence_of(*reason) : ""}, {"count", count}});
  }
  return refusals;
}

std::string catalogue_metrics(Context& context) {
  const auto counts = counts_of(context);
  std::string text =
      "# HELP cairn_jobs Jobs by stage and state.\n# TYPE cairn_jobs gauge\n";
  std::string ages = "# HELP cairn_job_oldest_seconds How long the job that waits longest has waited.\n# TYPE cairn_job_oldest_seconds gauge\n";
  for (const auto& depth : counts->queues) {
    const auto stage = "stage=\"" + std::string{store::name_of(depth.stage)} + "\"";
    text += "cairn_jobs{" + stage + ",state=\"queued\"} " + std::to_string(depth.queued) + "\n";
    text += "cairn_jobs{" + stage + ",state=\"leased\"} " + std::to_string(depth.leased) + "\n";
    text += "cairn_jobs{" + stage + ",state=\"quarantined\"} " + std::to_string(depth.quarantined) + "\n";
    ages += "cairn_job_oldest_seconds{" + stage + "} " +
            std::to_string(depth.oldest ? std::max(0.0, seconds_between(*depth.oldest, context.now)) : 0.0) + "\n";
  }
  text += ages + "# HELP cairn_refusals Files and frames refused, by reason.\n# TYPE cairn_refusals gauge\n";
  for (const auto& [code, count] : counts->refusals)
    text += "cairn_refusals{reason=\"" + code + "\"} " + std::to_string(count) + "\n";
  return text;
}

}  // namespace

Response show_status(Request&, Context& context) {
  const auto counts = counts_of(context);
  const auto& totals = counts->totals;
  auto response = json_response(200, {{"totals",
                                       {{"files", totals.files},
                                        {"frames", totals.frames},
                                        {"published", totals.published},
                                        {"sequences", totals.sequences},
                                        {"features", totals.features},
                                        {"tiles", totals.tiles},
                                        {"accounts", totals.accounts}}},
                                      {"queues", queues_json(*counts, context.now)},
                                      {"refusals", refusals_json(*counts)},
                                      {"title", context.options.terms.title},
                                      {"attribution", context.options.terms.attribution},
                                      {"license", {{"id", context.options.terms.licence_id}, {"url", context.options.terms.licence_url}}},
                                      {"at", to_iso8601(context.now)}});
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

Response show_metrics(Request&, Context& context) {
  auto response = plain(200, context.metrics.text() + catalogue_metrics(context));
  response.content_type = "text/plain; version=0.0.4; charset=utf-8";
  return response;
}

Response show_health(Request&, Context&) { return plain(200, "alive\n"); }

Response show_readiness(Request&, Context& context) {
  store::version_of(context.catalogue);  // throws when the catalogue can't be read, which is answered 503
  return plain(200, "ready\n");
}

}  // namespace cairn::gateway
