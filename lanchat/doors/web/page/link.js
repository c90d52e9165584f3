/**
 * The link to the chat: it comes back by itself, hears what was said meanwhile, and says what was typed once.
 *
 * `state` is out (nobody is in), coming, up, or down (the line dropped, and it tries again).
 */

import { login } from "./login.js";
import { fold, LOBBY, same } from "./names.js";
import { isMessage, Outbox } from "./outbox.js";
import { Resume } from "./resume.js";
import { session } from "./settings.js";

const SLOWEST = 30_000;
/** A silent line is asked whether it is there, and has so long to answer. */
const SILENCE = 30_000;
const ANSWER = 10_000;
const TAKE_BACK = 10_000;
const TRIES = 18;
/** Refusals that do not go away by trying again: the person has to do something. */
const FINAL = /^(nick-registered|bad-.*|no-password|no-guests|no-accounts|not-secure|banned)$/;

export class Link {
  /** `hooks`: changed(), entered(welcome), found(history), turnedAway(refusal, another), returned(asked, refusal), left(text, code). */
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
    /** By reference: who waits for the answer. */
    this.questions = new Map();
    /** The question that is answered by being logged in. */
    this.proving = "";
    /** The password of the account, until the server has heard it. */
    this.password = "";
    /** Whether the login is kept for good. */
    this.keep = false;
    this.farewell = "";
    window.addEventListener("online", () => this.hurry());
    document.addEventListener("visibilitychange", () => document.hidden || this.hurry());
    setInterval(() => this.watch(), 5000);
  }

  /** Goes in; `password` is that of the account, `gate` that of a private server. */
  enter(nick, rooms, { password = "", gate = "" } = {}) {
    this.nick = nick;
    this.password = password;
    if (gate) session.set("gate", gate);
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

  /** Leaves, and comes back by password only; `everywhere` is "all" for all devices.  Says whether that is done. */
  logout(everywhere) {
    if (everywhere && this.state !== "up") return false;
    login.forget();
    if (this.state !== "up") this.over("You are logged out."); // the server is not there to be told
    this.leaving = this.state === "up";
    this.write({ op: "logout", everywhere, ref: "quit" });
    return true;
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
    if (op.op === "login" || op.op === "register") this.proving = ref;
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
    this.write({ op: "hello", nick, ...this.proof(nick), rooms: others, client: this.outbox.client, ref: "hello", ...this.resume.hello() });
  }

  /** Gives what shows that somebody may come in. */
  proof(nick) {
    const { known } = login;
    const gate = session.get("gate", "");
    if (this.password) return { password: this.password };
    if (known && same(known.account, nick)) return { token: known.token };
    return gate ? { server_password: gate } : {};
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

  over(text, code = "") {
    clearTimeout(this.again);
    this.again = 0;
    this.leaving = this.been = false;
    this.password = "";
    this.state = "out";
    this.resume = new Resume();
    const socket = this.socket;
    this.socket = null;
    socket?.close();
    this.hooks.left(text || "", code);
  }

  // -- what is heard -------------------------------------------------------------------------------------------

  hear(heard) {
    const ref = heard.ref || "";
    this.probed = 0;
    if (heard.event === "ping") return this.write({ op: "pong" });
    if (heard.event === "refused" && this.state !== "up") return this.turnedAway(heard);
    if (heard.event === "loggedin") return this.loggedIn(heard);
    if (heard.event === "welcome") return this.state === "up" ? this.anew(heard) : this.welcomed(heard);
    const settle = this.questions.get(ref);
    const missed = this.resume.hear(heard, ref);
    if (heard.event === "refused" && ref === "quit") this.leaving = false;
    if (ref === "probe" || (heard.event === "refused" && ref === "nick")) return;
    if (heard.event === "closed") this.closing(heard);
    const ours = heard.event !== "joined" && heard.event !== "parted" && heard.nick !== ""; // the server makes a founder before we are in
    const asked = ours ? this.outbox.acknowledge(ref) : null;
    if (settle) {
      this.questions.delete(ref);
      settle(heard);
      if (heard.id && heard.time) this.talk.hear(heard, { ref, missed });
      else if (heard.event !== "refused") this.quietly(heard);
    } else if (heard.event === "history") this.hooks.found(heard);
    else if (heard.event === "refused" && asked && isMessage(asked)) this.hooks.returned(asked, heard);
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
    this.password = this.farewell = "";
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
  }

  /** Takes in that we are somebody else from now on, who is in other rooms: each of them is told. */
  anew(welcome) {
    this.talk.leaveRooms();
    this.talk.hear(welcome);
    this.hooks.changed();
  }

  loggedIn(heard) {
    if (heard.token) login.take(heard.account, heard.token, this.keep);
    clearInterval(this.takingBack);
    this.nick = heard.account;
    this.talk.hear(heard, { missed: this.state !== "up" });
    this.questions.get(this.proving)?.(heard);
    this.questions.delete(this.proving);
    this.hooks.changed();
  }

  /** Learns which commands we may use: it depends on our ranks. */
  learn() {
    return this.ask({ op: "help" }).then(() => this.hooks.changed());
  }

  turnedAway(refusal) {
    const { code, text } = refusal;
    if (code === "bad-token") login.forget();
    if (code === "bad-password" && !this.password) session.set("gate", "");
    this.password = "";
    const another = code === "nick-taken" ? this.tails.next().value : "";
    if (!this.been) {
      this.state = "out";
      this.hooks.turnedAway(refusal, another);
    } else if (another) this.hello(another);
    else if (FINAL.test(code)) this.over(this.farewell || text, code);
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
