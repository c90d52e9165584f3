/** What has to be said before one is in: a name, the password of an account, that of a private server. */

import { login } from "./login.js";

const WORDS = {
  "no-password": "This server is private. Ask who runs it for its password.",
  "no-guests": "Only who has an account may come in here.",
  "not-secure": "On this address others could read your password.",
};

export class Entrance {
  constructor(chat) {
    this.chat = chat;
    this.complaint = "";
    /** A name that may be free. */
    this.another = "";
    /** What is asked for besides a name: "password", "gate" (the password of a private server), or nothing. */
    this.wants = "";
    /** Where a password is safe, if it is not here: an address, or "nowhere". */
    this.safe = "";
    login.watch(() => this.follow());
  }

  begin() {
    this.complaint = this.another = this.safe = "";
  }

  /** Comes in without a question where somebody is logged in; leaves when they log out in another tab. */
  follow() {
    const { chat } = this;
    const { known } = login;
    if (known && chat.link.state === "out") chat.enter(known.account);
    else if (!known && chat.talk.account) chat.link.over("You are logged out: another tab of this browser did it.");
  }

  /** Says why one is not in, and asks for what is missing. */
  refused({ code, text }, another) {
    const { name } = this.chat;
    this.complaint = code === "nick-registered" ? `${name} is registered. Log in, or take another name.` : WORDS[code] || text;
    this.another = another;
    if (/^(nick-registered|bad-token|no-guests)$/.test(code)) this.wants = "password";
    else if (code === "no-password") this.wants = "gate";
    else if (code === "not-secure") this.seek();
  }

  /** Finds out whether this server has an address where nobody can read a password. */
  async seek() {
    this.safe = "nowhere";
    const health = await fetch("/health").then((answer) => answer.json(), () => ({}));
    if (health.tls && location.protocol === "http:") this.safe = location.href.replace("http:", "https:");
    this.chat.changed();
  }

  want(what) {
    Object.assign(this, { wants: what, complaint: "", safe: "" });
    this.chat.changed();
  }
}
