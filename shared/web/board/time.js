// The server's time, and dates as our texts write them (docs/conversations.md, rule 4): today 5pm, Fri 5pm, Fri 4 Dec, was due Mon 9am.

const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const LONG_DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const LONG_MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];
const DAY_MS = 86_400_000;

let ahead = 0; // the server's clock minus this machine's, in ms
let zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
let hours = 12;

export const now = () => new Date(Date.now() + ahead);
export function setNow(iso) {
  ahead = new Date(iso).getTime() - Date.now();
}

/** The person's zone (IANA) and clock (12 or 24), from their settings. */
export function setPlace(name, clock) {
  try {
    Intl.DateTimeFormat("en", { timeZone: name });
    zone = name;
  } catch {
    // a zone this browser does not know: its own
  }
  hours = clock;
  formats.clear();
}

const formats = new Map();
function parts(date) {
  if (!formats.has(zone)) {
    formats.set(
      zone,
      new Intl.DateTimeFormat("en", {
        timeZone: zone,
        hourCycle: "h23",
        year: "numeric",
        month: "numeric",
        day: "numeric",
        hour: "numeric",
        minute: "numeric",
      }),
    );
  }
  return Object.fromEntries(
    formats
      .get(zone)
      .formatToParts(date)
      .map(({ type, value }) => [type, Number(value)]),
  );
}

/** The calendar day of an instant as a number of days: days are compared and subtracted. */
export function dayOf(date) {
  const { year, month, day } = parts(date);
  return Date.UTC(year, month - 1, day) / DAY_MS;
}

export const today = () => dayOf(now());

/** A due date, "2026-11-27" or an instant: { day, at } with `at` null for a whole day. */
export function moment(text) {
  if (!text) return null;
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return { day: Date.parse(`${text}T00:00Z`) / DAY_MS, at: null };
  const at = new Date(text);
  return { day: dayOf(at), at };
}

const utc = (day) => new Date(day * DAY_MS);
const year = (day) => utc(day).getUTCFullYear();

/** 5pm, 7:30pm, noon; 17:00 on a clock of 24 hours. */
export function sayClock(date) {
  const { hour, minute } = parts(date);
  if (hours === 24) return `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;
  if (hour === 12 && minute === 0) return "noon";
  return `${hour % 12 || 12}${minute ? `:${String(minute).padStart(2, "0")}` : ""}${hour < 12 ? "am" : "pm"}`;
}

/** today, tomorrow, yesterday; Fri up to six days off; else Fri 4 Dec, with its year when that is not this one. */
export function sayDay(day) {
  const away = day - today();
  if (Math.abs(away) <= 1) return ["yesterday", "today", "tomorrow"][away + 1];
  const date = utc(day);
  if (Math.abs(away) <= 6) return DAYS[date.getUTCDay()];
  return `${DAYS[date.getUTCDay()]} ${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}${year(day) === year(today()) ? "" : ` ${year(day)}`}`;
}

/** Friday 4 December, with the year when that is not this one. */
export function sayLongDay(day) {
  const date = utc(day);
  return `${LONG_DAYS[date.getUTCDay()]} ${date.getUTCDate()} ${LONG_MONTHS[date.getUTCMonth()]}${year(day) === year(today()) ? "" : ` ${year(day)}`}`;
}

/** A moment in words; `named`: the day that the heading above names already. */
export function sayMoment({ day, at }, named = null) {
  return [day === named ? "" : sayDay(day), at ? sayClock(at) : ""].filter(Boolean).join(" ");
}

/** A due date, or a range of two. */
export function sayDue(start, end, named = null) {
  if (!end) return sayMoment(start, named);
  return `${sayMoment(start, named)}${start.at && end.day === start.day ? "-" : " to "}${sayMoment(end, start.day === end.day ? start.day : null)}`;
}

export const isOver = ({ day, at }) => (at ? at < now() : day < today());

/** The instant at which a day's `hour` comes, in the person's zone. */
export function instantOf(day, hour) {
  const wanted = day * DAY_MS + hour * 3_600_000;
  let guess = wanted;
  for (let round = 0; round < 2; round += 1) {
    const shown = parts(new Date(guess));
    guess += wanted - Date.UTC(shown.year, shown.month - 1, shown.day, shown.hour, shown.minute);
  }
  return new Date(guess);
}
