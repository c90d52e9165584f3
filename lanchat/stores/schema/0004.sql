-- What is to be nowhere any more (purging.py): it stands here from the first step of that to the last.
create table removal (
    number integer not null,            -- the event; with a place: all up to it
    place text not null default '',     -- `events.place_of`
    primary key (number, place)
) strict, without rowid;

-- Pages that are free were not always written over with zeros: whether that was made up for.
alter table meta add column wiped integer not null default 0;
