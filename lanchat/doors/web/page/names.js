/** Nicks and names of rooms: which two are the same, and where a text names somebody. */

export const LOBBY = "#lobby";

/**
 * Gives the form by which names are compared.  The server's is NFKC and case folding; browsers have no folding, and
 * upper case and back comes as close as a page needs.
 */
export function fold(name) {
  return name.normalize("NFKC").toUpperCase().toLowerCase().replace(/ς/g, "σ").normalize("NFKC");
}

export const same = (one, other) => fold(one) === fold(other);

const letter = /[\p{L}\p{N}\p{M}_]/u;
const mark = /[-|^`[\]{}\\]/;

/** Says whether a text names somebody, as a word of its own, in whatever case. */
export function names(nick, text) {
  const wanted = nick && fold(nick);
  const where = fold(text);
  for (let at = wanted ? where.indexOf(wanted) : -1; at >= 0; at = where.indexOf(wanted, at + 1)) {
    const end = at + wanted.length;
    const before = joined(where[at - 1], where[at - 2]);
    if (!before && !joined(where[end], where[end + 1])) return true;
  }
  return false;
}

/** Says whether a word goes on beyond its end: with a letter, or with a mark of nicks that a letter follows. */
function joined(next, further) {
  return !!next && (letter.test(next) || (mark.test(next) && !!further && letter.test(further)));
}
