/** What the page remembers: for good (name, rooms, sound), and until the tab is closed (what was not acknowledged). */

function kept(name) {
  try {
    return window[name];
  } catch {
    return null; // the browser forbids it: nothing is remembered then
  }
}

function read(store, key, otherwise) {
  try {
    return JSON.parse(store.getItem(`lanchat.${key}`)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

function write(store, key, value) {
  try {
    store.setItem(`lanchat.${key}`, JSON.stringify(value));
  } catch {
    // no room, or forbidden: it is good until the page is closed
  }
}

const forGood = kept("localStorage");
const forNow = kept("sessionStorage");

export const settings = {
  get: (key, otherwise) => read(forGood, key, otherwise),
  set: (key, value) => write(forGood, key, value),
};

export const session = {
  get: (key, otherwise) => read(forNow, key, otherwise),
  set: (key, value) => write(forNow, key, value),
};

/** Who one was: in this tab, or else in another one. */
export const lastName = {
  get: () => session.get("name", settings.get("name", "")),
  set: (nick) => [session, settings].forEach((store) => store.set("name", nick)),
};

/** Gives a name that nobody else can guess. */
export function unguessable() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
