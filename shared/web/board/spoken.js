// Calls and recordings on their way: how far each is, until its todos are there.

import { byId, element, show } from "./dom.js";
import { now } from "./time.js";

const MINUTE_MS = 60_000;
// How long after the last step each is of interest.
const SHOWN_MS = {
  calling: 15 * MINUTE_MS,
  ended: MINUTE_MS,
  received: 10 * MINUTE_MS,
  hearing: 10 * MINUTE_MS,
  refused: MINUTE_MS / 2,
};
let things = [];
let hiding = null;

/** Show these; what is heard, or old, is not shown any more. */
export function tell(found) {
  things = found;
  render();
}

function render() {
  clearTimeout(hiding);
  const left = ({ status, at }) => (SHOWN_MS[status] ?? 0) - (now() - new Date(at));
  const shown = things.filter((thing) => left(thing) > 0);
  const lines = shown.map(said);
  const target = byId("spoken");
  if (target.dataset.shown !== lines.join()) target.replaceChildren(...lines.map((text) => element("span", { text })));
  target.dataset.shown = lines.join();
  show(target, lines.length > 0);
  if (shown.length) hiding = setTimeout(render, Math.max(1000, Math.min(...shown.map(left))));
}

function said({ kind, status, seconds, heard_seconds: heard }) {
  if (status === "calling") return "On the phone with you.";
  if (status === "ended") return "Your call is over. Waiting for its recording.";
  if (status === "received") return "Fetching your recording.";
  if (status === "refused") return "Your recording could not be taken. The text you got says why.";
  const whose = kind === "call" ? "what you said on the phone" : "your recording";
  return heard ? `Listening to ${whose}: ${clock(heard)} of ${clock(seconds)}.` : `Listening to ${whose}.`;
}

const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
