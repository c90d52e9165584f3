/**
 * How this browser comes back to an account without its password: by the token that the server gave.
 *
 * It is kept for good where the person said so, and all tabs have it then; else until the tab is closed.  It is sent in
 * the hello alone, and stands in no address.
 */

import { session, settings } from "./settings.js";

const KEY = "login";

export const login = {
  /** Gives `{account, token}`; nothing where nobody is logged in. */
  get known() {
    return session.get(KEY, null) || settings.get(KEY, null);
  },

  take(account, token, keep) {
    session.set(KEY, keep ? null : { account, token });
    if (keep) settings.set(KEY, { account, token });
  },

  forget() {
    (session.get(KEY, null) ? session : settings).set(KEY, null);
  },

  /** Calls when another tab has logged in or out for good. */
  watch(changed) {
    window.addEventListener("storage", ({ key }) => key === `lanchat.${KEY}` && !session.get(KEY, null) && changed());
  },
};
