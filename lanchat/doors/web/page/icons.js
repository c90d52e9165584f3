/** The few signs of the page, drawn with lines in the colour of the text. */

import { html } from "./vendor/preact-htm.js";

const PATHS = {
  menu: "M4 7h16M4 12h16M4 17h16",
  people: "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM2.5 20c.6-3.6 3.200-5.500 6.500-5.500s5.900 1.900 6.500 5.500M16 4.500a3.300 3.300 0 0 1 0 6.300M18 15c2 .7 3.200 2.400 3.600 5",
  search: "M10.500 17a6.500 6.500 0 1 0 0-13 6.500 6.500 0 0 0 0 13ZM15.500 15.500 20.500 20.500",
  close: "M6 6l12 12M18 6 6 18",
  plus: "M12 5v14M5 12h14",
  settings: "M4 8h9M19 8h1M4 16h1M11 16h9M16 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM8 19a3 3 0 1 0 0-6 3 3 0 0 0 0 6Z",
  send: "M4 12 20 4.500l-5 15.500-3.500-6.500zM11.500 13.500 20 4.500",
  down: "M12 5v13M6 12.500l6 6 6-6",
  more: "M6 12h.01M12 12h.01M18 12h.01",
  trash: "M5 7h14M10 7V4.500h4V7M7 7l.8 12.500h8.400L17 7M10.500 10.500v5.500M13.500 10.500v5.500",
  check: "M5 12.500l4.500 4.500L19 7.500",
  shield: "M12 4l7 2.500v5c0 4-2.800 7-7 8.500-4.200-1.500-7-4.500-7-8.500v-5z",
  clip: "M19 11.500 11.800 18.700a4.600 4.600 0 0 1-6.500-6.500l7.800-7.800a3 3 0 0 1 4.300 4.300l-7.700 7.700a1.500 1.500 0 0 1-2.100-2.100l7-7",
};

export const icon = (name) =>
  html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d=${PATHS[name]} /></svg>`;
