/**
 * What the page knows of the chat: who we are, the rooms and private conversations, what was said in them.
 *
 * It is fed with what is heard (docs/protocol.md), and knows nothing of connections or of how it is shown.
 */

import { fold, LOBBY, names, same } from "./names.js";
import { keyOfPerson, keyOfRoom, Place } from "./place.js";
import { sentence } from "./wording.js";

export class Talk {
  /** `alert(line, place)` is called for what is meant for us alone, or names us; `removed(line)` for what was taken away. */
  constructor(alert, removed) {
    this.alert = alert;
    this.removed = removed;
    /** Numbers of what was taken away lately. */
    this.gone = new Set();
    /** What a screen reader says, as there is nothing to see any more. */
    this.aloud = "";
    this.aloudAt = 0;
    this.nick = "";
    /** The account that we are logged in to; empty: we are a guest. */
    this.account = "";
    /** Whether we are an admin of the server. */
    this.admin = false;
    /** The nick that we want and somebody else still has: people call us by it. */
    this.wanted = "";
    this.server = "";
    this.limits = {};
    this.away = "";
    this.commands = [];
    this.places = new Map();
    this.view = LOBBY;
    /** The place that a person is reading just now, if the page has their attention. */
    this.reading = "";
  }

  get place() {
    return this.places.get(this.view) || this.places.get(LOBBY) || this.room(LOBBY);
  }

  get rooms() {
    return [...this.places.values()].filter((place) => !place.isPrivate);
  }

  get privates() {
    return [...this.places.values()].filter((place) => place.isPrivate);
  }

  get unread() {
    return [...this.places.values()].reduce((sum, place) => sum + place.unread, 0);
  }

  /** How much is unread that is meant for us. */
  get calls() {
    return [...this.places.values()].reduce((sum, { isPrivate, unread, named }) => sum + (isPrivate ? unread : +named), 0);
  }

  isOwn(nick) {
    return same(nick, this.nick);
  }

  room(name) {
    const place = this.places.get(keyOfRoom(name)) || new Place(name, false);
    this.places.set(place.key, place);
    return place;
  }

  person(nick) {
    const place = this.places.get(keyOfPerson(nick)) || new Place(nick, true);
    this.places.set(place.key, place);
    return place;
  }

  /** Gives our rank in a place. */
  rankIn(place) {
    return place.people.get(fold(this.nick))?.rank || "";
  }

  /** Says whether we may change a room and remove people. */
  governs(place) {
    return !place.isPrivate && (this.admin || /^(op|founder)$/.test(this.rankIn(place)));
  }

  may(command) {
    return this.commands.some(({ name }) => name === command);
  }

  leaveRooms() {
    for (const place of this.rooms) this.places.delete(place.key);
  }

  lookAt(place) {
    if (place.key === this.view) return;
    this.place.newFrom = 0;
    this.view = place.key;
  }

  close(place) {
    this.places.delete(place.key);
    if (this.view === place.key) this.view = this.rooms.length ? this.rooms[this.rooms.length - 1].key : LOBBY;
  }

  /** Puts a sentence of the server's, or of ours, where it belongs. */
  say(text, place = this.place, more = {}) {
    if (text) place.live.append({ kind: "server", time: Date.now(), text, ...more });
  }

  /** Begins anew: the numbers of events mean nothing any more. */
  forgetNumbers() {
    for (const place of this.places.values()) {
      place.past = null;
      place.live.older = 0;
      for (const block of place.live.blocks) for (const line of block.lines) line.id = 0;
    }
  }

  linesOf(events) {
    return events.filter(({ id }) => !this.gone.has(id)).map((event) => this.lineOf(event));
  }

  /** Makes a line of what was said. */
  lineOf(heard) {
    const { event, id, nick } = heard;
    const file = fileOf(heard);
    const text = file ? `sent ${file.name}` : heard.text;
    const kind = event === "acted" || heard.acted ? "acted" : heard.notice ? "notice" : "said";
    const own = this.isOwn(nick);
    const named = !own && (names(this.nick, text) || names(this.wanted, text));
    return { kind, id, time: Date.parse(heard.time), nick, text, own, named, to: heard.to, file, announcement: !!heard.announcement, kept: !heard.to || !!heard.kept };
  }

  /** Takes in one thing.  `asked`: what of ours it answers; `missed`: it happened while the line was down. */
  hear(heard, { ref = "", asked = null, missed = false } = {}) {
    const deed = DEEDS[heard.event];
    if (deed) deed(this, heard, { own: !!ref, asked, missed });
  }

  spoken(place, heard, { own, missed }) {
    const line = this.lineOf(heard);
    line.own = line.own || own;
    place.live.append(line);
    if (!place.isPrivate && place.atEnd && !place.past) place.live.trim();
    if (line.own) return;
    const forUs = place.isPrivate || line.named || line.announcement;
    if (this.reading !== place.key || !place.atEnd || place.past) {
      if (!place.newFrom) place.newFrom = line.key;
      place.unseen.set(line.id, forUs);
    }
    if (forUs) this.alert(line, place, missed);
  }

  moved(place, way, heard, missed) {
    if (missed || this.isOwn(heard.nick)) return;
    place.live.append({ kind: "moves", way, id: heard.id, time: Date.parse(heard.time), nick: heard.nick, text: sentence(heard) });
  }

  goneFrom(room, text) {
    const place = this.places.get(keyOfRoom(room));
    if (!place) return;
    this.close(place);
    if (text) this.say(text);
  }
}

const fileOf = ({ event, file, name, size, kind, url }) => (event === "shared" || event === "handed" ? { id: file, name, size, kind, url } : null);

/** What each thing that is heard changes. */
const DEEDS = {
  welcome(talk, { nick, server, limits, motd }, { missed }) {
    Object.assign(talk, { nick, server, limits });
    if (motd && !missed) talk.say(motd, talk.room(LOBBY));
  },
  entered(talk, heard, { asked }) {
    talk.nick = heard.nick;
    const place = talk.room(heard.room);
    place.topic = heard.topic || "";
    place.modes = new Map();
    for (const change of heard.modes || []) place.take(change);
    place.entered(heard.nicks);
    if (asked || !talk.places.has(talk.view)) talk.lookAt(place);
  },
  backlog(talk, { room, events }) {
    const { live } = talk.room(room);
    if (!live.first && events.length) live.older = events[0].id;
    for (const line of live.unknown(talk.linesOf(events))) live.append(line);
  },
  loggedin(talk, { account, admin }, { missed }) {
    Object.assign(talk, { account, admin: !!admin });
    if (!missed) talk.say(`You are logged in as ${account}.${admin ? " You are an admin of this server." : ""}`);
  },
  awayhere(talk, heard) {
    talk.away = heard.text || "";
    talk.say(sentence(heard));
  },
  identified(talk, { nick }) {
    for (const place of talk.places.values()) place.note(nick, { account: true });
  },
  waiting(talk, heard) {
    const { events } = heard;
    for (const event of events) if (!talk.person(event.nick).live.find(event.id)) DEEDS.told(talk, event, { own: false, missed: true });
    talk.say(sentence(heard));
  },
  deleted(talk, { nick, of }, { own }) {
    talk.gone.add(of);
    if (talk.gone.size > 1000) talk.gone.delete(talk.gone.values().next().value);
    let line;
    for (const place of talk.places.values()) line ||= place.remove(of);
    if (line && Date.now() - talk.aloudAt > 3000) { // one of many is enough to hear
      talk.aloud = `${own ? "You" : nick || "The server"} deleted a message of ${talk.isOwn(line.nick) ? "yours" : line.nick}.`;
      talk.aloudAt = Date.now();
    }
    talk.removed(line || { id: of, nick, text: "" });
  },
  announced(talk, heard) {
    talk.say(sentence(heard), talk.place, { announcement: true });
  },
  said: (talk, heard, how) => talk.spoken(talk.room(heard.room), heard, how),
  acted: (talk, heard, how) => talk.spoken(talk.room(heard.room), heard, how),
  shared: (talk, heard, how) => talk.spoken(talk.room(heard.room), heard, how),
  confided: (talk, heard, how) => talk.spoken(talk.room(heard.room), heard, how),
  handed: (talk, heard, how) => DEEDS.told(talk, heard, how),
  told(talk, heard, how) {
    const place = talk.person(talk.isOwn(heard.nick) ? heard.to : heard.nick);
    talk.spoken(place, heard, how);
    if (how.asked) talk.lookAt(place);
  },
  joined(talk, heard, { missed }) {
    const place = talk.room(heard.room);
    place.came(heard.nick, heard.account);
    if (talk.isOwn(heard.nick) && !place.live.first) place.live.older = heard.id;
    talk.moved(place, "came", heard, missed);
  },
  parted(talk, heard, { missed }) {
    const place = talk.places.get(keyOfRoom(heard.room));
    if (!place) return;
    if (talk.isOwn(heard.nick)) return missed || talk.goneFrom(heard.room, "");
    place.left(heard.nick);
    talk.moved(place, "left", heard, missed);
  },
  kicked(talk, heard, { own }) {
    if (talk.isOwn(heard.who)) return talk.goneFrom(heard.room, `${heard.room}: ${sentence(heard, own)}`);
    const place = talk.room(heard.room);
    place.left(heard.who);
    talk.say(sentence(heard, own), place, { id: heard.id });
  },
  quit(talk, heard) {
    for (const place of talk.places.values()) {
      const known = place.isPrivate ? same(place.name, heard.nick) : place.has(heard.nick);
      place.left(heard.nick);
      if (known) talk.moved(place, "left", heard, false);
    }
  },
  renamed(talk, heard) {
    const own = talk.isOwn(heard.nick);
    if (own) Object.assign(talk, { nick: heard.new, wanted: "" });
    for (const place of [...talk.places.values()]) {
      const known = place.isPrivate ? same(place.name, heard.nick) : place.has(heard.nick);
      if (!known) continue;
      place.note(heard.nick, { nick: heard.new });
      if (place.isPrivate && !talk.places.has(keyOfPerson(heard.new))) rekey(talk, place, heard.new);
      talk.say(sentence(heard, own), place, { id: heard.id });
    }
  },
  away(talk, heard, { own }) {
    present(talk, heard, own, true);
  },
  back(talk, heard, { own }) {
    present(talk, heard, own, false);
  },
  topic(talk, heard, { own }) {
    const place = talk.room(heard.room);
    place.topic = heard.text;
    talk.say(sentence(heard, own), place, { id: heard.id });
  },
  changed(talk, heard, { own }) {
    const place = talk.room(heard.room);
    Object.assign(place, { until: 0, complaint: "" }); // what kept somebody from speaking may do so no more
    for (const change of heard.changes) {
      place.take(change);
      if (/^(founder|op|voice)$/.test(change.mode)) place.detailed = false; // who had another rank has the higher one
    }
    talk.say(sentence(heard, own), place, { id: heard.id });
  },
  names(talk, heard, { asked }) {
    const place = talk.places.get(keyOfRoom(heard.room));
    if (place && place.has(talk.nick)) place.listed(heard.people);
    if (asked) talk.say(sentence(heard));
  },
  invited(talk, heard, { own }) {
    talk.say(sentence(heard, own), talk.place, { room: own ? "" : heard.room });
    if (!own) talk.alert({ nick: heard.nick, text: sentence(heard) }, talk.place, false);
  },
  missed(talk, heard) {
    for (const place of talk.rooms) talk.say(sentence(heard), place);
  },
  refused(talk, heard, { asked }) {
    if (heard.room && !asked) talk.goneFrom(heard.room, `${heard.room}: ${heard.text}`);
    else talk.say(heard.text, talk.places.get(asked?.place), { refused: true });
  },
};
for (const event of ["alerted", "inviting", "notice", "closed", "pong", "absent", "watched", "rooms", "whois", "help", "files", "audit"]) {
  DEEDS[event] = (talk, heard, { asked }) => talk.say(sentence(heard), talk.places.get(asked?.place));
}

function present(talk, heard, own, away) {
  if (own) talk.away = away ? heard.text : ""; // with another client one may be away, and not here
  for (const place of talk.places.values()) place.note(heard.nick, { away });
  if (own) talk.say(sentence(heard, true));
  else if (talk.places.has(keyOfPerson(heard.nick))) talk.say(sentence(heard), talk.person(heard.nick));
}

/** Gives a private conversation the other's new nick. */
function rekey(talk, place, nick) {
  const viewed = talk.view === place.key;
  talk.places.delete(place.key);
  Object.assign(place, { name: nick, key: keyOfPerson(nick) });
  talk.places.set(place.key, place);
  if (viewed) talk.view = place.key;
}

/** Gives the nicks that a person may mean: those in view first, then all others, each once. */
export function nicksNear(talk) {
  const found = new Map();
  const recent = talk.place.live.blocks.slice(-2).flatMap((block) => block.lines);
  for (const { kind, nick } of recent.reverse()) if (kind === "said" || kind === "acted") found.set(fold(nick), nick);
  for (const key of [...found.keys()]) if (!talk.place.people.has(key)) found.delete(key);
  for (const { nick } of [...talk.place.people.values()].sort((a, b) => a.nick.localeCompare(b.nick))) {
    found.set(fold(nick), nick);
  }
  for (const place of talk.places.values()) {
    if (place.isPrivate) found.set(fold(place.name), place.name);
    for (const [key, { nick }] of place.people) found.set(key, nick);
  }
  found.delete(fold(talk.nick));
  return [...found.values()];
}
