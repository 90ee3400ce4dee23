#pragma once
// The order in which the recorded requests are walked, and who asks.

namespace cairn::testing {

enum class Who {
  nobody,    ///< without a token, at a server that asks for one to write
  local,     ///< without a token, at a server that takes uploads without one
  owner,     ///< with a token of the account whose drives these are
  other,     ///< with another account's token
  program,   ///< with the token that was generated last
  nonsense,  ///< with the recorded Authorization header as it is
  claimer,   ///< nothing is sent: the account claims the tokens that wait for somebody
  pipeline,  ///< nothing is sent: the collection of this request gets what the workers make of its pictures
};

struct Step {
  const char* sample;
  Who who;
  int series = 0;  ///< another one: pictures that no earlier step sent
};

constexpr Who nobody = Who::nobody, local = Who::local, owner = Who::owner, other = Who::other, program = Who::program,
              nonsense = Who::nonsense, claimer = Who::claimer, pipeline = Who::pipeline;

inline constexpr Step kSteps[] = {
    {"landing", nobody}, {"configuration", nobody}, {"conformance", nobody}, {"collections", nobody}, {"collections_cors", nobody},
    {"collections_page2", nobody}, {"collections_badbbox", nobody}, {"collections_badfilter", nobody}, {"collections_badlimit", nobody},
    {"collections_badsort", nobody}, {"collections_deleted_filter", nobody}, {"collections_filter_updated", nobody},
    {"collections_queryables", nobody}, {"collections_rss", nobody}, {"collections_show_deleted", nobody}, {"collection", nobody},
    {"collection_404", nobody}, {"collection_baduuid", nobody}, {"collection_status", nobody}, {"collection_thumb", nobody},
    {"collection_thumb_head", nobody}, {"cors_on_404", nobody}, {"cors_preflight", nobody}, {"items", nobody}, {"items_all_links", nobody},
    {"items_badlimit", nobody}, {"items_bbox", nobody}, {"items_withpicture", nobody}, {"item", nobody}, {"item_with_related", nobody},
    {"item_360", nobody}, {"picture_404", nobody}, {"picture_baduuid", nobody}, {"pic_hd_404", nobody}, {"pic_hd_jpg", nobody},
    {"pic_hd_png", nobody}, {"pic_sd_jpg", nobody}, {"pic_sd_png", nobody}, {"pic_thumb_jpg", nobody}, {"pic_thumb_png", nobody},
    {"pic_tile_flat", nobody}, {"head_hd", nobody}, {"range_hd", nobody}, {"tile360", nobody}, {"tile360_bad", nobody}, {"tile360_oob", nobody},
    {"queryables", nobody}, {"search", nobody}, {"search_badbbox", nobody}, {"search_baddatetime", nobody}, {"search_badplace", nobody},
    {"search_bbox", nobody}, {"search_collections", nobody}, {"search_datetime", nobody}, {"search_filter", nobody}, {"search_ids", nobody},
    {"search_ids_json", nobody}, {"search_intersects", nobody}, {"search_limit_bad", nobody}, {"search_place", nobody},
    {"search_place_distance", nobody}, {"search_post", local}, {"search_post_bbox", local}, {"search_post_text", local}, {"search_sortby", nobody},
    {"search_sortby_bad", nobody}, {"style", nobody}, {"tile_badfmt", nobody}, {"tile_empty", nobody}, {"tile_oob", nobody}, {"tile_z16", nobody},
    {"tile_z22", nobody}, {"us_post_badjson", local}, {"us_post_badsort", local}, {"us_post_badvis", local}, {"us_post_excl", local},
    {"us_post_excl2", local}, {"us_post_full", local}, {"us_post_notitle", local}, {"us_post_text", local}, {"us_post_unknown", local},
    {"us_post_sem", owner}, {"us_post_sem_anon", local}, {"us_post_sem_anon2", local}, {"auth_us_post", owner}, {"auth_us_post_anon", nobody},
    {"auth_badtoken_post", nonsense}, {"auth_collections_post_anon", nobody}, {"auth_complete_anon", nobody}, {"auth_delete_anon", nobody},
    {"auth_us_get_anon", nobody}, {"us_get_404", nobody}, {"us_get_new", nobody}, {"file_202", local}, {"file_bad", local}, {"file_empty", local},
    {"file_dup_same_set", local}, {"file_same_name_other_content", local}, {"file_nogps", local}, {"file_truncated", local}, {"us_files", nobody},
    {"file_403", other}, {"file_404", local}, {"file_badtoken", nonsense}, {"file_ct_octet", local}, {"file_upper", local},
    {"file_dup_past_set", local}, {"file_isblurred_bad", local}, {"file_json", local}, {"file_raw", local}, {"file_mp4", local},
    {"file_noext", local}, {"file_png_name", local}, {"file_nodate", local}, {"file_noexif", local}, {"file_nopart", local},
    {"file_wrong_part", local}, {"file_override", local}, {"file_override_badlat", local}, {"file_override_badtime", local},
    {"file_override_latonly", local}, {"file_picture_id", local}, {"file_picture_id_bad", local}, {"file_picture_id_conflict", local},
    {"file_picture_id_repeat", local}, {"p360_file", local}, {"auth_file", owner, 1}, {"auth_file_anon", nobody}, {"auth_files_owner", owner},
    {"us_files_rejected", nobody}, {"us_files_other", other}, {"us_get_other", other}, {"us_complete_403", other}, {"us_complete_404", local},
    {"us_patch", owner}, {"us_patch_403", other}, {"us_patch_est", owner}, {"us_patch_unknown", owner}, {"us_semantics", owner},
    {"us_complete", local}, {"us_complete_again", local}, {"file_after_complete", local, 2}, {"us_delete_403", other}, {"us_delete", owner},
    {"us_get_deleted", nobody}, {"us_delete_anon", local}, {"us_files_dedup", nobody}, {"wait_us", nobody}, {"wait_us_completed", nobody},
    {"wait_collection", nobody}, {"wait_status", nobody}, {"wait_cthumb", nobody}, {"wait_hd", nobody}, {"wait_sd", nobody}, {"wait_thumb", nobody},
    {"wait_picture", nobody}, {"wait_items", nobody}, {"wait_search", nobody}, {"legacy_collection", local}, {"legacy_collection_text", local},
    {"legacy_collection_nobody", local}, {"legacy_item", local, 3}, {"legacy_item_404", local, 3}, {"legacy_item_badjpg", local, 3},
    {"legacy_item_dup", local, 3}, {"legacy_item_noexif", local, 3}, {"legacy_item_nopic", local, 3}, {"legacy_item_nopos", local, 3},
    {"legacy_item_pos0", local, 3}, {"legacy_item_pos_taken", local, 3}, {"legacy_items", pipeline}, {"legacy_collection_after", nobody},
    {"legacy_items", nobody, 3}, {"collection_patch_anon", nobody}, {"collection_patch_empty", owner}, {"collection_patch_unknown", owner},
    {"collection_patch_title", owner}, {"collection_patch_sem", owner}, {"collection_patch_relh", owner}, {"collection_patch_vis", owner},
    {"collection_patch_sortby", owner}, {"collection_after", nobody}, {"item_patch_anon", nobody}, {"item_patch_empty", owner},
    {"item_patch_unknown", owner}, {"item_patch_badheading", owner}, {"item_patch_lononly", owner}, {"item_patch_heading", owner},
    {"item_patch_capture", owner}, {"item_patch_pitch", owner}, {"item_patch_pos", owner}, {"item_patch_sem", owner},
    {"item_patch_visibility", owner}, {"item_patch_visible", owner}, {"search_filter_sem", nobody}, {"annotation_post", owner},
    {"annotation_post_anon", nobody}, {"annotation_same_shape", owner}, {"annotation_get", nobody}, {"annotation_patch", owner},
    {"annotation_bad", owner}, {"annotation_out", owner}, {"annotation_delete", owner}, {"annotation_get_gone", nobody}, {"report_post", nobody},
    {"report_post_bad", nobody}, {"report_post_none", nobody}, {"report_post_unknown_pic", nobody}, {"report_text", nobody}, {"report_get", owner},
    {"report_get_anon", nobody}, {"my_reports", owner}, {"reports_list", owner}, {"report_patch", owner}, {"report_patch_bad", owner},
    {"item_unhide", owner}, {"report_privacy", nobody}, {"item_after_privacy", nobody}, {"item_after_privacy_owner", owner},
    {"hd_after_privacy", nobody}, {"thumb_after_privacy", nobody}, {"users", nobody}, {"users_search", nobody}, {"users_search_none", nobody},
    {"user", nobody}, {"user_catalog", nobody}, {"user_collection", nobody}, {"user_style", nobody}, {"me_collection", owner},
    {"me_upload_sets", owner}, {"me_upload_sets_all", owner}, {"me_upload_sets_anon", local}, {"auth_my_us", owner}, {"auth_my_us_badfilter", owner},
    {"me", owner}, {"me_other", other}, {"me_anon", local}, {"auth_me_anon", nobody}, {"auth_configuration", nobody}, {"login", local},
    {"auth_login", nobody}, {"auth_logout", nobody}, {"me_tokens", owner}, {"token_create", owner}, {"token_get_404", owner},
    {"token_generate", nobody}, {"me_unclaimed", program}, {"token_get", owner}, {"token_claim_anon", local}, {"auth_token", nobody},
    {"auth_unclaimed_post", program}, {"auth_claim_anon", nobody}, {"auth_token", claimer}, {"auth_tokens_delete", program},
    {"auth_me_revoked", program}, {"prepare", owner}, {"jobs_stats", nobody}, {"admin_stats", owner}, {"me_badtoken", nonsense},
    {"me_basic", nonsense}, {"delete_collection_anon", nobody}, {"delete_item", owner}, {"delete_item_again", owner}, {"get_deleted_item", nobody},
    {"delete_collection", owner}, {"collection_deleted", nobody}, {"collections_show_deleted2", nobody},
};

}  // namespace cairn::testing
