// The API (/api/v1). Every failure is an Error with a sentence to show; `unreachable` where nobody answered.

import * as session from "./session.js";

const BASE = "/api/v1";

async function send(method, path, body, token, headers) {
  try {
    return await fetch(BASE + path, {
      method,
      headers: {
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...(token ? { Authorization: `Bearer ${token}` } : {}),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw unreachable();
  }
}

const unreachable = () =>
  Object.assign(new Error("Jotline does not answer. Nothing was changed; try again in a moment."), { unreachable: true });

async function read(answer) {
  const body = answer.status === 204 ? null : await answer.json().catch(() => null);
  if (answer.ok) return body;
  const wrong = (body?.errors ?? []).map(({ field, message }) => `${field.replace(/^body\./, "")}: ${message}`).join("; ");
  const wait = answer.status === 429 ? ` Try again in ${answer.headers.get("Retry-After") ?? "a few"} seconds.` : "";
  const said = wrong || body?.detail || `Something went wrong at Jotline (${answer.status}). Try again in a moment.`;
  throw Object.assign(new Error(said + wait), { status: answer.status, kind: body?.type ?? "" });
}

/** The answer to who is signed in; with a fresh token when the old one is not taken. */
async function answered(method, path, { body, headers } = {}) {
  const token = await session.access().catch(() => {
    throw unreachable();
  });
  let answer = await send(method, path, body, token, headers);
  if (answer.status === 401) {
    const fresh = await session.access(token).catch(() => null);
    if (fresh) answer = await send(method, path, body, fresh, headers);
  }
  return answer;
}

const ask = async (...asked) => read(await answered(...asked));

export const login = async (phone) => read(await send("POST", "/login", { phone }));
export const token = async (phone, code) => read(await send("POST", "/token", { phone, code }));
export const logout = () => ask("POST", "/logout");

export const settings = () => ask("GET", "/settings");
export const page = (query) => ask("GET", `/tasks?${new URLSearchParams(query)}`);
export const change = ({ id, version }, fields) => ask("PATCH", `/tasks/${id}`, { body: fields, headers: { "If-Match": `"${version}"` } });
export const complete = ({ id }, completed) => ask("PATCH", `/tasks/${id}/complete`, { body: { completed } });
export const remove = ({ id }) => ask("DELETE", `/tasks/${id}`);
export const undo = () => ask("POST", "/undo");
export const understand = (text) => ask("POST", "/understand", { body: { text } });
export const say = (text, key) => ask("POST", "/say", { body: { text }, headers: { "Idempotency-Key": key } });

/** What is kept, as a file and its name. `format`: json, todotxt or ical. */
export async function copy(format) {
  const answer = await answered("GET", `/export?format=${format}`);
  if (!answer.ok) return read(answer);
  const [, name] = /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition") ?? "") ?? [];
  return { name: name ?? "jotline", file: await answer.blob() };
}

/** What this installation has: its number, and the stand-in's phone where there is one. */
export async function about() {
  try {
    const answer = await fetch("/board/about.json");
    return answer.ok ? await answer.json() : {};
  } catch {
    return {};
  }
}
