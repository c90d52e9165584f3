/** What a person does on the page, and what of the page's state belongs to nobody else. */

import { LOBBY, fold } from "./names.js";
import { Files } from "./files.js";
import { Link } from "./link.js";
import { Stretch } from "./stretch.js";
import { settings } from "./settings.js";
import { Talk } from "./talk.js";
import { Mistyped, mayBeRemembered, read } from "./typed.js";

const PAGE = 100;

export class Chat {
  /** `changed` wants the page drawn; `alert` calls the person. */
  constructor(changed, alert) {
    this.changed = changed;
    this.talk = new Talk(alert);
    this.link = new Link(this.talk, {
      changed,
      entered: (welcome) => this.entered(welcome),
      found: (history) => this.search.show(history),
      refusedName: (text, another) => Object.assign(this, { complaint: text, another }),
      left: (text) => this.leftWith(text),
    });
    this.complaint = "";
    this.another = "";
    /** What is open besides the conversation: "rooms" and "people" (drawers), "search", "join", "settings". */
    this.open = "";
    this.search = new Search(this);
    this.files = new Files(this);
    /** What was typed, for the arrow keys. */
    this.typed = [];
  }

  get name() {
    return settings.get("name", "");
  }

  enter(nick) {
    this.complaint = this.another = "";
    settings.set("name", nick);
    this.link.enter(nick, settings.get("rooms", []));
    this.changed();
  }

  entered({ version }) {
    this.version = version;
    settings.set("name", this.talk.nick);
    this.viewed = settings.get("view", LOBBY);
    this.remember();
  }

  leftWith(text) {
    this.talk = Object.assign(this.talk, { places: new Map(), view: LOBBY, nick: "", wanted: "", away: "" });
    this.complaint = text;
    this.open = "";
    this.changed();
  }

  /** Remembers the rooms and the one in view, for the next time; asks who is in view, if that is not known. */
  remember() {
    const { talk, link } = this;
    if (link.state !== "up") return;
    const awaited = this.viewed && talk.places.get(fold(this.viewed));
    if (awaited) talk.lookAt(awaited);
    if (awaited || talk.places.size) this.viewed = awaited ? "" : this.viewed;
    const rooms = talk.rooms.map((place) => place.name).filter((name) => fold(name) !== LOBBY);
    const now = JSON.stringify([rooms, talk.view, talk.nick]);
    if (now !== this.remembered && !this.viewed) {
      settings.set("rooms", rooms);
      settings.set("view", talk.view);
      if (!talk.wanted) settings.set("name", talk.nick);
      this.remembered = now;
    }
    const place = talk.place;
    if (!place.isPrivate && !place.detailed && place.people.size && !place.asking) {
      place.asking = true;
      link.ask({ op: "names", room: place.name }).then(() => (place.asking = false));
    }
  }

  // -- talking ---------------------------------------------------------------------------------------------------

  /** Sends what was typed; gives a sentence where that cannot be. */
  submit(text) {
    const { talk, link } = this;
    const place = talk.place;
    try {
      const alone = /^\/(?:msg|query|tell|w|pm)\s+(\S+)\s*$/i.exec(text);
      const op = alone ? null : read(text.replace(/\s+$/, ""), place, talk.commands);
      this.recall(text);
      if (alone) this.openPrivate(alone[1]);
      else if (op) return this.send(op, place, text);
    } catch (error) {
      if (!(error instanceof Mistyped)) throw error;
      return error.message;
    }
    return "";
  }

  send(op, place, typed) {
    const { talk, link } = this;
    if (op.op === "quit") link.leave(op.reason || "");
    else if (op.op === "search") this.search.find(op.words);
    else if (op.op === "send") document.getElementById("chooser")?.click(); // to the place in view
    else {
      const most = talk.limits.message;
      const bytes = most && Math.max(...Object.values(op).map((value) => new TextEncoder().encode(value).length));
      if (most && bytes > most) return `That has ${bytes} bytes; a message has at most ${most}. Send it in parts.`;
      place.newFrom = 0;
      if (place.past) this.toNow(place);
      place.atEnd = true;
      if (!link.send(op, place.key, typed)) return "Too much is waiting for the server already. Wait until it is there again.";
    }
    return "";
  }

  recall(text) {
    if (!mayBeRemembered(text) || text === this.typed[this.typed.length - 1]) return;
    this.typed.push(text);
    if (this.typed.length > 200) this.typed.shift();
  }

  retry(asked) {
    this.link.outbox.retry(asked);
    this.link.flush();
  }

  forget(asked) {
    this.link.outbox.drop(asked);
    this.changed();
  }

  // -- places ----------------------------------------------------------------------------------------------------

  look(place) {
    this.viewed = "";
    this.talk.lookAt(place);
    this.open = "";
    this.changed();
  }

  openPrivate(nick) {
    if (!this.talk.isOwn(nick)) this.look(this.talk.person(nick));
  }

  join(room) {
    const known = this.talk.places.get(fold(room));
    if (known) return this.look(known);
    this.open = "";
    this.link.send({ op: "join", room }, this.talk.place.key, `/join ${room}`);
  }

  close(place) {
    if (place.isPrivate) this.talk.close(place);
    else this.link.send({ op: "part", room: place.name }, place.key, `/part ${place.name}`);
    this.changed();
  }

  /** Looks at the next place, or the one before (-1); only those with something unread where there are. */
  step(by, unread) {
    const places = [...this.talk.rooms, ...this.talk.privates];
    const at = places.indexOf(this.talk.place);
    for (let far = 1; far <= places.length; far++) {
      const place = places[(at + by * far + places.length * far) % places.length];
      if (!unread || place.unread) return this.look(place);
    }
  }

  toggle(what) {
    this.open = this.open === what ? "" : what;
    this.changed();
  }

  /** Goes back to the box, and to what is said now. */
  back() {
    this.open = "";
    this.toNow(this.talk.place);
    document.getElementById("box")?.focus();
  }

  // -- history ---------------------------------------------------------------------------------------------------

  /** Gets what was said before the lines that are shown. */
  async older(place) {
    const stretch = place.shown;
    if (!stretch.older || place.loading) return;
    place.loading = true;
    const page = await this.link.ask(ofRoom(place, { before: stretch.older }));
    place.loading = false;
    if (page?.event === "history") {
      stretch.prepend(page.events.map((event) => this.talk.lineOf(event)));
      stretch.older = page.before || 0;
    }
    this.changed();
  }

  /** Gets what was said after the lines of the past that are shown; what is said now goes on from there. */
  async newer(place) {
    const past = place.past;
    if (!past?.newer || place.loading) return;
    place.loading = true;
    const page = await this.link.ask(ofRoom(place, { after: past.newer }));
    place.loading = false;
    if (page?.event === "history" && place.past === past) {
      const live = new Set(place.live.ids);
      const events = page.events.filter((event) => !live.has(event.id));
      for (const event of events) past.append(this.talk.lineOf(event));
      past.newer = page.after || 0;
      if (!past.newer || events.length < page.events.length) this.meet(place);
    }
    this.changed();
  }

  /** Joins the past that is shown with what is said now: nothing is missing between them any more. */
  meet(place) {
    const { past, live } = place;
    past.blocks.push(...live.blocks);
    past.size += live.size;
    past.newer = 0;
    place.live = past;
    place.past = null;
  }

  toNow(place) {
    place.past = null;
    place.target = 0;
    place.atEnd = true;
    this.changed();
  }

  /** Leads to something that was said: to where it stands among the rest. */
  async jump({ room, id }) {
    const place = this.talk.places.get(fold(room));
    if (!place) return;
    this.look(place);
    if (!place.shown.ids.includes(id)) {
      if (place.live.ids.includes(id)) place.past = null;
      else {
        const page = await this.link.ask(ofRoom(place, { before: id + 1 }));
        if (page?.event !== "history") return;
        place.past = new Stretch();
        for (const event of page.events) place.past.append(this.talk.lineOf(event));
        Object.assign(place.past, { older: page.before || 0, newer: id });
        place.loading = false;
        await this.newer(place);
      }
    }
    Object.assign(place, { target: id, atEnd: false });
    this.changed();
  }
}

const ofRoom = (place, where) => {
  const [[side, number]] = Object.entries(where);
  return { op: "history", room: place.name, count: String(PAGE), [side]: String(number) };
};

/** Looking for what was said, page by page. */
class Search {
  constructor(chat) {
    this.chat = chat;
    this.clear();
  }

  clear() {
    Object.assign(this, { words: "", what: "", found: [], before: 0, complaint: "", busy: false });
  }

  async find(words, before = 0) {
    const { chat } = this;
    chat.open = "search";
    if (!before) Object.assign(this, { words, what: "search", found: [] });
    Object.assign(this, { busy: true, complaint: "" });
    chat.changed();
    const page = await chat.link.ask({ op: "search", words: before ? `${words} before:${before}` : words });
    this.busy = false;
    if (!page) this.complaint = "There is no connection just now. Search again when it is back.";
    else if (page.event === "refused") this.complaint = page.text;
    else this.take(page);
    chat.changed();
  }

  /** Shows what a typed /history, /missed or /mentions has found. */
  show(page) {
    this.chat.open = "search";
    Object.assign(this, { words: "", found: [], complaint: "" });
    this.take(page);
    this.chat.changed();
  }

  take(page) {
    this.what = page.what;
    this.before = page.before || 0;
    this.found = [...this.found, ...page.events.slice().reverse()];
  }

  async more() {
    if (this.what === "search") return this.find(this.words, this.before);
    const page = await this.chat.link.ask({ op: this.what, before: String(this.before) });
    if (page?.event === "history") this.take(page);
    this.chat.changed();
  }
}
