-- What is asked with every file that is decoded, however many its set has.
create index tracks_by_upload_set on files(upload_set_id) where kind = 'track';
create index files_to_decode on files(upload_set_id) where state = 'received';

-- And with every upload that begins, however many the account has finished.
drop index partial_uploads_by_account;
create index partial_uploads_under_way on partial_uploads(account_id, reserved) where receipt is null;

-- names: of its files, each once, refused ones too: what its sender's estimate is compared with
alter table upload_sets add column names integer not null default 0;
update upload_sets set names = (select count(distinct name) from files where upload_set_id = upload_sets.id);

-- And with every look at the status of the server.
create index frames_refused on frames(reason) where reason is not null;
create index files_refused on files(reason) where reason is not null;
create index frames_published on frames(id, published) where published = 1;  -- with the column that it tells by: SQLite counts in the index then
