-- What owners and readers say about what the pipeline made: titles, visibility, corrections, tags, annotations, reports, and
-- what they took away.

-- all its frames go to this sequence, in the order of their positions
alter table upload_sets add column one_sequence text;

-- anyone logged-only owner-only; null: as its upload set
alter table sequences add column visibility text;
-- the strictest of its own and its set's
alter table sequences add column shown_to text not null default 'anyone';
alter table sequences add column sorted_by text not null default '+gpsdate';
alter table sequences add column deleted_at bigint;
create index sequences_by_update on sequences(updated_at, id);

-- null: the rank
alter table frames add column shown_rank integer;
-- null: as its sequence
alter table frames add column visibility text;
alter table frames add column shown_to text not null default 'anyone';
-- what its owner stated after the upload; null: nothing
alter table frames add column stated_at bigint;
alter table frames add column stated_lat_e7 bigint;
alter table frames add column stated_lon_e7 bigint;
alter table frames add column stated_heading_deg double precision;
alter table frames add column stated_pitch_deg double precision;
alter table frames add column stated_roll_deg double precision;
create index frames_by_content on frames(content);
create index files_by_content_alone on files(content);
create index files_by_frame on files(frame_id);

create table tags (
  subject text not null,                        -- id of a frame, sequence, upload set or annotation
  key text not null,
  value text not null,
  primary key (subject, key, value)
);
create index tags_by_key on tags(key, value);

create table annotations (
  id text primary key,
  frame_id text not null,
  shape text not null,                          -- GeoJSON polygon in pixels of the upright picture; equal shapes, equal text
  detected integer not null,                    -- 1: by a model; replaced when the frame is inspected again
  unique (frame_id, shape)
);

create table reports (
  id text primary key,
  issue text not null,
  status text not null,
  frame_id text,
  sequence_id text,
  reporter_id text,
  reporter_email text,
  reporter_comments text,
  resolver_id text,
  resolver_comments text,
  opened_at bigint not null,
  closed_at bigint
);
create index reports_by_time on reports(opened_at, id);

create table dropped_blobs (
  space text not null,                          -- private public
  name text not null,
  content text not null,                        -- the picture it was made from: while another frame has it, the blob stays
  dropped_at bigint not null,
  primary key (space, name)
);
create index dropped_blobs_by_time on dropped_blobs(dropped_at);
