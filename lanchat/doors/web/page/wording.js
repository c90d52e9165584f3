/** How what is heard reads as sentences, as in the text door (lanchat/core/wording.py). */

import { clock, shortDay } from "./times.js";

const moment = (time) => `${shortDay(new Date(time))}, ${clock(new Date(time))}`;
/** Who did something: for some things nobody did, a time was over. */
const by = (nick) => nick || "The server";
/** The audit log has moments in its reasons: until when somebody was banned. */
const MOMENT = /\b\d{4}-\d\d-\d\dT[\d:.]+Z/g;
const because = (reason) => (reason ? ` (${reason})` : "");

const SWITCHED = {
  "invite-only": ["locked the room: only who is invited may come in", "unlocked the room: everybody may come in"],
  moderated: ["silenced the room: only ops and who has voice may speak", "lets everybody speak again"],
  "members-only": ["closed the room to words from outside", "opened the room to words from outside"],
  hidden: ["hid the room: it is in no list any more", "shows the room in lists again"],
  "topic-locked": ["locked the topic: only ops may change it", "lets everybody change the topic"],
  key: ["gave the room a key: only who knows it may come in", "took the room's key away"],
  limit: ["limited the room to {} people", "took the room's limit away"],
  slow: ["lets everybody speak once in {} seconds", "lets everybody speak as often as they like"],
  "read-only": ["lets only ops speak", "lets everybody speak again"],
  mute: ["muted {}", "lets {} speak again"],
  founder: ["made {} a founder", "took founder from {}"],
  ban: ["banned {}", "lifted the ban of {}"],
  exempt: ["exempts {} from the bans", "exempts {} from the bans no more"],
  allowed: ["lets {} in without an invitation", "lets {} in only by invitation again"],
  op: ["made {} an op", "took op from {}"],
  voice: ["gave {} voice", "took voice from {}"],
};

/** What somebody is who comes and has had that rank all the time: nobody did anything. */
const RANKED = { founder: "{} is a founder", op: "{} is an op", voice: "{} has voice" };

const changed = (nick, { mode, on = true, value = "", until, reason, whom: named }) => {
  const [yes, no] = SWITCHED[mode] || [`set ${mode} {}`, `took ${mode} {} away`];
  if (!nick && on && RANKED[mode]) return RANKED[mode].replace("{}", () => value);
  const end = until ? ` until ${moment(until)}` : "";
  const whom = named || (value.startsWith("address:") ? "an address" : value); // that is for those in charge, who see it in the list
  return `${by(nick)} ${(on ? yes : no).replace("{}", () => whom)}${end}${because(reason)}`;
};

const done = ({ time, nick, act, room, whom, reason }) =>
  `${moment(time)}, ${room || "everywhere"}: ${[nick || "the server", act, whom].filter(Boolean).join(" ")}${because(reason?.replace(MOMENT, moment))}`;

const named = ({ nick, rank, away }) => nick + because([rank, away && "away"].filter(Boolean).join(", "));

const WORDS = {
  topic: ({ nick, text }) => (text ? `${by(nick)} set the topic: ${text}` : `${by(nick)} took the topic away`),
  kicked: ({ nick, who, reason }) => `${by(nick)} removed ${who}${because(reason)}`,
  changed: ({ nick, changes }) => changes.map((each) => changed(nick, each)).join("\n"),
  renamed: (heard) => `${heard.nick} is now ${heard.new}`,
  away: ({ nick, text }) => `${nick} is away: ${text}`,
  back: ({ nick }) => `${nick} is back`,
  joined: ({ nick }) => `${nick} came`,
  parted: ({ nick, reason }) => `${nick} left${because(reason)}`,
  quit: ({ nick, reason }) => `${nick} left the chat${because(reason)}`,
  announced: ({ nick, text }) => `${nick} to everybody: ${text}`,
  audit: ({ lines }) => lines.map(done).join("\n") || "Nothing was done.",
  alerted: ({ nick, text }) => `${nick} to the admins: ${text}`,
  invited: ({ nick, to, room }) => `${nick} invites ${to} to ${room}`,
  inviting: ({ nick, to, room }) => `${nick} invites ${to} to ${room}`,
  notice: ({ text }) => text,
  refused: ({ text }) => text,
  closed: ({ text }) => text,
  pong: () => "The server is there.",
  absent: ({ nick, text, waits }) => (waits ? `${nick} is not here; they get it when they come back.` : `${nick} is away: ${text}`),
  awayhere: ({ text }) => (text ? `You are away here: ${text}. The others see you where else you are.` : "You are back"),
  waiting: ({ more }) => more && `More waited for you than is shown here: ${more} shows what is older.`,
  watched: ({ nick, present }) => (present ? `${nick} is here now` : `${nick} is not here any more`),
  missed: () => "Some messages are missing here: they are not kept any more.",
  names: ({ room, people }) => (people.length ? `${people.length} in ${room}: ${people.map(named).join(", ")}` : `Nobody is in ${room}.`),
  rooms: ({ rooms, more }) =>
    rooms.map((each) => `${each.room} (${each.people}) ${each.topic || ""}`).join("\n") + (more ? `\nand ${more} more` : ""),
  whois: (who) =>
    `${who.nick}${because(who.name)} is in ${who.rooms.join(", ") || "no room that you see"}, by ${who.doors.join(", ")}, ` +
    `since ${clock(new Date(who.since))}.${who.account ? " Logged in." : " A guest."}${who.admin ? " An admin of this server." : ""}${who.bot ? " A program." : ""}` +
    (who.addresses?.length ? ` From ${who.addresses.join(", ")}.` : "") +
    (who.away ? ` Away: ${who.away}` : ""),
  files: ({ room, files, more }) =>
    files.length
      ? files.map((each) => `${each.nick} sent ${each.name}: ${each.url}`).join("\n") + (more ? `\nand ${more} older ones` : "")
      : `Nothing that was sent to ${room} is there.`,
  help: ({ commands }) =>
    commands.length === 1
      ? `${commands[0].usage}: ${commands[0].help} Example: ${commands[0].example}`
      : commands.map((each) => `${each.usage}: ${each.help}`).join("\n"),
};

const OWN = {
  parted: ({ room }) => `You left ${room}`,
  renamed: (heard) => `You are ${heard.new} now`,
  away: ({ text }) => `You are away: ${text}`,
  back: () => "You are back",
  invited: ({ to, room }) => `${to} is invited to ${room}`,
};

/** Says what was heard; nothing where a person need not hear of it, or where this page does not know the event. */
export function sentence(heard, own = false) {
  const words = (own && OWN[heard.event]) || WORDS[heard.event];
  return words ? words(heard) : "";
}

/** Says who came and who left, all in one. */
export function movements(lines) {
  const came = new Set();
  const left = new Set();
  const both = new Set();
  for (const { nick, way } of lines) {
    const [to, from] = way === "came" ? [came, left] : [left, came];
    if (from.delete(nick)) both.add(nick);
    else if (!both.has(nick)) to.add(nick);
  }
  return [
    [came, "came"],
    [left, "left"],
    [both, "came and went"],
  ]
    .filter(([nicks]) => nicks.size)
    .map(([nicks, did]) => `${people([...nicks])} ${did}`)
    .join(", ");
}

function people(nicks) {
  if (nicks.length === 1) return nicks[0];
  return nicks.length === 2 ? `${nicks[0]} and ${nicks[1]}` : `${nicks[0]} and ${nicks.length - 1} others`;
}
