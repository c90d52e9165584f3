/** The page as a whole: rooms to the left, the conversation in the middle, who is here to the right. */

import { Component, html } from "./vendor/preact-htm.js";
import { Account } from "./account.js";
import { Banner } from "./banner.js";
import { Composer } from "./composer.js";
import { JoinRoom, Settings } from "./dialogs.js";
import { Deletion } from "./deletion.js";
import { icon } from "./icons.js";
import { Log } from "./log.js";
import { People } from "./people.js";
import { PersonDialog } from "./person.js";
import { RoomDialog } from "./room.js";
import { RoomList } from "./roomlist.js";
import { SearchPanel } from "./search.js";
import { Body } from "./body.js";
import { Welcome } from "./welcome.js";

export class App extends Component {
  edit = (asked) => {
    const { chat } = this.props;
    chat.forget(asked);
    chat.talk.place.draft = asked.op.text || asked.typed;
    this.composer?.show(chat.talk.place.draft);
    this.composer?.box.current.focus();
  };

  render({ chat }) {
    const { talk, link } = chat;
    if (!talk.nick) return html`<${Welcome} chat=${chat} />`;
    const place = talk.place;
    const others = [...talk.places.values()].filter((each) => each !== place).reduce((sum, each) => sum + each.unread, 0);
    return html`<div class=${`app open-${chat.open || "nothing"}`}>
      <a class="skip" href="#box" onClick=${(event) => { event.preventDefault(); document.getElementById("box").focus(); }}>Skip to the box</a>
      <${RoomList} chat=${chat} />
      <main class="conversation">
        <header>
          <button class="quiet only-narrow" aria-label=${`Rooms${others ? `, ${others} unread` : ""}`} aria-expanded=${chat.open === "rooms"} aria-controls="rooms" onClick=${() => chat.toggle("rooms")}>
            ${icon("menu")}${others > 0 && html`<span class="dot"></span>`}</button>
          <div class="heading"><h1>${place.isPrivate ? `Private: ${place.name}` : place.name}</h1>
            ${place.topic && html`<p class="topic" title=${place.topic}><${Body} key=${place.topic} text=${place.topic} /></p>`}</div>
          ${talk.governs(place) && html`<button class="quiet" aria-label="Govern this room" title="Govern this room" onClick=${() => chat.toggle("room", place)}>${icon("shield")}</button>`}
          <button class="quiet" aria-label="Search" title="Search (Ctrl+K)" aria-expanded=${chat.open === "search"} onClick=${() => chat.toggle("search")}>${icon("search")}</button>
          ${!place.isPrivate && html`<button class="quiet only-narrow" aria-label=${`Who is here (${place.people.size})`} aria-expanded=${chat.open === "people"} aria-controls="people" onClick=${() => chat.toggle("people")}>${icon("people")}<span class="number">${place.people.size}</span></button>`}
        </header>
        <${Banner} link=${link} />
        <${Log} key=${place.key} chat=${chat} place=${place} edit=${this.edit} />
        <${Composer} ref=${(composer) => (this.composer = composer)} chat=${chat} place=${place} />
      </main>
      ${chat.open === "search" ? html`<${SearchPanel} chat=${chat} />` : place.isPrivate ? null : html`<${People} chat=${chat} place=${place} version=${place.peopleVersion} nick=${talk.nick} />`}
      ${(chat.open === "rooms" || chat.open === "people") && html`<div class="curtain" onClick=${() => chat.toggle(chat.open)}></div>`}
      <p class="away-from-eyes" role="status">${talk.aloud}</p>
      ${/^(register|login|passwd)$/.test(chat.open) && html`<${Account} key=${chat.open} chat=${chat} what=${chat.open} />`}
      ${chat.open === "person" && html`<${PersonDialog} chat=${chat} nick=${chat.about} place=${place} />`}
      ${chat.open === "room" && html`<${RoomDialog} chat=${chat} place=${chat.about} />`}
      ${chat.open === "delete" && html`<${Deletion} chat=${chat} line=${chat.about} place=${place} />`}
      ${chat.open === "join" && html`<${JoinRoom} chat=${chat} />`}
      ${chat.open === "settings" && html`<${Settings} chat=${chat} />`}
    </div>`;
  }
}
