#pragma once
// Every handler, by topic, and the table that leads to them.

#include "services/gateway/context.hpp"
#include "services/gateway/http/router.hpp"

#include <nlohmann/json_fwd.hpp>

#include <vector>

namespace cairn::gateway {

std::vector<Route> all_routes();

// panoramax/upload_sets.cpp
Response create_upload_set(Request&, Context&);
Response show_upload_set(Request&, Context&);
Response complete_upload_set(Request&, Context&);
Response list_files(Request&, Context&);
Response list_my_upload_sets(Request&, Context&);

// progress/upload_status.cpp
Response show_upload_status(Request&, Context&);
Response stream_upload_status(Request&, Context&);

// panoramax/upload_files.cpp
std::variant<std::unique_ptr<BodySink>, Response> open_file(Request&, Context&);
Response add_file(Request&, Context&);

// tus/create.cpp
Response tus_options(Request&, Context&);
std::variant<std::unique_ptr<BodySink>, Response> open_tus_upload(Request&, Context&);
Response create_tus_upload(Request&, Context&);

// tus/append.cpp
std::variant<std::unique_ptr<BodySink>, Response> open_tus_patch(Request&, Context&);
Response patch_tus_upload(Request&, Context&);
Response head_tus_upload(Request&, Context&);
Response delete_tus_upload(Request&, Context&);
Response show_tus_upload(Request&, Context&);

// mapillary/upload.cpp
Response show_mapillary_offset(Request&, Context&);
std::variant<std::unique_ptr<BodySink>, Response> open_mapillary_upload(Request&, Context&);
Response add_mapillary_bytes(Request&, Context&);

// mapillary/finish.cpp
Response finish_mapillary_upload(Request&, Context&);

// mapillary/graph.cpp
Response show_mapillary_me(Request&, Context&);
Response log_in_for_mapillary(Request&, Context&);
Response ignore_mapillary_log(Request&, Context&);

// panoramax/upload_set_edits.cpp, panoramax/collection_edits.cpp, panoramax/item_edits.cpp
Response patch_upload_set(Request&, Context&);
Response delete_upload_set(Request&, Context&);
Response patch_collection(Request&, Context&);
Response delete_collection(Request&, Context&);
Response patch_item(Request&, Context&);
Response delete_item(Request&, Context&);

// panoramax/older_path.cpp
Response create_collection(Request&, Context&);
std::variant<std::unique_ptr<BodySink>, Response> open_item(Request&, Context&);
Response add_item(Request&, Context&);

// panoramax/annotations.cpp
Response add_annotation(Request&, Context&);
Response show_annotation(Request&, Context&);
Response patch_annotation(Request&, Context&);
Response delete_annotation(Request&, Context&);

// panoramax/reports.cpp
Response add_report(Request&, Context&);
Response show_report(Request&, Context&);
Response patch_report(Request&, Context&);
Response list_reports(Request&, Context&);

// panoramax/users.cpp
Response list_users(Request&, Context&);
Response search_users(Request&, Context&);
Response show_user(Request&, Context&);
Response show_user_collection(Request&, Context&);
Response show_user_catalog(Request&, Context&);

// openapi/document.cpp
Response show_openapi(Request&, Context&);
Response show_api_docs(Request&, Context&);

// panoramax/queryables.cpp
Response show_queryables(Request&, Context&);
Response show_collection_queryables(Request&, Context&);

// panoramax/collections.cpp
Response list_collections(Request&, Context&);
Response show_collection(Request&, Context&);
Response list_items(Request&, Context&);
Response show_collection_status(Request&, Context&);
Response show_collection_thumb(Request&, Context&);

// panoramax/pictures.cpp
Response show_item(Request&, Context&);
Response show_picture_file(Request&, Context&);
Response show_picture_tile(Request&, Context&);

// panoramax/search.cpp
Response search_get(Request&, Context&);
Response search_post(Request&, Context&);

// map/tiles.cpp
Response show_panoramax_tile(Request&, Context&);
Response show_tile(Request&, Context&);
Response show_tile_file(Request&, Context&);
Response list_tile_sets(Request&, Context&);

// map/user_tiles.cpp
Response show_user_tile(Request&, Context&);

// map/styles.cpp
Response show_panoramax_style(Request&, Context&);
Response show_user_style(Request&, Context&);
Response show_map_style(Request&, Context&);
Response show_dark_map_style(Request&, Context&);

// map/glyphs.cpp
Response show_glyphs(Request&, Context&);

// map/changes.cpp
Response list_changes(Request&, Context&);

// map/features.cpp
Response list_features(Request&, Context&);
Response show_feature(Request&, Context&);

// ogc/collections.cpp
Response show_ogc_landing(Request&, Context&);
Response show_ogc_conformance(Request&, Context&);
Response list_ogc_collections(Request&, Context&);
Response show_ogc_collection(Request&, Context&);

// ogc/items.cpp
Response list_ogc_items(Request&, Context&);
Response show_ogc_item(Request&, Context&);

// ogc/tiles.cpp
Response list_ogc_tilesets(Request&, Context&);
Response show_ogc_tileset(Request&, Context&);
Response show_ogc_tile(Request&, Context&);
Response list_ogc_tilings(Request&, Context&);
Response show_ogc_tiling(Request&, Context&);

// ogc/wmts.cpp
Response show_wmts_capabilities(Request&, Context&);

// panoramax/landing.cpp
nlohmann::json conformance_classes();
Response show_landing(Request&, Context&);
Response show_configuration(Request&, Context&);
Response show_conformance(Request&, Context&);

// accounts/login.cpp
Response show_login_page(Request&, Context&);
Response log_in(Request&, Context&);
Response log_out(Request&, Context&);
Response show_registration_page(Request&, Context&);
Response register_account(Request&, Context&);

// accounts/tokens.cpp
Response generate_token(Request&, Context&);
Response show_claim_page(Request&, Context&);
Response claim_token(Request&, Context&);
Response list_my_tokens(Request&, Context&);
Response create_my_token(Request&, Context&);
Response show_my_token(Request&, Context&);
Response revoke_my_token(Request&, Context&);

// accounts/devices.cpp
Response register_device(Request&, Context&);
Response list_my_devices(Request&, Context&);
Response revoke_my_device(Request&, Context&);
Response make_device_nonce(Request&, Context&);
Response receive_manifest(Request&, Context&);

// accounts/erasure.cpp
Response erase_me(Request&, Context&);

// accounts/export.cpp
Response export_me(Request&, Context&);

// accounts/private_areas.cpp
Response list_my_zones(Request&, Context&);
Response add_my_zone(Request&, Context&);
Response remove_my_zone(Request&, Context&);
Response list_excluded_areas(Request&, Context&);
Response add_excluded_area(Request&, Context&);
Response remove_excluded_area(Request&, Context&);

// accounts/users.cpp
Response show_me(Request&, Context&);
Response show_account_page(Request&, Context&);

// statements.cpp
Response list_epochs(Request&, Context&);
Response show_epoch(Request&, Context&);
Response show_statement(Request&, Context&);

// status.cpp
Response show_status(Request&, Context&);
Response show_metrics(Request&, Context&);
Response show_health(Request&, Context&);
Response show_readiness(Request&, Context&);

// http/static_files.cpp
Response show_page(Request&, Context&);
Response show_asset(Request&, Context&);
Response show_sprite(Request&, Context&);

}  // namespace cairn::gateway
