-- What the sweep of replaced tiles asks.
create index tiles_by_blob on tiles(blob);
