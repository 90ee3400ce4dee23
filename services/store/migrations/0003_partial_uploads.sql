-- Uploads that come in pieces (tus, Mapillary's protocol). Their bytes lie in data/incoming under the row's id, and how many of
-- them are there is what the disk says: no row is written for a piece.

create table partial_uploads (
  id text primary key,
  account_id text not null references accounts(id),
  protocol text not null,                       -- tus mapillary
  created_at bigint not null,
  expires_at bigint not null,
  length bigint,                                -- null until the sender tells
  reserved bigint not null,                     -- bytes that count towards the account's limit; 0 once finished
  metadata text not null,                       -- as sent: tus's Upload-Metadata, or Mapillary's key
  concat text not null,                         -- tus's Upload-Concat as sent; '' for none
  upload_set_id text,                           -- where it goes; null for what is only part of something
  receipt text                                  -- JSON: what became of it; null until it is whole
);
create index partial_uploads_by_account on partial_uploads(account_id, protocol);
create index partial_uploads_by_expiry on partial_uploads(expires_at);
