#include "services/gateway/endpoints.hpp"

namespace cairn::gateway {

std::vector<Route> all_routes() {
  using enum Method;
  return {
      {get, "/api", show_landing},
      {get, "/api/configuration", show_configuration},
      {get, "/api/conformance", show_conformance},

      {get, "/api/auth/login", show_login_page},
      {post, "/api/auth/login", log_in, Takes::text},
      {get, "/api/auth/logout", log_out},
      {get, "/api/auth/register", show_registration_page},
      {post, "/api/auth/register", register_account, Takes::text},
      {post, "/api/auth/tokens/generate", generate_token, Takes::text},
      {get, "/api/auth/tokens/{id}/claim", show_claim_page},
      {post, "/api/auth/tokens/{id}/claim", claim_token, Takes::text},
      {get, "/api/account", show_account_page, Takes::nothing, Needs::read},
      {get, "/api/users/me", show_me, Takes::nothing, Needs::read},
      {get, "/api/users/me/tokens", list_my_tokens, Takes::nothing, Needs::read},
      {post, "/api/users/me/tokens", create_my_token, Takes::text, Needs::read},
      {get, "/api/users/me/tokens/{id}", show_my_token, Takes::nothing, Needs::read},
      {delete_, "/api/users/me/tokens/{id}", revoke_my_token, Takes::text, Needs::read},
      {get, "/api/devices", list_my_devices, Takes::nothing, Needs::read},
      {post, "/api/devices", register_device, Takes::text, Needs::upload},
      {delete_, "/api/devices/{id}", revoke_my_device, Takes::text, Needs::upload},
      {post, "/api/devices/{id}/nonce", make_device_nonce, Takes::text, Needs::upload},
      {post, "/api/devices/{id}/manifests", receive_manifest, Takes::text, Needs::upload},
      {get, "/api/users/me/upload_sets", list_my_upload_sets, Takes::nothing, Needs::read},

      {post, "/api/upload_sets", create_upload_set, Takes::text, Needs::upload},
      {get, "/api/upload_sets", list_my_upload_sets, Takes::nothing, Needs::read},
      {get, "/api/upload_sets/{id}", show_upload_set},
      {get, "/api/upload_sets/{id}/status", show_upload_status},
      {get, "/api/upload_sets/{id}/events", stream_upload_status},
      {get, "/api/upload_sets/{id}/files", list_files},
      {post, "/api/upload_sets/{id}/files", add_file, Takes::stream, Needs::upload, open_file},
      {post, "/api/upload_sets/{id}/complete", complete_upload_set, Takes::text, Needs::upload},

      {options, "/files", tus_options},
      {options, "/files/{id}", tus_options},
      {post, "/files", create_tus_upload, Takes::stream, Needs::upload, open_tus_upload},
      {post, "/files/{id}", patch_tus_upload, Takes::stream, Needs::upload, open_tus_patch},
      {patch, "/files/{id}", patch_tus_upload, Takes::stream, Needs::upload, open_tus_patch},
      {head, "/files/{id}", head_tus_upload, Takes::nothing, Needs::upload},
      {get, "/files/{id}", show_tus_upload, Takes::nothing, Needs::upload},
      {delete_, "/files/{id}", delete_tus_upload, Takes::nothing, Needs::upload},

      {get, "/mapillary/me", show_mapillary_me},
      {post, "/mapillary/login", log_in_for_mapillary, Takes::text},
      {post, "/mapillary/logging", ignore_mapillary_log, Takes::text},
      {post, "/mapillary/finish_upload", finish_mapillary_upload, Takes::text, Needs::upload},
      {get, "/mapillary/upload/{key}", show_mapillary_offset, Takes::nothing, Needs::upload},
      {post, "/mapillary/upload/{key}", add_mapillary_bytes, Takes::stream, Needs::upload, open_mapillary_upload},

      {get, "/api/collections", list_collections},
      {get, "/api/collections/{collection}", show_collection},
      {get, "/api/collections/{collection}/items", list_items},
      {get, "/api/collections/{collection}/items/{picture}", show_item},
      {get, "/api/collections/{collection}/geovisio_status", show_collection_status},
      {get, "/api/collections/{collection}/thumb.jpg", show_collection_thumb},
      {get, "/api/pictures/{picture}", show_item},
      {get, "/api/pictures/{picture}/{size}", show_picture_file},
      {get, "/api/search", search_get},
      {post, "/api/search", search_post, Takes::text},

      {get, "/api/map/style.json", show_panoramax_style},
      {get, "/api/map/{z}/{x}/{y}", show_panoramax_tile},
      {get, "/tiles/{file}", show_tilejson},
      {get, "/tiles/{set}/{z}/{x}/{y}", show_tile},
      {get, "/style.json", show_map_style},
      {get, "/api/features", list_features},
      {get, "/api/features/{id}", show_feature},

      {get, "/api/rewards/epochs", list_epochs},
      {get, "/api/rewards/epochs/{epoch}", show_epoch},
      {get, "/api/rewards/statements/{account}", show_statement},

      {get, "/api/status", show_status},
      {get, "/metrics", show_metrics},
      {get, "/healthz", show_health},
      {get, "/readyz", show_readiness},

      {get, "/", show_page},
      {get, "/{file}", show_page},
      {get, "/assets/{file}", [](Request& request, Context& context) {
         request.parameters.insert(request.parameters.begin(), {"folder", "assets"});
         return show_page(request, context);
       }},
  };
}

}  // namespace cairn::gateway
