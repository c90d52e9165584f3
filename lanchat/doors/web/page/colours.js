/** A colour for each nick, the same everywhere and always (`colours.css` has them, for light and for dark). */

import { fold } from "./names.js";

export const COUNT = 24;

const TABLE = Array.from({ length: 256 }, (_, byte) => {
  for (let bit = 0; bit < 8; bit++) byte = byte & 1 ? (byte >>> 1) ^ 0xedb88320 : byte >>> 1;
  return byte >>> 0;
});
const known = new Map();

/** Gives the class of a nick: the CRC-32 of its folded form, as the terminal client does it. */
export function colourOf(nick) {
  if (!known.has(nick)) {
    if (known.size > 5000) known.clear();
    let sum = 0xffffffff;
    for (const byte of new TextEncoder().encode(fold(nick))) sum = TABLE[(sum ^ byte) & 255] ^ (sum >>> 8);
    known.set(nick, `nick nick-${((sum ^ 0xffffffff) >>> 0) % COUNT}`);
  }
  return known.get(nick);
}
