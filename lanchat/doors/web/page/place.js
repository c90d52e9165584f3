/** One room, or one private conversation: what was said there as far as it is known here, and who is there. */

import { fold } from "./names.js";
import { Stretch } from "./stretch.js";

export const keyOfRoom = (room) => fold(room);
export const keyOfPerson = (nick) => `@${fold(nick)}`;

export class Place {
  constructor(name, isPrivate) {
    this.name = name;
    this.isPrivate = isPrivate;
    this.key = isPrivate ? keyOfPerson(name) : keyOfRoom(name);
    this.topic = "";
    this.draft = "";
    /** What keeps the draft from being said, and until when, if that is known. */
    this.complaint = "";
    this.until = 0;
    /** Whether the draft was given back: the box has to show it. */
    this.returned = false;
    /** What holds here besides what holds in a new room: names of modes to their values. */
    this.modes = new Map();
    /** Folded nick to `{nick, rank, away, account}`. */
    this.people = new Map();
    this.peopleVersion = 0;
    /** Whether ranks and who is away are known. */
    this.detailed = false;
    this.live = new Stretch();
    /** What is looked at instead of what is said now: a place in the history. */
    this.past = null;
    this.loading = false;
    /** Whether what was told in private before this page was here was asked for. */
    this.begun = false;
    /** What was not read: numbers to whether we are named there. */
    this.unseen = new Map();
    /** The first line that was not read. */
    this.newFrom = 0;
    /** The number of the event that is to be shown. */
    this.target = 0;
    /** Whether the end of it is in view. */
    this.atEnd = true;
  }

  get shown() {
    return this.past || this.live;
  }

  get unread() {
    return this.unseen.size;
  }

  get named() {
    return [...this.unseen.values()].includes(true);
  }

  entered(nicks) {
    const before = this.people;
    this.people = new Map(nicks.map((nick) => [fold(nick), { ...before.get(fold(nick)), nick }]));
    this.detailed = false;
    this.peopleVersion++;
  }

  listed(people) {
    this.people = new Map(people.map((person) => [fold(person.nick), person]));
    this.detailed = true;
    this.peopleVersion++;
  }

  /** Lets a change of a mode hold. */
  take({ mode, on = true, value = "" }) {
    if (on) this.modes.set(mode, value);
    else this.modes.delete(mode);
  }

  came(nick, account) {
    this.people.set(fold(nick), { nick, account });
    this.peopleVersion++;
  }

  left(nick) {
    if (this.people.delete(fold(nick))) this.peopleVersion++;
  }

  has(nick) {
    return this.people.has(fold(nick));
  }

  /** Notes something of somebody who is here. */
  note(nick, what) {
    const person = this.people.get(fold(nick));
    if (!person) return;
    this.people.delete(fold(nick));
    this.people.set(fold(what.nick || nick), { ...person, ...what });
    this.peopleVersion++;
  }

  /** Notes that all of it was seen. */
  read() {
    this.unseen.clear();
  }

  /** Takes a message away; gives it, if it was here. */
  remove(id) {
    this.unseen.delete(id);
    const found = this.live.find(id);
    if (found && this.newFrom === found.key) this.newFrom = this.unread ? this.live.after(found)?.key || 0 : 0;
    return [this.live, this.past].map((stretch) => stretch?.remove(id)).find(Boolean);
  }
}
