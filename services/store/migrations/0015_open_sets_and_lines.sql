-- Sets whose sender may have gone are looked for all the time, among those that are still open.
create index upload_sets_open on upload_sets(id) where completed_at is null and deleted_at is null;

-- Lines of tiles, without a look at the frames, whose rows fill a page each. The last column is the one that it tells by: SQLite reads in the index alone then.
create index frames_by_line on frames(sequence_id, line_ordinal, lat_e7, lon_e7, line_zoom, published) where published = 1;
