-- What a job of each stage costs and how many workers there are, as the coordinator saw it last: for estimates of waiting time.
create table pace (
  stage text primary key,
  seconds_per_job double precision not null,
  workers integer not null
);
