#pragma once

#include "core/bytes.hpp"

namespace cairn::fuzz {

/// Form bodies: the first byte says into which pieces the rest is cut; whole and in pieces it must give the same parts.
void multipart(ByteView bytes);
/// Request targets: the path through the table of routes, and the query.
void target(ByteView bytes);

/// Requests: what the short way takes, the parser that takes everything reads in the same way.
void quick_request(ByteView bytes);

/// Headers of a tus request: the first line is the method, each other one a header.
void tus_headers(ByteView bytes);
/// JSON bodies of Mapillary's protocol.
void mapillary_json(ByteView bytes);
/// JSON bodies of the Panoramax API, each as an upload set, changed rules, a filter, an area and tags.
void json_body(ByteView bytes);
/// Filters in CQL2's text form.
void cql2(ByteView bytes);
/// Tokens, and what devices sign.
void signed_text(ByteView bytes);
/// Zip archives; read twice they must give the same.
void archive(ByteView bytes);

}  // namespace cairn::fuzz
