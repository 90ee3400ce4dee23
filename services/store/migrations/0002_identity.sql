-- Who somebody is and what they may do: roles, passwords, sessions, devices, places that nobody may see.

-- role: user or admin
alter table accounts add column role text not null default 'user';
-- password: its hash (scrypt$…), null: no login with one
alter table accounts add column password text;
alter table accounts add column failed_logins integer not null default 0;
-- login_after: no try before it, after too many failures
alter table accounts add column login_after bigint not null default 0;
-- erased_at: everything of the account is gone but this row
alter table accounts add column erased_at bigint;

alter table tokens add column expires_at bigint;
-- used_at: to the hour
alter table tokens add column used_at bigint;
create index tokens_by_account on tokens(account_id, created_at);

create table sessions (
  id_hash text primary key,                     -- SHA-256 of the cookie's value, which is stored nowhere
  account_id text not null references accounts(id),
  created_at bigint not null,
  expires_at bigint not null
);
create index sessions_by_account on sessions(account_id);

create table devices (
  id text primary key,                          -- did:key:z6Mk…: the key is in it
  account_id text not null references accounts(id),
  name text not null,
  registered_at bigint not null,
  revoked_at bigint,
  nonce text not null,                          -- of the session that its next manifests belong to; '' when there is none
  nonce_expires_at bigint not null,
  counter bigint not null,                      -- of its newest manifest; 0 before the first
  newest text not null                          -- SHA-256 of its newest manifest; '' before the first
);
create index devices_by_account on devices(account_id);

create table manifests (
  hash text primary key,                        -- SHA-256 of the manifest as sent
  device_id text not null references devices(id),
  counter bigint not null,
  manifest text not null,                       -- as sent, with its signature
  received_at bigint not null,
  unique (device_id, counter)
);

create table signed_files (
  account_id text not null,
  content text not null,                        -- SHA-256 of the file
  manifest_hash text not null references manifests(hash),
  name text not null,
  size bigint not null,
  primary key (account_id, content)
);

create table private_areas (
  id text primary key,
  account_id text,                              -- a contributor's privacy zone; null: an area that the operator excludes
  name text not null,
  shape text not null,                          -- JSON: a circle, or a polygon as GeoJSON has it
  created_at bigint not null
);
create index private_areas_by_account on private_areas(account_id);
