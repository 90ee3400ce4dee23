// How the service is: for people, for Prometheus, for the one who starts and stops it.

#include "core/reason.hpp"
#include "services/gateway/endpoints.hpp"
#include "services/gateway/links.hpp"
#include "services/gateway/metrics.hpp"
#include "services/store/jobs.hpp"
#include "services/store/totals.hpp"

namespace cairn::gateway {
namespace {

using nlohmann::json;

Response plain(int status, std::string text) {
  Response response{status, "text/plain; charset=utf-8", {{"Cache-Control", "no-store"}}, {}};
  response.body = std::move(text);
  return response;
}

json queues_json(Context& context) {
  json queues = json::object();
  for (const auto& depth : store::queue_depths(context.catalogue)) {
    json queue{{"queued", depth.queued}, {"leased", depth.leased}, {"quarantined", depth.quarantined}};
    if (depth.oldest) queue["oldest_s"] = std::max(0.0, seconds_between(*depth.oldest, context.now));
    queues[std::string{store::name_of(depth.stage)}] = queue;
  }
  return queues;
}

json refusals_json(Context& context) {
  auto refusals = json::array();
  for (const auto& [code, count] : store::refusal_counts(context.catalogue)) {
    const auto reason = reason_from_code(code);
    refusals.push_back({{"code", code}, {"sentence", reason ? sentence_of(*reason) : ""}, {"count", count}});
  }
  return refusals;
}

std::string catalogue_metrics(Context& context) {
  std::string text =
      "# HELP cairn_jobs Jobs by stage and state.\n# TYPE cairn_jobs gauge\n";
  std::string ages = "# HELP cairn_job_oldest_seconds How long the job that waits longest has waited.\n# TYPE cairn_job_oldest_seconds gauge\n";
  for (const auto& depth : store::queue_depths(context.catalogue)) {
    const auto stage = "stage=\"" + std::string{store::name_of(depth.stage)} + "\"";
    text += "cairn_jobs{" + stage + ",state=\"queued\"} " + std::to_string(depth.queued) + "\n";
    text += "cairn_jobs{" + stage + ",state=\"leased\"} " + std::to_string(depth.leased) + "\n";
    text += "cairn_jobs{" + stage + ",state=\"quarantined\"} " + std::to_string(depth.quarantined) + "\n";
    ages += "cairn_job_oldest_seconds{" + stage + "} " +
            std::to_string(depth.oldest ? std::max(0.0, seconds_between(*depth.oldest, context.now)) : 0.0) + "\n";
  }
  text += ages + "# HELP cairn_refusals Files and frames refused, by reason.\n# TYPE cairn_refusals gauge\n";
  for (const auto& [code, count] : store::refusal_counts(context.catalogue))
    text += "cairn_refusals{reason=\"" + code + "\"} " + std::to_string(count) + "\n";
  return text;
}

}  // namespace

Response show_status(Request&, Context& context) {
  const auto totals = store::totals(context.catalogue);
  auto response = json_response(200, {{"totals",
                                       {{"files", totals.files},
                                        {"frames", totals.frames},
                                        {"published", totals.published},
                                        {"sequences", totals.sequences},
                                        {"features", totals.features},
                                        {"tiles", totals.tiles},
                                        {"accounts", totals.accounts}}},
                                      {"queues", queues_json(context)},
                                      {"refusals", refusals_json(context)},
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
