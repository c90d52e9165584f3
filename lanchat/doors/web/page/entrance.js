/** What has to be said before one is in: a name, the password of an account, that of a private server. */

import { login } from "./login.js";
import { lastName } from "./settings.js";

const WORDS = {
  "no-password": "This server is private. Ask who runs it for its password.",
  "no-guests": "Only who has an account may come in here.",
};

export class Entrance {
  constructor(chat) {
    this.chat = chat;
    this.complaint = "";
    /** A name that may be free. */
    this.another = "";
    /** What is asked for besides a name: "password", "gate" (the password of a private server), or nothing. */
    this.wants = "";
    /** Why no password may be sent from here, and where one may be, if that is so. */
    this.elsewhere = "";
    login.watch(() => this.follow());
  }

  begin() {
    this.complaint = this.another = this.elsewhere = "";
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
    this.complaint = code === "nick-registered" ? `${lastName.get()} is registered. Log in, or take another name.` : WORDS[code] || text;
    this.another = another;
    if (/^(nick-registered|bad-token|no-guests|not-secure)$/.test(code)) this.ask("password");
    else if (code === "no-password") this.ask("gate");
  }

  want(what) {
    this.begin();
    this.ask(what);
  }

  /** Asks for a password, unless others could read it. */
  async ask(what) {
    if (what) await this.unsafe();
    this.wants = this.elsewhere ? "" : what;
    this.chat.changed();
  }

  /** Finds out whether others could read a password before one is sent; gives a sentence if none may be. */
  async unsafe() {
    const health = await fetch("/health").then((answer) => answer.json()).catch(() => null);
    if (!health) return "The server does not answer. Try again in a moment.";
    const where = health.tls && location.protocol === "http:" ? `. Come in at ${location.href.replace("http:", "https:")} – your browser may warn of a certificate that it does not know.` : ", and this server has none with https. Ask who runs it.";
    return (this.elsewhere = health.passwords ? "" : `Others could read your password on this address${where}`);
  }
}
