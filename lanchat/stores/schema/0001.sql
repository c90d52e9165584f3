-- The journal of one server.  `sqlite.py` says how it is used.

create table meta (
    identity text not null,             -- which journal this is
    filed integer not null default 0,   -- up to here events are in `event`, and not looked for in `turn` any more
    reserved integer not null default 0, -- while a server runs: up to here numbers may have been given out
    gone integer not null default 0     -- up to here events may have been pruned
) strict;
insert into meta (identity) values (lower(hex(randomblob(8))));

-- A turn of the reactor as it was committed: one row, so that a commit is cheap.  It stays until it is filed.
create table turn (
    last integer primary key,           -- the number of its newest event
    content blob not null               -- JSON: {"events": [...], "marks": [[client, ref, id], ...]}
) strict;

-- What was filed: a row for each event, its words in the index.
create table room (
    number integer primary key,
    folded text not null unique,
    name text not null,                 -- as it is shown
    topic text not null default '',
    used integer not null default 0     -- the newest event that was said there
) strict;

create table event (
    id integer primary key,
    room integer not null references room (number),
    spoken integer not null,            -- 1 for what was said or done, 0 for all else that happened in a room
    nick text not null,                 -- folded
    content text not null               -- JSON, as on the wire
) strict;
create index event_by_room on event (room, spoken, id);
create index event_by_nick on event (nick, room, spoken, id);

-- The words of what was said (lanchat/core/words.py), joined by spaces; `room` is where and by whom, as words too
-- (`place` in finding.py); rowid is the event's number.
create virtual table word using fts5 (words, room, content='', tokenize='ascii');

-- What clients called their messages: a repeated one is known again.
create table mark (
    id integer primary key,             -- the number of the event
    client text not null,
    ref text not null
) strict;
