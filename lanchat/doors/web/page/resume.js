/**
 * Coming back to where one was (docs/protocol.md, "Coming back"): what was heard last, and what the server tells of
 * the time since.  To a hello that says so come each room, what happened in them since, and each room once more.
 */

import { fold } from "./names.js";

export class Resume {
  constructor() {
    this.journal = "";
    this.newest = 0;
    this.rooms = null;
  }

  /** Gives what a hello says about where we were. */
  hello() {
    this.asked = !!(this.journal && this.newest);
    return this.asked ? { since: this.newest, journal: this.journal } : {};
  }

  /** Begins; says whether what was heard before goes on. */
  welcomed({ journal = "" }) {
    const goesOn = this.asked && journal !== "" && journal === this.journal;
    if (journal !== this.journal) this.newest = 0;
    this.journal = journal;
    this.rooms = goesOn ? new Set() : null;
    return goesOn;
  }

  /** Says whether something happened while the line was down. */
  hear(heard, ref) {
    if (typeof heard.id === "number" && heard.time) this.newest = Math.max(this.newest, heard.id);
    if (heard.event === "missed") this.newest = Math.max(this.newest, heard.until);
    if (!this.rooms) return false;
    if (ref && ref !== "hello") this.rooms = null;
    else if (heard.event === "entered") {
      const room = fold(heard.room);
      if (ref) this.rooms.add(room);
      else this.rooms.delete(room);
      if (!this.rooms.size) this.rooms = null;
    }
    return !!this.rooms;
  }
}
