-- Sets whose sender may have gone are looked for all the time, among those that are still open.
create index upload_sets_open on upload_sets(id) where completed_at is null and deleted_at is null;
