-- Who can prove that a nick is theirs, whom the server's admins keep out, and what those in charge did.

create table account (
    folded text primary key,            -- the folded name
    content text not null               -- JSON (core/accounts.py)
) strict;

create table ban (
    folded text primary key,            -- the folded mask
    content text not null               -- JSON: [mask, by, time, until, reason]
) strict;

create table audit (
    number integer primary key,
    content text not null               -- JSON (`AuditLine` in core/replies.py); the newest 100,000
) strict;
