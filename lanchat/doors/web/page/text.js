/** What a text is made of: words, links, `code` and ```blocks of code```.  Nothing of it ever becomes HTML. */

const PIECES = /```(?:[\w+#.-]*\n)?([\s\S]+?)```|`([^`\n]+)`|\bhttps?:\/\/[^\s<>"`]+/g;

/** Gives the pieces of a text: `{kind: "text" | "link" | "code" | "block", text}`. */
export function pieces(text) {
  const found = [];
  let done = 0;
  const plain = (end) => end > done && found.push({ kind: "text", text: text.slice(done, end) });
  for (const match of text.matchAll(PIECES)) {
    const [whole, block, code] = match;
    plain(match.index);
    done = match.index + whole.length;
    if (block !== undefined) found.push({ kind: "block", text: block.replace(/\n$/, "") });
    else if (code !== undefined) found.push({ kind: "code", text: code });
    else {
      const link = withoutEnd(whole);
      found.push({ kind: "link", text: link });
      done = match.index + link.length;
    }
  }
  plain(text.length);
  return found;
}

/** Leaves out the marks that end a sentence, and a bracket that was opened before the link.  Each is counted once. */
function withoutEnd(link) {
  const count = {};
  for (const each of link) count[each] = (count[each] || 0) + 1;
  let end = link.length;
  for (;;) {
    const last = link[end - 1];
    const open = { ")": "(", "]": "[", "}": "{" }[last];
    const spare = open ? count[last] > (count[open] || 0) : ".,;:!?'*".includes(last);
    if (!spare) return link.slice(0, end);
    count[last]--;
    end--;
  }
}

export const LINES = 12;
export const CHARACTERS = 1200;

/** Says whether a text is shown in part at first. */
export function isLong(text) {
  return text.length > CHARACTERS || text.split("\n", LINES + 1).length > LINES;
}

/** Gives the first part of a long text. */
export function beginning(text) {
  return text.split("\n", LINES).join("\n").slice(0, CHARACTERS);
}
