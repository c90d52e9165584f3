/**
 * What a person sent and the server has not acknowledged.
 *
 * What was on its way when the line dropped is sent again under the same reference, before anything later: the server
 * knows by it which messages it has, and says none of them twice.  It all survives a reload of the page.
 */

import { session, unguessable } from "./settings.js";

const MESSAGES = new Set(["say", "me", "msg", "reply"]);
export const MOST = 500;

/** Says whether others would hear it twice. */
export const isMessage = (asked) => MESSAGES.has(asked.op.op);

export class Outbox {
  constructor() {
    /** The name under which the server knows our messages again. */
    this.client = session.get("client") || unguessable();
    session.set("client", this.client);
    /** References are never used twice: not by this page, nor by one that was opened before or besides it. */
    this.ours = unguessable().slice(0, 8);
    this.count = 0;
    /** `{ref, op, place, typed, sent, failed, journal}`, in order. */
    this.asked = session.get("asked", []).map((each) => ({ ...each, sent: true }));
  }

  put(op, place, typed) {
    const asked = { ref: `${this.ours}-${++this.count}`, op, place, typed, sent: false, failed: "" };
    this.asked.push(asked);
    this.keep();
    return asked;
  }

  get full() {
    return this.asked.length >= MOST;
  }

  /** Gives the objects that are to be sent now: from here on they count as sent. */
  take(journal) {
    const waiting = this.asked.filter((each) => !each.sent && !each.failed);
    for (const each of waiting) Object.assign(each, { sent: true, journal });
    this.keep();
    return waiting.map(({ ref, op }) => ({ ...op, ref }));
  }

  /** Notes that the server has answered, and gives what it has answered. */
  acknowledge(ref) {
    const asked = this.asked.find((each) => each.ref === ref);
    if (asked) this.drop(asked);
    return asked;
  }

  /** Keeps a message that the server did not take: it is the person's. */
  fail(asked, why) {
    asked.failed = why;
    this.asked.push(asked);
    this.keep();
  }

  clear() {
    this.asked = [];
    this.keep();
  }

  drop(asked) {
    this.asked = this.asked.filter((each) => each !== asked);
    this.keep();
  }

  /** Lets what was not acknowledged wait again.  Another journal cannot say what it has: then the person decides. */
  again(journal) {
    for (const asked of this.asked.filter((each) => each.sent)) {
      const twice = isMessage(asked) && asked.journal !== journal;
      asked.sent = false;
      if (twice) asked.failed = "The server has started anew: this may not have arrived.";
    }
    this.keep();
  }

  /** Sends one once more, as a new message. */
  retry(asked) {
    this.drop(asked);
    return this.put(asked.op, asked.place, asked.typed);
  }

  of(place) {
    return this.asked.filter((each) => each.place === place && (isMessage(each) || !each.sent));
  }

  keep() {
    session.set("asked", this.asked);
  }
}
