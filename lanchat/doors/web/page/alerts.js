/** Calls a person who looks elsewhere: by the title of the page, by a sound, by a notification of the system. */

import { settings } from "./settings.js";

let audio = null;
let shown = "";
/** The notification of each place that was shown last. */
const notes = new Map();

/** Browsers make a sound only once a person has touched the page. */
export function prepareSound() {
  const Audio = window.AudioContext || window.webkitAudioContext;
  if (!audio && Audio) audio = new Audio();
  if (audio?.state === "suspended") audio.resume();
}

/** Two short notes. */
export function sound() {
  if (!audio || audio.state !== "running") return;
  [660, 880].forEach((pitch, at) => {
    const begin = audio.currentTime + at * 0.12;
    const tone = audio.createOscillator();
    const loudness = audio.createGain();
    tone.frequency.value = pitch;
    loudness.gain.setValueAtTime(0.0001, begin);
    loudness.gain.exponentialRampToValueAtTime(0.12, begin + 0.02);
    loudness.gain.exponentialRampToValueAtTime(0.0001, begin + 0.2);
    tone.connect(loudness).connect(audio.destination);
    tone.start(begin);
    tone.stop(begin + 0.22);
  });
}

/** Systems notify only over HTTPS or on this machine, and only if the person allows it. */
export const mayAskToNotify = () => "Notification" in window && window.isSecureContext && Notification.permission !== "denied";
export const notifies = () => mayAskToNotify() && Notification.permission === "granted" && settings.get("notify", false);

export function alert(line, place, look) {
  if (document.hasFocus() && !document.hidden) return;
  if (settings.get("sound", true)) sound();
  if (!notifies()) return;
  const note = new Notification(place.isPrivate ? line.nick : `${line.nick} in ${place.name}`, {
    body: line.text.slice(0, 200),
    tag: place.key,
    icon: "/icon.svg",
    data: line.id,
  });
  notes.set(place.key, note);
  note.onclick = () => {
    window.focus();
    look(place);
    note.close();
  };
}

/** Takes back the notification of a message that was deleted. */
export function withdraw(id) {
  for (const note of notes.values()) if (note.data === id) note.close();
}

/** Shows in the title where one is, and how much waits. */
export function title(talk, state) {
  const calls = talk.calls;
  const mark = calls ? `(${calls}) ` : talk.unread ? "• " : "";
  const now = state === "out" ? "lanchat" : `${mark}${talk.place.name} – lanchat`;
  if (now === shown) return;
  shown = document.title = now;
  document.querySelector("link[rel=icon]").href = mark ? "/icon-new.svg" : "/icon.svg";
}
