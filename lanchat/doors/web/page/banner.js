/** Says clearly when the connection is gone, and when it is back. */

import { html } from "./vendor/preact-htm.js";

export function Banner({ link }) {
  const waiting = link.outbox.asked.filter((each) => !each.failed).length;
  return html`<div class="banner-place" role="status">
    ${link.state === "down" &&
    html`<p class="banner">
      <span><strong>No connection.</strong> Trying again; what you write is sent when it is back${waiting ? ` (${waiting} waiting)` : ""}.</span>
      <button onClick=${() => link.hurry()}>Try now</button>
    </p>`}
  </div>`;
}
