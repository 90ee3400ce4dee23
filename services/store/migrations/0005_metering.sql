-- A file is looked up by its name in its set whenever one arrives.
create index files_by_name on files(upload_set_id, name);

-- What each account sent on each day: what its quota is compared with.
create table account_days (
  account_id text not null references accounts(id),
  day bigint not null,                          -- days since 1970-01-01, UTC
  files bigint not null,
  bytes bigint not null,
  primary key (account_id, day)
);

-- What the sweep of orphaned blobs asks.
create index tiles_by_rollup on tiles(rollup);
