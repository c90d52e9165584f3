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
    /** Folded nick to `{nick, rank, away}`. */
    this.people = new Map();
    this.peopleVersion = 0;
    /** Whether ranks and who is away are known. */
    this.detailed = false;
    this.live = new Stretch();
    /** What is looked at instead of what is said now: a place in the history. */
    this.past = null;
    this.loading = false;
    this.unread = 0;
    this.named = false;
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

  entered(nicks) {
    const before = this.people;
    this.people = new Map(nicks.map((nick) => [fold(nick), { ...before.get(fold(nick)), nick }]));
    this.detailed = false;
    this.peopleVersion++;
  }

  listed(people) {
    this.people = new Map(people.map(({ nick, rank = "", away = false }) => [fold(nick), { nick, rank, away }]));
    this.detailed = true;
    this.peopleVersion++;
  }

  came(nick) {
    this.people.set(fold(nick), { nick, rank: "", away: false });
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
    this.unread = 0;
    this.named = false;
  }
}
