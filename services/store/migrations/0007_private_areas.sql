-- The box around each private area, in 1e-7 degrees: only areas near what is judged are read. No area was stored before.

delete from private_areas;
alter table private_areas add column south_e7 bigint not null default 0;
alter table private_areas add column west_e7 bigint not null default 0;
alter table private_areas add column north_e7 bigint not null default 0;
alter table private_areas add column east_e7 bigint not null default 0;

-- Frames whose owner said that they lie elsewhere: the few that an area may hold though the place index doesn't say so.
create index frames_stated on frames(account_id) where stated_lat_e7 is not null;
