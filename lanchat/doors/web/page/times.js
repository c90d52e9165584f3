/** Moments and days, as people read them where they are. */

const CLOCK = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const FULL = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "medium", hourCycle: "h23" });
const DAY = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
const SHORT = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", year: "numeric" });

export const clock = (moment) => CLOCK.format(moment);
export const full = (moment) => FULL.format(moment);
export const shortDay = (moment) => SHORT.format(moment);

/** Gives what tells one day from another. */
export const dayOf = (moment) => new Date(moment).toDateString();

export function day(moment) {
  const today = Date.now();
  if (dayOf(moment) === dayOf(today)) return "Today";
  if (dayOf(moment) === dayOf(today - 24 * 3600e3)) return "Yesterday";
  return DAY.format(moment);
}
