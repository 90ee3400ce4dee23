-- What was served to the holder of each token on each day; token '' stands for everybody without one.
create table tile_use (
  token text not null,                          -- id of the token
  day bigint not null,                          -- days since 1970-01-01, UTC
  tiles bigint not null,
  bytes bigint not null,
  primary key (token, day)
);
