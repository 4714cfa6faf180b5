// What the language understood, from POST /api/v1/understand: a command's fields, and its echo, `Added #7 Pay rent (Fri 9am, high) #home`.

import * as api from "./api.js";

const DATED = "Water plants"; // something to hang a date on: any title without a date in it would do
const NOT_DONE = { none: "Not understood:", query: "Shows:", show: "Shows:", more: "Shows:", why: "Shows:", help: "Shows:" };

/** What is in the brackets of a todo's line, piece by piece. */
function brackets(echo) {
  const inside = /^[^\n]*? \(([^()\n]*)\)(?: #\S+)*(?=\n|$)/.exec(echo ?? "");
  return inside ? inside[1].split(", ") : [];
}

const firstLine = (text) => (text ?? "").split("\n")[0];

/** Each thing that a sentence would do: { does, title, facts }. */
export function readSentence({ commands, reply }) {
  if (!commands.length) return [{ does: NOT_DONE.none, title: firstLine(reply), facts: [] }];
  return commands.map(({ intent, title, echo, tags }) => {
    if (intent === "add") return { does: "Add", title, facts: [...brackets(echo), ...tags.map((tag) => `#${tag}`)] };
    return { does: NOT_DONE[intent] ?? "", title: firstLine(echo), facts: [] };
  });
}

/** A date in words: { said, fields } as the API takes them, or { wrong } where it is none. */
export async function readWhen(words) {
  const { commands } = await api.understand(`${DATED} ${words}`);
  const [{ intent, title, due_date, end_date, recurring_pattern, echo } = {}, ...more] = commands;
  const said = brackets(echo)
    .filter((part) => !part.startsWith("reminder"))
    .join(", ");
  const plain = intent === "add" && !more.length && title.toLowerCase() === DATED.toLowerCase() && (due_date || recurring_pattern);
  if (!plain) return { wrong: `"${words}" is no date I know. Try "tomorrow 5pm" or "every Friday".` };
  if (said.includes("after done")) return { wrong: "Counted from when it is done: say that in the line above the list, with its number." };
  return { said, fields: { due_date, end_date, recurring_pattern } };
}
