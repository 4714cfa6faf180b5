// The box's paths for the phone. Every failure is an Error with a sentence to show.

async function ask(path, asked) {
  let answer;
  try {
    answer = await fetch(path, asked);
  } catch {
    throw Object.assign(new Error("Jotline does not answer."), { unreachable: true });
  }
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw Object.assign(new Error(body.error || `Jotline answered ${answer.status}.`), { status: answer.status });
  return body;
}

const post = (path, body) =>
  ask(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

export const state = () => ask("/phone/api/state");
export const messagesOf = (phone) => ask(`/phone/api/messages?phone=${encodeURIComponent(phone)}`);
export const send = (text) => post("/phone/api/messages", text);
export const heard = (recording) => ask(`/phone/api/heard?recording=${encodeURIComponent(recording)}`);
export const sendRecording = (about, blob) =>
  ask(`/phone/api/recordings?${new URLSearchParams(about)}`, {
    method: "POST",
    headers: { "Content-Type": blob.type || "application/octet-stream" },
    body: blob,
  });
export const moveClock = (move) => post("/phone/api/clock", move);
export const understood = (sid) => ask(`/phone/api/understood?sid=${encodeURIComponent(sid)}`);

/** Follow every change from number `after` on. The browser reconnects by itself and names the last event it saw. */
export function follow(after, { message, clock, up, down }) {
  let last = after;
  let source;
  const open = () => {
    source = new EventSource(`/phone/api/events?after=${last}`);
    source.addEventListener("open", up);
    source.addEventListener("message", (event) => {
      last = event.lastEventId || last;
      message(JSON.parse(event.data));
    });
    source.addEventListener("clock", (event) => clock(JSON.parse(event.data)));
    source.addEventListener("error", () => {
      down();
      if (source.readyState === EventSource.CLOSED) setTimeout(open, 2000); // the browser gave up: it got an error page
    });
  };
  open();
}
