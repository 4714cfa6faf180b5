// Recordings in the conversation: hearing one again, how far the box is with it, and what it heard, with the words it was not sure of.

import * as api from "./api.js";
import { element, say } from "./dom.js";
import { clock } from "./recorder.js";

const SURE = 0.8; // words under this are marked: as shared/voice/transcript.py has it
const LOOK_MS = 1500;
const LOOK_AT_MOST = 400; // ten minutes

export const spoken = ({ media }) => media.some(playable);
const playable = (kind) => /^(audio|video)\//.test(kind);

/** What a message without words is called in a line. */
export const named = ({ call, media }) => (call ? "Call" : media.some(playable) ? "Voice message" : media.length ? "Attachment" : "");

let playing = null;

/** One file of a message: a button that plays it, or a link to what cannot be heard. The sid may come later. */
export function player(message, index) {
  const kind = message.media[index];
  const where = () => `/phone/api/media/${message.sid}/${index}`;
  if (!playable(kind)) {
    const link = element("a", { class: "file", href: "#", text: `Attachment (${kind || "of an unknown kind"})` });
    link.addEventListener("click", () => (link.href = where()));
    return link;
  }
  const name = message.call ? "call" : "recording";
  const button = element("button", { type: "button", class: "play", "aria-label": `Play the ${name}` });
  const time = element("span", { class: "length", text: message.call ? "Call" : "Voice message" });
  const bar = element("progress", { max: 1, value: 0, "aria-hidden": "true" });
  let audio = null;
  const show = () => {
    const going = Boolean(audio) && !audio.paused;
    button.classList.toggle("going", going);
    button.setAttribute("aria-label", `${going ? "Pause" : "Play"} the ${name}`);
  };
  button.addEventListener("click", () => {
    if (!message.sid) return;
    audio ??= made(where(), show, time, bar);
    if (!audio.paused) {
      audio.pause();
      return;
    }
    if (playing && playing !== audio) playing.pause();
    playing = audio;
    audio.play().catch(() => say(time, "This browser cannot play it"));
  });
  return element("span", { class: "player", children: [button, element("span", { class: "track", children: [time, bar] })] });
}

function made(url, show, time, bar) {
  const audio = new Audio(url);
  for (const event of ["play", "pause", "ended"]) audio.addEventListener(event, show);
  audio.addEventListener("timeupdate", () => {
    const known = Number.isFinite(audio.duration) && audio.duration > 0;
    say(time, known ? `${clock(audio.currentTime)} of ${clock(audio.duration)}` : clock(audio.currentTime));
    bar.value = known ? audio.currentTime / audio.duration : 0;
  });
  return audio;
}

/** What was heard in a message's recordings, as elements. */
export async function transcripts(message) {
  const found = await Promise.all(message.recordings.map((id) => api.heard(id)));
  const known = found.filter((each) => each.known);
  if (!known.length) return [element("p", { text: "Nothing was heard in it, or not yet." })];
  return known.flatMap(transcript);
}

function transcript({ text, stretches, seconds, seconds_heard: so_far, language, model, version }) {
  if (text === null) return [element("p", { text: `Listening: ${clock(so_far)} of ${clock(seconds)}` })];
  if (!text) return [element("p", { text: "Nothing was heard in it." })];
  const doubtful = stretches.filter(({ probability }) => probability < SURE);
  const words = element("p", { class: "words", children: marked(text, doubtful) });
  const letters = stretches.reduce((sum, { start, end }) => sum + end - start, 0);
  const sure = letters ? stretches.reduce((sum, { start, end, probability }) => sum + (end - start) * probability, 0) / letters : 1;
  const how = doubtful.length ? "Marked words were not heard surely." : "Every word was heard surely.";
  const again = version > 1 ? ` Heard ${version} times.` : "";
  const by = [`${percent(sure)} sure on average`, language, model].filter(Boolean).join(", ");
  return [words, element("p", { text: `${how}${again}` }), element("p", { class: "by", text: by })];
}

function marked(text, doubtful) {
  const parts = [];
  let at = 0;
  for (const { start, end, probability } of doubtful) {
    const how = `${percent(probability)} sure`;
    parts.push(text.slice(at, start), element("mark", { title: how, children: [text.slice(start, end), element("span", { class: "hidden", text: ` (${how})` })] }));
    at = end;
  }
  return [...parts, text.slice(at)];
}

const percent = (probability) => `${Math.round(probability * 100)} %`;

const watched = new Set();

/** Tell how far the box is with a recording that was just sent, until it is through or `over` says so. */
export async function watch(message, over, tell) {
  if (watched.has(message.token) || !message.recordings?.length) return;
  watched.add(message.token);
  for (let looks = 0; looks < LOOK_AT_MOST && !over(); looks += 1) {
    const [found] = await Promise.all([api.heard(message.recordings[0]).catch(() => ({})), new Promise((resolve) => setTimeout(resolve, LOOK_MS))]);
    if (found.known && found.version !== null) break;
    message.progress = found.known ? `Listening: ${clock(found.seconds_heard)} of ${clock(found.seconds)}` : "";
    if (!over()) tell(message);
  }
  message.progress = "";
  tell(message);
}
