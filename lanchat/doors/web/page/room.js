/** How a room is set, for those in charge of it. */

import { html } from "./vendor/preact-htm.js";
import { Asking, Dialog } from "./dialogs.js";

/** Modes that are on or off, the word of each for /lock, and what it means. */
const SWITCHES = [
  ["invite-only", "invite", "Only who is invited may come in"],
  ["hidden", "hidden", "In no list of rooms"],
  ["topic-locked", "topic", "Only ops may change the topic"],
  ["moderated", "talk", "Only ops and who has voice may speak"],
  ["read-only", "read-only", "Only ops may speak"],
];

export class RoomDialog extends Asking {
  form = { current: null };
  /** How it was when it was opened: what others change meanwhile is theirs. */
  before = new Map(this.props.place.modes);

  send = async (event) => {
    event.preventDefault();
    const { place } = this.props;
    const room = place.name;
    const boxes = this.form.current.elements;
    const is = (mode, now) => [this.before, place.modes].some((modes) => now === (modes.get(mode) ?? null));
    const ops = [];
    for (const [mode, what] of SWITCHES) {
      const { checked } = boxes[mode];
      if (!is(mode, checked ? "" : null)) ops.push({ op: checked ? "lock" : "unlock", room, what });
    }
    for (const mode of ["key", "limit", "slow"]) {
      const value = boxes[mode].value.trim();
      if (is(mode, value || null)) continue;
      if (mode === "slow") ops.push({ op: mode, room, pause: value ? `${value}s` : "off" });
      else ops.push({ op: value ? "lock" : "unlock", room, what: mode, value });
    }
    const told = boxes.announcement.value.trim();
    if (told) ops.push({ op: "announce", room, text: told });
    await this.ask(...ops);
  };

  look(op) {
    const { chat, place } = this.props;
    chat.look(place);
    chat.link.send({ op, room: place.name }, place.key, `/${op}`);
  }

  render({ chat, place }, { busy }) {
    const modes = this.before;
    const box = (name, label, more) => html`<label for=${`set-${name}`}>${label}</label>
      <input id=${`set-${name}`} name=${name} defaultValue=${modes.get(name) || ""} autocomplete="off" ...${more} />`;
    return html`<${Dialog} chat=${chat} title=${`Settings of ${place.name}`}>
      <form ref=${this.form} class="fields" onSubmit=${this.send} aria-busy=${busy}>
        ${SWITCHES.map(([mode, , label]) => html`<label class="choice"><input type="checkbox" name=${mode} defaultChecked=${modes.has(mode)} /> ${label}</label>`)}
        <div class="three">
          <div>${box("key", "Key to come in", { maxlength: 23, autocapitalize: "off", spellcheck: false })}</div>
          <div>${box("limit", "At most people", { type: "number", min: 1 })}</div>
          <div>${box("slow", "Slow: seconds", { type: "number", min: 1 })}</div>
        </div>
        ${chat.talk.may("announce") && box("announcement", "Announce to all in the room", { maxlength: 1000 })}
        ${this.complaint}
        <p class="deeds"><button class="primary" disabled=${busy}>Save</button>
          <button type="button" onClick=${() => this.look("bans")}>Who is banned</button>
          ${chat.talk.may("audit") && html`<button type="button" onClick=${() => this.look("audit")}>What was done</button>`}</p>
      </form>
    <//>`;
  }
}
