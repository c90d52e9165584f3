-- What rooms are besides their topic, and the key by which addresses are hidden, stay over a restart.

alter table meta add column secret blob not null default x'';  -- `Journal.secret`
update meta set secret = randomblob(16);

alter table room add column topic_by text not null default '';
alter table room add column topic_time text not null default '';
alter table room add column created text not null default '';  -- when the first event was that is known of it
alter table room add column modes text not null default '';    -- JSON (kept_modes.py); empty: those of a new room

update room set created = coalesce(json_extract(event.content, '$.time'), '')
from event
where event.id = (select min(oldest.id) from event as oldest where oldest.room = room.number)
and json_valid(event.content);

update room set
    topic_by = coalesce(json_extract(newest.content, '$.nick'), ''),
    topic_time = coalesce(json_extract(newest.content, '$.time'), '')
from (
    select room, content, max(id) from event
    where spoken = 0 and content like '{"event":"topic"%' and json_valid(content) group by room
) as newest
where newest.room = room.number and room.topic = json_extract(newest.content, '$.text') and room.topic != '';
