-- The catalogue. Portable between SQLite and PostgreSQL: text, bigint, integer, double precision only; times are whole
-- microseconds of UTC, digests and ids are text, structured values are JSON text (protobuf's JSON form, services/codec/records.proto).

create table accounts (
  id text primary key,
  name text not null unique,
  created_at bigint not null
);

create table tokens (
  id text primary key,
  account_id text references accounts(id),      -- null until claimed
  secret_hash text not null unique,             -- SHA-256 of the token as sent; the token itself is stored nowhere
  description text not null,
  scopes text not null,                         -- "upload read admin"
  created_at bigint not null,
  revoked_at bigint
);

create table upload_sets (
  id text primary key,
  account_id text not null references accounts(id),
  title text not null,
  created_at bigint not null,
  completed_at bigint,
  dispatched_at bigint,
  estimated_files integer,
  rules text not null,                          -- JSON: sort_method, split_*, duplicate_*, relative_heading
  metadata text not null,                       -- JSON as sent
  user_agent text not null,
  visibility text not null,
  deleted_at bigint
);
create index upload_sets_by_account on upload_sets(account_id, created_at);

create table files (
  id text primary key,
  upload_set_id text not null references upload_sets(id),
  account_id text not null references accounts(id),
  name text not null,
  kind text not null,                           -- picture video track
  content text not null,                        -- SHA-256: the private blob
  md5 text not null,
  scan_hash text not null,                      -- '' when the file is no JPEG
  size bigint not null,
  received_at bigint not null,
  overrides text not null,                      -- JSON
  frame_id text,                                -- of a picture, known at arrival
  state text not null,                          -- received decoded refused
  frames integer not null,
  reason text,
  detail text
);
create index files_by_upload_set on files(upload_set_id, received_at, id);
create index files_by_content on files(account_id, content);
create index files_by_scan on files(account_id, scan_hash);

create table sequences (
  id text primary key,
  upload_set_id text not null references upload_sets(id),
  account_id text not null references accounts(id),
  title text not null,
  created_at bigint not null,
  updated_at bigint not null,
  state text not null,                          -- inspecting fusing ready
  batches_left integer not null,
  frames integer not null,
  accepted integer not null,
  first_taken_at bigint not null,
  last_taken_at bigint not null,
  length_m double precision not null,
  west_e7 bigint not null, south_e7 bigint not null, east_e7 bigint not null, north_e7 bigint not null,
  fusion_values text not null                   -- JSON
);
create index sequences_by_upload_set on sequences(upload_set_id, first_taken_at, id);
create index sequences_by_time on sequences(created_at, id);

create table frames (
  id text primary key,
  upload_set_id text not null references upload_sets(id),
  file_id text not null references files(id),
  account_id text not null references accounts(id),
  file_name text not null,
  content text not null,                        -- private blob: the picture as received or as decoded from a video
  capture text not null,                        -- JSON: what the device claimed
  sequence_id text,
  rank integer,                                 -- 1, 2, … within the sequence
  state text not null,                          -- decoded assembled inspected fused
  observation text,                             -- JSON: what vision saw
  verdict text,                                 -- JSON: what was decided, with every value
  reason text,                                  -- refused: why
  detail text,
  duplicate_of text,
  taken_at bigint not null,
  lat_e7 bigint not null,                       -- claimed until fused, then fused
  lon_e7 bigint not null,
  heading_deg double precision,
  morton bigint not null,
  hd text, sd text, thumb text,                 -- public blobs
  published integer not null default 0,         -- accepted, redacted and visible
  line_ordinal integer,                         -- its place in the sequence's line, accepted frames only
  line_zoom integer,                            -- the line bends here from this zoom on
  epoch bigint                                  -- the epoch that paid for it; null: not yet
);
create index frames_by_upload_set on frames(upload_set_id, id);
create index frames_by_file on frames(file_id);
create index frames_by_sequence on frames(sequence_id, rank);
create index frames_by_place on frames(morton);

create table sightings (
  id text primary key,
  sequence_id text not null,
  account_id text not null,
  morton bigint not null,
  sighting text not null                        -- JSON
);
create index sightings_by_place on sightings(morton);
create index sightings_by_sequence on sightings(sequence_id);

create table features (
  id text primary key,
  cell bigint not null,                         -- Morton key of the merge cell that owns it
  morton bigint not null,
  feature text not null                         -- JSON
);
create index features_by_place on features(morton);
create index features_by_cell on features(cell);

create table coverage_visits (
  cell bigint not null,                         -- S2 cell id, bit for bit
  octant integer not null,
  sequence_id text not null,
  morton bigint not null,                       -- of the cell's centre
  lat_e7 bigint not null,
  lon_e7 bigint not null,
  last_seen bigint not null,
  primary key (cell, octant, sequence_id)
);
create index coverage_by_place on coverage_visits(morton);
create index coverage_by_sequence on coverage_visits(sequence_id);

create table tiles (
  tileset text not null,
  zoom integer not null,
  x bigint not null,
  y bigint not null,
  hash text not null,                           -- SHA-256 of the uncompressed tile; '' when nothing shows
  blob text not null,                           -- public blob, gzip; '' when nothing shows
  size bigint not null,                         -- of the gzip bytes
  rollup text not null,                         -- private blob; '' when there is nothing
  primary key (tileset, zoom, x, y)
);

create table jobs (
  id text primary key,
  stage text not null,
  key text not null,
  state text not null,                          -- delayed queued leased quarantined
  priority integer not null,                    -- of jobs with the same turn the higher goes first
  turn bigint not null,                         -- lowest first; see turns
  tenant text not null,
  run_at bigint not null,
  lease_until bigint,
  lease_token text,
  attempts integer not null,                    -- failures that were reported
  deaths integer not null,                      -- leases that ran out or workers that died
  again integer not null,                       -- asked for while leased: run once more
  last_error text,
  unique (stage, key)
);
create index jobs_by_turn on jobs(state, turn, priority);
create index jobs_by_time on jobs(state, run_at);

-- Fair turns: the last one given to each tenant in each stage, and under ('', '') the highest one that was leased.
create table turns (
  stage text not null,
  tenant text not null,
  last bigint not null,
  primary key (stage, tenant)
);

create table events (
  seq bigint primary key,
  at bigint not null,
  kind text not null,
  subject text not null                         -- JSON
);

create table epochs (
  number bigint primary key,
  name text not null unique,
  begins_at bigint not null,
  ends_at bigint not null,
  closed_at bigint not null,
  root text not null,
  bundle text not null                          -- SHA-256 of the bundle's manifest; the folder is named after the epoch
);

create table last_visits (
  cell bigint not null,
  octant integer not null,
  taken_at bigint not null,
  primary key (cell, octant)
);

create table ledger_rows (
  seq bigint primary key,
  key text not null unique,                     -- idempotency: one key, one transfer, for ever
  from_account text not null,
  to_account text not null,
  amount bigint not null,
  at bigint not null,
  previous text not null,
  hash text not null
);
