/** What the word before the cursor may become: commands with their help, rooms, nicks. */

import { fold } from "./names.js";
import { nicksNear } from "./talk.js";
import { find } from "./typed.js";

const MOST = 8;

/** Gives `{start, choices: [{insert, shown, help}]}` for the text before the cursor. */
export function completions(before, talk) {
  const word = /\S*$/.exec(before)[0];
  const start = before.length - word.length;
  let choices = [];
  if (before.startsWith("/") && !before.startsWith("//")) {
    choices = start === 0 ? commands(word.slice(1), "/", talk) : argument(before, word, talk);
  } else if (word.startsWith("#")) choices = rooms(word, talk);
  else if (word) choices = nicks(word.replace(/^@/, ""), start === 0 ? ": " : " ", talk);
  return { start, choices: choices.slice(0, MOST) };
}

/** Says whether the choices are shown without being asked for. */
export const offersItself = (before) => /^\/[^/\s]*$/.test(before) || /(^|\s)[@#]\S*$/.test(before);

function argument(before, word, talk) {
  const [name, ...given] = before.slice(1).split(" ");
  const command = find(talk.commands, name);
  if (!command) return [];
  if (command.name === "help") return commands(word.replace(/^\//, ""), "", talk);
  if (word.startsWith("#")) return rooms(word, talk);
  const wanted = (command.arguments || []).filter((each) => !["room", "place", "time"].includes(each.kind) || !each.optional);
  const place = given.slice(0, -1).filter((each) => each && !each.startsWith("#")).length;
  const kind = wanted[Math.min(place, wanted.length - 1)]?.kind;
  if (kind === "room") return rooms(word, talk);
  if ((kind === "nick" || kind === "whom") && command.name !== "nick") return nicks(word, " ", talk);
  return word ? nicks(word, " ", talk) : [];
}

function commands(typed, slash, talk) {
  const wanted = typed.toLowerCase();
  const found = [];
  for (const command of talk.commands) {
    const name = [command.name, ...(command.aliases || [])].find((each) => each.startsWith(wanted));
    if (!name) continue;
    const space = slash && (command.arguments || []).length ? " " : "";
    found.push({ insert: slash + name + space, shown: name === command.name ? command.usage : `/${name}`, help: command.help });
  }
  return found;
}

function rooms(word, talk) {
  const typed = fold(word);
  const found = talk.rooms.filter(({ key }) => key.startsWith(typed) || key.startsWith(`#${typed}`));
  return found.map(({ name, topic }) => ({ insert: `${name} `, shown: name, help: topic }));
}

function nicks(word, tail, talk) {
  const typed = fold(word);
  const found = nicksNear(talk).filter((nick) => fold(nick).startsWith(typed));
  return found.map((nick) => ({ insert: nick + tail, shown: nick, help: "" }));
}
