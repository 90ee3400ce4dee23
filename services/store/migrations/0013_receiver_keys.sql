-- receiver_key: of the satellite receiver in the device, 48 hexadecimal digits; '' when it was not told
alter table devices add column receiver_key text not null default '';

-- What the receiver's signatures in a track say (holds, altered, unknown_receiver), '' when there are none; and whose key made them.
alter table files add column log_state text not null default '';
alter table files add column log_device text not null default '';
