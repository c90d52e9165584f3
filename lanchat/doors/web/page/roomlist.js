/** The rooms one is in and the private conversations, with what is unread in them. */

import { html } from "./vendor/preact-htm.js";
import { icon } from "./icons.js";
import { LOBBY } from "./names.js";
import { colourOf } from "./colours.js";

export function RoomList({ chat }) {
  const { talk } = chat;
  return html`<nav class="rooms" id="rooms" aria-label="Rooms and conversations">
    <div class="brand"><span class="server" title=${talk.server}>${talk.server || "lanchat"}</span></div>
    <div class="list">
      <h2>Rooms <button class="quiet" aria-label="Join another room" title="Join another room" onClick=${() => chat.toggle("join")}>${icon("plus")}</button></h2>
      <ul>${talk.rooms.map((place) => html`<${Entry} key=${place.key} place=${place} chat=${chat} />`)}</ul>
      ${talk.privates.length > 0 &&
      html`<h2>Private</h2>
        <ul>${talk.privates.map((place) => html`<${Entry} key=${place.key} place=${place} chat=${chat} />`)}</ul>`}
    </div>
    <div class="me">
      <span class=${colourOf(talk.nick)}>${talk.nick}</span>
      <span class="status">${[talk.account ? (talk.admin ? "admin" : "logged in") : "guest", talk.away && "away"].filter(Boolean).join(", ")}</span>
      <button class="quiet" aria-label="Settings" title="Settings" onClick=${() => chat.toggle("settings")}>${icon("settings")}</button>
    </div>
  </nav>`;
}

function Entry({ place, chat }) {
  const current = place === chat.talk.place;
  const calls = place.unread > 0 && (place.named || place.isPrivate);
  const said = place.unread ? `, ${place.unread} unread${place.named && !place.isPrivate ? ", you were named" : ""}` : "";
  return html`<li class=${`entry${current ? " current" : ""}${place.unread ? " unread" : ""}`}>
    <button class="look" aria-current=${current ? "true" : undefined} aria-label=${place.name + said} onClick=${() => chat.look(place)}>
      <span class="name">${place.isPrivate ? html`<span class=${colourOf(place.name)}>${place.name}</span>` : place.name}</span>
      ${place.unread > 0 && html`<span class=${`count${calls ? " calls" : ""}`}>${calls && !place.isPrivate ? "@ " : ""}${place.unread > 999 ? "999+" : place.unread}</span>`}
    </button>
    ${(place.isPrivate || place.key !== LOBBY) &&
    html`<button class="quiet leave" aria-label=${`${place.isPrivate ? "Close" : "Leave"} ${place.name}`} title=${place.isPrivate ? "Close" : "Leave"} onClick=${() => chat.close(place)}>${icon("close")}</button>`}
  </li>`;
}
