/** Puts the page together. */

import { h, render } from "./vendor/preact-htm.js";
import { alert, prepareSound, title } from "./alerts.js";
import { App } from "./app.js";
import { Chat } from "./chat.js";
import { perFrame } from "./frames.js";
import { listen } from "./keys.js";

const page = document.getElementById("page");

const draw = perFrame(() => {
  attend();
  chat.remember();
  render(h(App, { chat, at: performance.now() }), page);
  title(chat.talk, chat.link.state);
});

const chat = new Chat(draw, (line, place, missed) => missed || alert(line, place, (where) => chat.look(where)));

/** What is at the end of the conversation in view has been read, if the page has the person's attention. */
function attend() {
  const { talk } = chat;
  const attentive = !document.hidden && document.hasFocus();
  talk.reading = attentive && talk.nick ? talk.view : "";
  if (talk.reading && talk.place.atEnd && !talk.place.past) talk.place.read();
}

for (const event of ["focus", "blur"]) window.addEventListener(event, draw);
document.addEventListener("visibilitychange", draw);
for (const event of ["pointerdown", "keydown"]) document.addEventListener(event, prepareSound, { capture: true });
listen(chat);
page.replaceChildren();
chat.entrance.follow();
draw();
