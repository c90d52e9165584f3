/** What a person does on the page, and what of the page's state belongs to nobody else. */

import { withdraw } from "./alerts.js";
import { LOBBY, fold } from "./names.js";
import { Entrance } from "./entrance.js";
import { Files } from "./files.js";
import { Finding } from "./finding.js";
import { Link } from "./link.js";
import { Stretch } from "./stretch.js";
import { lastName, session, settings } from "./settings.js";
import { Talk } from "./talk.js";
import { find, Mistyped, mayBeRemembered, read } from "./typed.js";

const PAGE = 100;
/** Commands with a password: they are never kept, not even until they are answered. */
const SECRET = new Set(["login", "register", "passwd", "oper"]);

export class Chat {
  /** `changed` wants the page drawn; `alert` calls the person. */
  constructor(changed, alert) {
    this.changed = changed;
    this.talk = new Talk(alert, (line) => this.removed(line));
    this.link = new Link(this.talk, {
      changed,
      entered: (welcome) => this.entered(welcome),
      found: (history) => this.search.show(history),
      turnedAway: (refusal, another) => this.entrance.refused(refusal, another),
      returned: (asked, refusal) => this.returned(asked, refusal),
      left: (text, code) => this.leftWith(text, code),
    });
    this.entrance = new Entrance(this);
    /** What is open besides the conversation: "rooms" and "people" (drawers), "search", or the name of a dialog. */
    this.open = "";
    /** What the dialog is about: a person, or a message; and the place in which it is. */
    this.about = this.at = null;
    this.search = new Finding(this);
    this.files = new Files(this);
    /** What was typed, for the arrow keys. */
    this.typed = [];
  }

  async enter(nick, secrets = {}) {
    const { entrance } = this;
    entrance.begin();
    lastName.set(nick);
    if (secrets.password || secrets.gate) {
      const complaint = await entrance.unsafe();
      if (entrance.elsewhere) entrance.wants = "";
      else entrance.complaint = complaint;
      if (complaint) return this.changed();
    }
    this.link.enter(nick, settings.get("rooms", []), secrets);
    this.changed();
  }

  /** Gives back what somebody wrote and may not say: to the box, if nothing else is in it by now. */
  returned(asked, { code, text }) {
    const place = this.talk.places.get(asked.place);
    const seconds = code === "too-soon" ? +(/(\d+) seconds?\.$/.exec(text)?.[1] || 0) : 0;
    if (place && (!place.draft || place.draft === asked.typed)) Object.assign(place, { draft: asked.typed, complaint: text, returned: true, until: seconds && Date.now() + seconds * 1000 });
    else this.link.outbox.fail(asked, text);
  }

  entered({ version }) {
    this.version = version;
    lastName.set(this.talk.nick);
    const before = session.get("account", "");
    if (before && before !== this.talk.account) {
      this.typed = []; // another person wrote that: it is not ours to see or to send
      this.link.outbox.clear();
    }
    this.viewed = settings.get("view", LOBBY);
    this.entrance.wants = this.learnt = "";
    this.remember();
  }

  leftWith(text, code) {
    this.talk = Object.assign(this.talk, { places: new Map(), view: LOBBY, nick: "", wanted: "", away: "", account: "", admin: false });
    this.open = this.entrance.wants = "";
    this.search.clear();
    this.entrance.refused({ code, text }, "");
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
      if (!talk.wanted) lastName.set(talk.nick);
      this.remembered = now;
    }
    const ranks = JSON.stringify([talk.account, talk.admin, ...new Set(talk.rooms.map((place) => talk.rankIn(place)))]);
    if (ranks !== this.learnt) {
      this.learnt = ranks;
      session.set("account", talk.account);
      link.learn();
    }
    const place = talk.place;
    if (/^(person|room|delete)$/.test(this.open) && place !== this.at) this.open = ""; // what it would do is for another room
    if (!place.isPrivate && !place.detailed && place.people.size && !place.asking) {
      place.asking = true;
      link.ask({ op: "names", room: place.name }).then(() => (place.asking = false));
    }
  }

  // -- talking ---------------------------------------------------------------------------------------------------

  /** Sends what was typed; gives a sentence where that cannot be. */
  submit(text) {
    const { talk } = this;
    const place = talk.place;
    try {
      const alone = /^\/(?:msg|query|tell|w|pm)\s+(\S+)\s*$/i.exec(text);
      const name = /^\/([^/\s]\S*)/.exec(text)?.[1];
      if (name && !find(talk.commands, name)) {
        this.recall(text);
        this.enquire(name, text, place);
        return "";
      }
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

  /** Asks the server for a command that is not among those that we may use: it says why, or what else was meant. */
  async enquire(name, text, place) {
    const { talk, link } = this;
    const reply = await link.ask({ op: "help", command: name });
    if (reply?.event === "help") {
      try {
        const complaint = this.send(read(text, place, reply.commands), place, text);
        talk.say(complaint, place, { refused: true });
      } catch (error) {
        talk.say(error.message, place, { refused: true });
      }
    } else talk.say(reply?.text || "There is no connection just now.", place, { refused: true });
    this.changed();
  }

  /** Does what a dialog asks for, now or never; gives the answer. */
  async deed(op) {
    const text = SECRET.has(op.op) && (await this.entrance.unsafe());
    if (text) return { event: "refused", text };
    return (await this.link.ask(op)) || { event: "refused", text: "There is no connection just now. Try again when it is back." };
  }

  send(op, place, typed) {
    const { talk, link } = this;
    if (op.op === "quit") link.leave(op.reason || "");
    else if (op.op === "logout" && talk.account) return this.logout(op.everywhere);
    else if (SECRET.has(op.op)) this.deed(op).then(({ event, text }) => this.changed(talk.say(text, place, { refused: event === "refused" })));
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

  logout(everywhere = "") {
    return this.link.logout(everywhere) ? "" : "There is no connection just now. Log out everywhere when it is back.";
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
    if (place.isPrivate && this.talk.account) this.begin(place);
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

  toggle(what, about = null) {
    Object.assign(this, { open: this.open === what ? "" : what, about, at: this.talk.place });
    this.changed();
  }

  /** Shows nowhere any more what was taken away. */
  removed({ id, nick, text }) {
    withdraw(id);
    this.search.found = this.search.found.filter((event) => event.id !== id);
    if (this.talk.isOwn(nick)) this.typed = this.typed.filter((typed) => typed !== text);
    if (this.open === "delete" && this.about?.id === id) this.open = "";
  }

  /** Goes back to the box, and to what is said now. */
  back() {
    this.open = "";
    this.toNow(this.talk.place);
    document.getElementById("box")?.focus();
  }

  // -- history ---------------------------------------------------------------------------------------------------

  /** Gets what was told in private before this page was here, as far as it is kept. */
  async begin(place) {
    if (place.begun) return;
    place.begun = place.loading = true;
    const first = place.live.blocks.flatMap(({ lines }) => lines).find(({ id }) => id);
    const page = await this.link.ask(ofPlace(place, { before: first?.id }));
    Object.assign(place, { loading: false, begun: !!page });
    if (page?.event === "history") {
      place.live.prepend(place.live.unknown(this.talk.linesOf(page.events)));
      place.live.older = page.before || 0;
    }
    this.changed();
  }

  /** Gets what was said before the lines that are shown. */
  async older(place) {
    const stretch = place.shown;
    if (!stretch.older || place.loading) return;
    place.loading = true;
    const page = await this.link.ask(ofPlace(place, { before: stretch.older }));
    place.loading = false;
    if (page?.event === "history") {
      stretch.prepend(stretch.unknown(this.talk.linesOf(page.events)));
      stretch.older = page.before || 0;
    }
    this.changed();
  }

  /** Gets what was said after the lines of the past that are shown; what is said now goes on from there. */
  async newer(place) {
    const past = place.past;
    if (!past?.newer || place.loading) return;
    place.loading = true;
    const page = await this.link.ask(ofPlace(place, { after: past.newer }));
    place.loading = false;
    if (page?.event === "history" && place.past === past) {
      const live = new Set(place.live.ids);
      const events = page.events.filter((event) => !live.has(event.id));
      for (const line of this.talk.linesOf(events)) past.append(line);
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
  async jump({ room, nick, to, id }) {
    const place = room ? this.talk.places.get(fold(room)) : this.talk.person(this.talk.isOwn(nick) ? to : nick);
    if (!place) return;
    this.look(place);
    if (!place.shown.ids.includes(id)) {
      if (place.live.ids.includes(id)) place.past = null;
      else {
        const page = await this.link.ask(ofPlace(place, { before: id + 1 }));
        if (page?.event !== "history") return;
        place.past = new Stretch();
        for (const line of this.talk.linesOf(page.events)) place.past.append(line);
        Object.assign(place.past, { older: page.before || 0, newer: id });
        place.loading = false;
        await this.newer(place);
      }
    }
    Object.assign(place, { target: id, atEnd: false });
    this.changed();
  }
}

const ofPlace = ({ isPrivate, name }, where) => {
  const [[side, number]] = Object.entries(where);
  return { op: "history", [isPrivate ? "nick" : "room"]: name, count: String(PAGE), [side]: String(number || "") };
};
