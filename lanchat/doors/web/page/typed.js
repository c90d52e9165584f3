/** A typed text becomes an operation, by the server's own table of commands (lanchat/core/commands.py does the same). */

export class Mistyped extends Error {}

const SECRET = /^\/(login|identify|register|passwd|oper)\b/i;

export function find(commands, name) {
  const typed = name.toLowerCase();
  return commands.find((command) => command.name === typed || (command.aliases || []).includes(typed));
}

/** Gives the operation that a text asks for in a place; nothing for blanks.  Throws Mistyped. */
export function read(text, place, commands) {
  if (!text.trim()) return null;
  if (/^\s*(exit|quit)\s*$/i.test(text)) return { op: "quit" };
  if (text.startsWith("/") && !text.startsWith("//")) return command(text, place, commands);
  if (SECRET.test(text.trim())) throw new Mistyped("Type it without the blank before it: everybody would read your password.");
  const said = text.startsWith("//") ? text.slice(1) : text;
  return place.isPrivate ? { op: "msg", nick: place.name, text: said } : { op: "say", room: place.name, text: said };
}

function command(text, place, commands) {
  const [, name, rest] = /^\/(\S*)[ \n]?([^]*)$/.exec(text);
  const found = find(commands, name);
  if (!found) throw new Mistyped(`There is no command /${name}. /help lists them all.`);
  const given = split(found, rest);
  const room = (found.arguments || []).find((argument) => argument.kind === "room" && argument.optional);
  if (room && !(room.name in given)) {
    if (!place.isPrivate) given[room.name] = place.name;
    else if (found.name === "me") throw new Mistyped("/me is for rooms. Here, just say it.");
  }
  return { op: found.name, ...given };
}

function split(command, rest) {
  const given = {};
  for (const argument of command.arguments || []) {
    rest = rest.replace(/^ +/, "");
    if (argument.optional && isLeftOut(argument.kind, rest)) continue;
    const end = argument.kind === "text" ? -1 : rest.search(/[ \n]/);
    const value = end < 0 ? rest : rest.slice(0, end);
    rest = end < 0 ? "" : rest.slice(end + 1);
    if (value) given[argument.name] = value;
    else if (!argument.optional) break;
  }
  const missing = (command.arguments || []).some((argument) => !argument.optional && !(argument.name in given));
  if (missing || rest.trim()) throw new Mistyped(`Type it like this: ${command.example} (${command.usage})`);
  return given;
}

/** Says whether an argument that may be left out is not what comes next. */
function isLeftOut(kind, rest) {
  if (kind === "room" || kind === "place") return !rest.startsWith("#");
  return kind === "time" && !/^[0-9]+[\p{L}\p{N}]*(?= |$)/u.test(rest);
}

/** Says whether it may be remembered for the arrow keys: no passwords. */
export const mayBeRemembered = (text) => !SECRET.test(text.trim());
