// Who is signed in, in this browser: an access token for a quarter of an hour and a refresh token that gives the next, once. All tabs
// share them; one at a time renews, so that no tab shows a token that another has used up.

const KEPT = "jotline-session";
const EARLY_MS = 60_000; // a token is renewed this long before it ends
const listeners = new Set();

/** Called with "renewed" or "ended", also when another tab did it. */
export const onChange = (listener) => listeners.add(listener);
const tell = (what) => listeners.forEach((listener) => listener(what));

export function current() {
  try {
    return JSON.parse(localStorage.getItem(KEPT));
  } catch {
    return null;
  }
}

/** The id of whoever is signed in, as their token has it (RFC 7519 section 4.1.2). */
export function who() {
  const claims = current()?.access.split(".")[1] ?? "";
  return claims && JSON.parse(atob(claims.replaceAll("-", "+").replaceAll("_", "/"))).sub;
}

export function keep({ access_token, refresh_token, expires_in }) {
  const kept = { access: access_token, refresh: refresh_token, until: Date.now() + expires_in * 1000 };
  localStorage.setItem(KEPT, JSON.stringify(kept));
  tell("renewed");
  return kept;
}

export function forget() {
  localStorage.removeItem(KEPT);
  tell("ended");
}

addEventListener("storage", ({ key, newValue }) => {
  if (key === KEPT || key === null) tell(newValue ? "renewed" : "ended");
});

/** An access token that is good for a while, or null when nobody is signed in. `refused`: the one that was not taken. */
export async function access(refused = null) {
  const good = (one) => one && one.access !== refused && one.until - EARLY_MS > Date.now();
  if (good(current())) return current().access;
  if (!current()) return null;
  return inTurn(async () => {
    const kept = current();
    if (!kept || good(kept)) return kept?.access ?? null; // another tab was faster
    return renew(kept);
  });
}

const inTurn = (work) => (navigator.locks ? navigator.locks.request(KEPT, work) : work());

async function renew({ refresh }) {
  const answer = await fetch("/api/v1/token", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ refresh_token: refresh }),
  });
  if (answer.ok) return keep(await answer.json()).access;
  if (answer.status < 500 && answer.status !== 429) forget();
  else throw new Error("not now");
  return null;
}
