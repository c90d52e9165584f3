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

  send = async (event) => {
    event.preventDefault();
    const { place } = this.props;
    const { modes } = place;
    const room = place.name;
    const boxes = this.form.current.elements;
    const ops = SWITCHES.filter(([mode]) => boxes[mode].checked !== modes.has(mode)).map(([mode, what]) => ({ op: boxes[mode].checked ? "lock" : "unlock", room, what }));
    for (const mode of ["key", "limit"]) {
      const value = boxes[mode].value.trim();
      if (value !== (modes.get(mode) || "")) ops.push(value ? { op: "lock", room, what: mode, value } : { op: "unlock", room, what: mode });
    }
    const pause = boxes.slow.value.trim();
    if (pause !== (modes.get("slow") || "")) ops.push({ op: "slow", room, pause: pause ? `${pause}s` : "off" });
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
    const { modes } = place;
    const box = (name, label, more) => html`<label for=${`set-${name}`}>${label}</label>
      <input id=${`set-${name}`} name=${name} defaultValue=${modes.get(name) || ""} autocomplete="off" ...${more} />`;
    return html`<${Dialog} chat=${chat} title=${`Settings of ${place.name}`}>
      <form ref=${this.form} class="fields" onSubmit=${this.send} aria-busy=${busy}>
        ${SWITCHES.map(([mode, , label]) => html`<label class="choice"><input type="checkbox" name=${mode} defaultChecked=${modes.has(mode)} /> ${label}</label>`)}
        <div class="three">
          <div>${box("key", "Key to come in", { maxlength: 64, autocapitalize: "off", spellcheck: false })}</div>
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
