/** A file in the conversation: a picture is shown small, everything else is to be saved. */

import { Component, html } from "./vendor/preact-htm.js";
import { size } from "./files.js";
import { icon } from "./icons.js";

const PICTURES = ["image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"];
/** Larger ones are to be saved as well: nobody's page fetches 100 MiB because somebody sent them. */
const SHOWN = 10 * 2 ** 20;

export class Attachment extends Component {
  render({ file, own, chat }, { gone }) {
    const path = new URL(file.url, location.href).pathname; // the address may be one that this browser did not come by
    if (gone) return html`<span class="text note">${file.name} is not there any more.</span>`;
    const take = own && html` <button class="act" onClick=${() => this.take(chat, file)}>Take back</button>`;
    if (PICTURES.includes(file.kind) && file.size <= SHOWN) {
      return html`<a class="picture" href=${path} target="_blank" rel="noopener noreferrer">
          <img src=${path} alt=${file.name} loading="lazy" onError=${() => this.setState({ gone: true })} /></a>
        <span class="note">${file.name}, ${size(file.size)}${take}</span>`;
    }
    return html`<a class="file" href=${path} download=${file.name}>${icon("clip")}<span>${file.name}</span> <span class="note">${size(file.size)}</span></a>
      <span class="note">${take}</span>`;
  }

  async take(chat, file) {
    const reply = await chat.link.ask({ op: "unshare", file: file.id });
    if (reply?.event === "notice") this.setState({ gone: true });
    else if (reply) chat.talk.say(reply.text);
    chat.changed();
  }
}
