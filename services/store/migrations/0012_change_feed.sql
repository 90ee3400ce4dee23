-- What followers of the map's changes are told. Events from before said too little, and some a place; the last one keeps its number, so
-- that the count goes on and whoever begins behind it is told to.

delete from events where seq < (select max(seq) from events);
update events set kind = 'start', subject = '{}';

-- Tiles that are shown as they are until they have been built anew.
alter table tiles add column stale integer not null default 0;
