/** One line of a conversation: what somebody said or did, what the server says, who came and went. */

import { html } from "./vendor/preact-htm.js";
import { Attachment } from "./attachment.js";
import { Body } from "./body.js";
import { colourOf } from "./colours.js";
import { icon } from "./icons.js";
import { clock, full } from "./times.js";
import { movements } from "./wording.js";

const Time = ({ moment }) =>
  html`<time datetime=${new Date(moment).toISOString()} title=${full(moment)}>${clock(moment)}</time>`;

export function Line({ line, follows, chat, target, deletes }) {
  const { kind, nick, text, time, id, own, named, to } = line;
  if (kind === "server") return html`<${Server} line=${line} chat=${chat} />`;
  const mayGo = !!id && line.kept && (deletes === "all" || (deletes === "own" && own));
  const classes = ["line", kind, line.announcement && "announcement", follows && "follows", named && "named", own && "own", target && "target"];
  const speaker = html`<button class=${`speaker ${colourOf(nick)}`} tabindex="-1" onClick=${() => chat.openPrivate(nick)}>${nick}</button>`;
  return html`<div class=${classes.filter(Boolean).join(" ")} data-id=${id}>
    <${Time} moment=${time} />
    <div class="said">
      ${kind === "acted" ? html`<span class="does">${speaker} </span>` : html`<span class=${follows ? "speaker-hidden" : "who"}>${speaker}${line.announcement ? html`<span class="note">announcement</span>` : kind === "notice" ? html`<span class="note">notice</span>` : ""}${line.to && line.to !== nick && (to === "op" || to === "voice") ? html`<span class="note">to ${to === "op" ? "ops" : "ops and voiced"}</span>` : ""}<span class="away-from-eyes">: </span></span>`}
      ${line.file ? html`<${Attachment} file=${line.file} own=${own} chat=${chat} />` : html`<${Body} text=${text} />`}
    </div>
    ${mayGo && html`<button class="quiet delete" aria-label=${`Delete this message of ${nick}`} title="Delete" onClick=${() => chat.toggle("delete", line)}>${icon("trash")}</button>`}
  </div>`;
}

function Server({ line, chat }) {
  return html`<div class=${`line server${line.refused ? " refused" : ""}${line.announcement ? " announcement" : ""}`}>
    <${Time} moment=${line.time} />
    <div class="said"><${Body} text=${line.text} />
      ${line.room && html`<button class="act" onClick=${() => chat.join(line.room)}>Join ${line.room}</button>`}</div>
  </div>`;
}

/** Who came and went, in one line that opens. */
export function Moves({ lines }) {
  const [first] = lines;
  return html`<div class="line moves">
    <${Time} moment=${first.time} />
    ${lines.length === 1
      ? html`<div class="said">${first.text}</div>`
      : html`<details class="said"><summary>${movements(lines)}</summary>
          <ul>${lines.map((line) => html`<li><${Time} moment=${line.time} /> ${line.text}</li>`)}</ul></details>`}
  </div>`;
}

/** What we sent and the server has not acknowledged. */
export function Pending({ asked, chat, edit }) {
  const state = asked.failed || (chat.link.state === "up" ? "Sending…" : "Waits for the connection");
  return html`<div class=${`line said own pending${asked.failed ? " failed" : ""}`}>
    <time></time>
    <div class="said">
      <span class="who"><span class=${colourOf(chat.talk.nick)}>${chat.talk.nick}</span></span>
      <${Body} text=${asked.op.text || asked.typed} />
      <p class="state">${state}
        ${asked.failed &&
        html` <button class="act" onClick=${() => chat.retry(asked)}>Send again</button>
          <button class="act" onClick=${() => edit(asked)}>Edit</button>
          <button class="act" onClick=${() => chat.forget(asked)}>Forget it</button>`}</p>
    </div>
  </div>`;
}
