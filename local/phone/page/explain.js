// What the box heard, understood and did, in words. It answers with its own values (commands and task events); whatever they
// hold is shown, only what says nothing to a person is left out.

import { element } from "./dom.js";
import { calendarDay, dayAndTime } from "./time.js";

const LEFT_OUT = new Set(["id", "series_id", "version", "created_at", "completed_at", "zone", "span", "text", "confidence", "rule", "time_stated",
  "day_stated", "full", "after_done", "rrule", "before", "bare", "quoted", "due_day", "end_day"]);
const PLAIN = new Set(["medium", "open", "done"]); // what goes without saying

/** Rows of "Heard", "Understood" and "Done"; those that are empty are not there. */
export function explained(answer, zone) {
  const rows = [["Heard", answer.heard], ["Understood", answer.understood], ["Done", answer.done]];
  return element("dl", {
    children: rows
      .map(([name, value]) => [name, [value].flat().filter(Boolean).map((each) => sentence(each, zone)).join("\n")])
      .filter(([, text]) => text)
      .flatMap(([name, text]) => [element("dt", { text: name }), element("dd", { text })]),
  });
}

/** One command or event: what it is, the title, and the rest as "name value". */
function sentence(value, zone) {
  if (typeof value !== "object") return String(value);
  const { intent, type, title, number, changed, ...rest } = value;
  if (changed) return sentence({ type, ...changed }, zone);
  const head = [intent ?? type, number && `#${number}`, title && `"${title}"`].filter(Boolean).join(" ");
  if (value.due_at || !rest.due_day) delete rest.due_day;
  const parts = Object.entries(rest).map(([name, each]) => named(name, each, zone)).filter(Boolean);
  if (rest.due_day) parts.push(`due ${words(rest.due_day, zone)}`);
  return [head, ...parts].filter(Boolean).join(", ");
}

function named(name, value, zone) {
  if (LEFT_OUT.has(name)) return "";
  const text = words(value, zone);
  if (!text || PLAIN.has(text)) return "";
  if (name === "ref" || name === "query" || name === "when") return text;
  return `${name.replace("_at", "").replaceAll("_", " ")} ${text}`;
}

function words(value, zone) {
  if (value === null || value === undefined || value === false || value === "") return "";
  if (value === true) return "yes";
  if (Array.isArray(value)) return value.map((each) => words(each, zone)).filter(Boolean).join(", ");
  if (typeof value === "object") return object(value, zone);
  const text = String(value);
  if (/^\d{4}-\d\d-\d\dT/.test(text)) return dayAndTime(new Date(text), zone);
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return calendarDay(text);
  return text;
}

function object(value, zone) {
  if (value.day) return words(value.at ?? value.day, zone); // a moment
  if (value.said) return value.said; // a repeat
  if (value.start) return [value.start, value.end].filter(Boolean).map((each) => words(each, zone)).join(" to ");
  if (value.numbers) return value.numbers.map((number) => `#${number}`).join(", ");
  const { what, ...rest } = value;
  return [what, ...Object.entries(rest).map(([name, each]) => named(name, each, zone))].filter(Boolean).join(", ");
}
