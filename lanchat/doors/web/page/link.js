/**
 * The link to the chat: it comes back by itself, hears what was said meanwhile, and says what was typed once.
 *
 * `state` is out (nobody is in), coming, up, or down (the line dropped, and it tries again).
 */

import { fold, LOBBY, same } from "./names.js";
import { isMessage, Outbox } from "./outbox.js";
import { Resume } from "./resume.js";

const SLOWEST = 30_000;
/** A silent line is asked whether it is there, and has so long to answer. */
const SILENCE = 30_000;
const ANSWER = 10_000;
const TAKE_BACK = 10_000;
const TRIES = 18;

export class Link {
  /** `hooks`: changed(), entered(welcome), found(history), refusedName(text, another), left(text). */
  constructor(talk, hooks) {
    this.talk = talk;
    this.hooks = hooks;
    this.outbox = new Outbox();
    this.resume = new Resume();
    this.state = "out";
    this.nick = "";
    this.rooms = [];
    this.been = false;
    this.failures = 0;
    this.count = 0;
    this.questions = new Map();
    window.addEventListener("online", () => this.hurry());
    document.addEventListener("visibilitychange", () => document.hidden || this.hurry());
    setInterval(() => this.watch(), 5000);
  }

  /** Goes in. */
  enter(nick, rooms) {
    this.nick = nick;
    this.rooms = rooms;
    this.state = "coming";
    this.tails = variants(nick, this.talk.limits.nick);
    if (this.socket?.readyState === WebSocket.OPEN) this.hello(nick);
    else this.connect();
  }

  leave(reason) {
    this.leaving = true;
    if (this.state === "up") this.write({ op: "quit", reason, ref: "quit" });
    else this.over("");
  }

  /** Sends a command, now or when the line is back; says whether there was room for it. */
  send(op, place, typed) {
    if (this.outbox.full) return false;
    this.outbox.put(op, place, typed);
    this.flush();
    return true;
  }

  /** Asks the server; gives its answer, or nothing where the line drops before. */
  ask(op) {
    if (this.state !== "up") return Promise.resolve(null);
    const ref = `ask-${++this.count}`;
    return new Promise((answer) => {
      this.questions.set(ref, answer);
      this.write({ ...op, ref });
    });
  }

  flush() {
    if (this.state === "up") this.outbox.take(this.resume.journal).forEach((op) => this.write(op));
    this.hooks.changed();
  }

  write(op) {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(op));
  }

  // -- the line ------------------------------------------------------------------------------------------------

  connect() {
    clearTimeout(this.again);
    this.again = 0;
    const address = new URL("/ws", location.href);
    address.protocol = address.protocol.replace("http", "ws");
    const socket = new WebSocket(address);
    this.socket = socket;
    this.heardAt = Date.now();
    const current = (act) => (event) => this.socket === socket && act(event);
    socket.onopen = current(() => this.hello(this.nick));
    socket.onmessage = current((event) => {
      this.heardAt = Date.now();
      this.hear(JSON.parse(event.data));
    });
    socket.onclose = current((event) => this.lost(event));
  }

  hello(nick) {
    const before = this.talk.rooms.map((place) => place.name).filter((name) => name !== this.talk.place.name);
    const view = this.talk.place.isPrivate ? [] : [this.talk.place.name];
    const rooms = this.been ? [...before, ...view] : this.rooms;
    const others = rooms.filter((room) => fold(room) !== LOBBY);
    this.write({ op: "hello", nick, rooms: others, client: this.outbox.client, ref: "hello", ...this.resume.hello() });
  }

  lost() {
    this.socket = null;
    for (const answer of this.questions.values()) answer(null);
    this.questions.clear();
    clearInterval(this.takingBack);
    if (this.leaving) return this.over(this.farewell);
    if (this.state === "out") return; // nobody has come in yet: the next name opens a new line
    if (this.state !== "down") this.since = Date.now();
    this.state = "down";
    const wait = Math.min(SLOWEST, 500 * 1.7 ** this.failures++) * (0.75 + Math.random() / 2);
    this.again = setTimeout(() => this.connect(), wait);
    this.hooks.changed();
  }

  /** Tries now rather than later: there is reason to hope. */
  hurry() {
    if (this.again) this.connect();
    else if (this.state === "up" && Date.now() - this.heardAt > 5000) this.probe();
  }

  /** Finds out about a line that is dead, and does not say so. */
  watch() {
    const silent = Date.now() - this.heardAt;
    if (!this.socket || this.state === "out") return;
    if (this.probed && silent > 1000 && Date.now() - this.probed > ANSWER) this.drop();
    else if (!this.probed && silent > SILENCE) this.probe();
  }

  probe() {
    this.probed = Date.now();
    this.write({ op: "ping", ref: "probe" });
  }

  drop() {
    this.probed = 0;
    const socket = this.socket;
    this.lost();
    socket.close();
  }

  over(text) {
    clearTimeout(this.again);
    this.again = 0;
    this.leaving = this.been = false;
    this.state = "out";
    this.resume = new Resume();
    const socket = this.socket;
    this.socket = null;
    socket?.close();
    this.hooks.left(text || "");
  }

  // -- what is heard -------------------------------------------------------------------------------------------

  hear(heard) {
    const ref = heard.ref || "";
    this.probed = 0;
    if (heard.event === "ping") return this.write({ op: "pong" });
    if (heard.event === "refused" && this.state !== "up") return this.turnedAway(heard);
    if (heard.event === "welcome") return this.welcomed(heard);
    const settle = this.questions.get(ref);
    const missed = this.resume.hear(heard, ref);
    if (ref === "probe" || (heard.event === "refused" && ref === "nick")) return;
    if (heard.event === "closed") this.closing(heard);
    const ours = heard.event !== "joined" && heard.event !== "parted";
    const asked = ours ? this.outbox.acknowledge(ref) : null;
    if (settle) {
      this.questions.delete(ref);
      settle(heard);
      if (heard.event !== "refused") this.quietly(heard);
    } else if (heard.event === "history") this.hooks.found(heard);
    else if (heard.event === "refused" && asked && isMessage(asked)) this.outbox.fail(asked, heard.text);
    else if (!(ref === "quit" && heard.event === "closed")) this.talk.hear(heard, { ref, asked, missed });
    if ((heard.event === "quit" || heard.event === "renamed") && this.talk.wanted && same(heard.nick, this.talk.wanted)) {
      this.takeBack();
    }
    if (heard.event === "renamed" && ref && ref !== "nick") this.nick = heard.new;
    this.hooks.changed();
  }

  /** Takes in the answer to a question of the page's own, without a word to the person. */
  quietly(heard) {
    if (heard.event === "names") this.talk.hear(heard);
    if (heard.event === "help") this.talk.commands = heard.commands;
  }

  welcomed(welcome) {
    const goesOn = this.resume.welcomed(welcome);
    const returning = this.been;
    this.state = "up";
    this.failures = 0;
    this.been = true;
    this.talk.hear(welcome, { missed: returning });
    if (returning && !goesOn) {
      this.talk.forgetNumbers();
      for (const place of this.talk.rooms) this.talk.say("The line was down; what was said meanwhile may be missing here.", place);
    }
    if (!returning) this.hooks.entered(welcome);
    if (!same(welcome.nick, this.nick)) this.borrowed();
    if (returning && this.talk.away) this.write({ op: "away", text: this.talk.away, ref: "away" });
    this.outbox.again(this.resume.journal);
    this.flush();
    this.ask({ op: "help" }).then(() => this.hooks.changed());
  }

  turnedAway(refusal) {
    const another = refusal.code === "nick-taken" ? this.tails.next().value : "";
    if (!this.been) {
      this.state = "out";
      this.hooks.refusedName(refusal.text, another);
    } else if (another) this.hello(another);
    else this.drop();
    this.hooks.changed();
  }

  closing({ text }) {
    this.farewell = text;
  }

  // -- our own nick over a drop of the line ----------------------------------------------------------------------

  borrowed() {
    this.talk.wanted = this.nick;
    this.talk.say(`${this.nick} is still here (your old connection, perhaps): you are ${this.talk.nick} until it goes.`);
    let tries = 0;
    this.takingBack = setInterval(() => {
      if (!this.talk.wanted || ++tries > TRIES) clearInterval(this.takingBack);
      else this.takeBack();
    }, TAKE_BACK);
  }

  takeBack() {
    this.write({ op: "nick", nick: this.talk.wanted, ref: "nick" });
  }
}

/** Gives nicks like one that is taken. */
function* variants(nick, longest = 32) {
  for (const tail of ["_", "2", "3", "4", "5", "6", "7", "8", "9"]) yield [...nick].slice(0, longest - tail.length).join("") + tail;
}
