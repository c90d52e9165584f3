/** What is being sent to the place in view, and the ways to send: choose, paste, drop. */

import { Component, html } from "./vendor/preact-htm.js";
import { size } from "./files.js";
import { icon } from "./icons.js";

export class Sending extends Component {
  chooser = { current: null };
  state = { above: false };

  componentDidMount() {
    this.listening = { dragover: this.over, dragleave: this.left, drop: this.dropped, paste: this.pasted };
    for (const [event, deed] of Object.entries(this.listening)) document.addEventListener(event, deed);
  }

  componentWillUnmount() {
    for (const [event, deed] of Object.entries(this.listening)) document.removeEventListener(event, deed);
  }

  over = (event) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    if (!this.state.above) this.setState({ above: true });
  };

  left = (event) => event.relatedTarget || this.setState({ above: false });

  dropped = (event) => {
    this.setState({ above: false });
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    this.props.chat.files.send(event.dataTransfer.files);
  };

  pasted = (event) => {
    if (!event.clipboardData.files.length || event.clipboardData.getData("text/plain")) return;
    event.preventDefault();
    this.props.chat.files.send(event.clipboardData.files);
  };

  chosen = (event) => {
    this.props.chat.files.send(event.target.files);
    event.target.value = "";
  };

  render({ chat, place }, { above }) {
    return html`<input type="file" multiple hidden id="chooser" ref=${this.chooser} onChange=${this.chosen} />
      <button type="button" class="quiet" aria-label="Send files" title="Send files" onClick=${() => this.chooser.current.click()}>${icon("clip")}</button>
      ${above && html`<div class="drop">Drop it to send it to ${place.name}</div>`}`;
  }
}

export function Uploads({ chat, place }) {
  const uploads = chat.files.of(place);
  return html`<ul class="uploads" aria-label="Files on their way">
    ${uploads.map((upload) => {
      const { key, file, sent, failed } = upload;
      return html`<li key=${key}>
        <span class="name">${file.name}</span>
        ${failed
          ? html`<span class="complaint" role="alert">${failed}</span><button type="button" class="act" onClick=${() => chat.files.retry(upload)}>Try again</button>`
          : html`<progress max=${file.size || 1} value=${sent} aria-label=${`${file.name} on its way`}></progress><span class="note">${size(sent)} of ${size(file.size)}</span>`}
        <button type="button" class="quiet" aria-label=${`${failed ? "Forget" : "Stop sending"} ${file.name}`} onClick=${() => chat.files.drop(upload)}>${icon("close")}</button>
      </li>`;
    })}
  </ul>`;
}
