// The simulated time, and times as a phone writes them, in the zone of the phone that is looked at.

let ahead = 0; // simulated minus this machine's time, in ms
const listeners = new Set();

export const now = () => new Date(Date.now() + ahead);

export function setNow(iso) {
  ahead = new Date(iso).getTime() - Date.now();
  tick();
}

export function onTick(listener) {
  listeners.add(listener);
}

export const tick = () => listeners.forEach((listener) => listener());
setInterval(tick, 1000);

const formats = new Map();

function format(zone, options) {
  const key = `${zone}|${JSON.stringify(options)}`;
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat("en", { timeZone: zone || undefined, ...options }));
  return formats.get(key);
}

const day = (date, zone) => format(zone, { year: "numeric", month: "2-digit", day: "2-digit" }).format(date);
export const sameDay = (one, other, zone) => day(one, zone) === day(other, zone);

export const timeOfDay = (date, zone) => format(zone, { hour: "numeric", minute: "2-digit" }).format(date);

/** "Today", "Yesterday", "Fri 27 Nov", "Mon 4 Jan 2027". */
export function dayName(date, zone) {
  const today = now();
  if (sameDay(date, today, zone)) return "Today";
  if (sameDay(date, new Date(today.getTime() - 86_400_000), zone)) return "Yesterday";
  const parts = partsOf(date, zone, { weekday: "short", day: "numeric", month: "short", year: "numeric" });
  const year = parts.year === partsOf(today, zone, { year: "numeric" }).year ? "" : ` ${parts.year}`;
  return `${parts.weekday} ${parts.day} ${parts.month}${year}`;
}

/** A calendar day, 2026-11-27, as "Fri 27 Nov". */
export function calendarDay(iso) {
  const parts = partsOf(new Date(`${iso}T00:00Z`), "UTC", { weekday: "short", day: "numeric", month: "short" });
  return `${parts.weekday} ${parts.day} ${parts.month}`;
}

/** "Fri 27 Nov, 9:00 AM". */
export function dayAndTime(date, zone) {
  const parts = partsOf(date, zone, { weekday: "short", day: "numeric", month: "short" });
  return `${parts.weekday} ${parts.day} ${parts.month}, ${timeOfDay(date, zone)}`;
}

/** A zone as people say it: "New York". */
export const place = (zone) => (zone ? zone.split("/").pop().replaceAll("_", " ") : "");

/** The instant at which a wall clock in `zone` shows year, month, day, hour and minute (month from 1). */
export function instant({ year, month, day: date, hour, minute }, zone) {
  const wanted = Date.UTC(year, month - 1, date, hour, minute);
  let guess = wanted;
  for (let round = 0; round < 2; round += 1) guess = wanted - offset(new Date(guess), zone); // twice: over a change of the clocks
  return new Date(guess);
}

/** The next time a wall clock in `zone` shows `hour` o'clock. */
export function next(hour, zone) {
  const wall = wallClock(now(), zone);
  const at = instant({ ...wall, hour, minute: 0 }, zone);
  return at > now() ? at : instant({ ...wall, day: wall.day + 1, hour, minute: 0 }, zone);
}

/** What a wall clock in `zone` shows, as numbers. */
export function wallClock(date, zone) {
  const parts = partsOf(date, zone, {
    year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric", hourCycle: "h23",
  });
  return Object.fromEntries(Object.entries(parts).map(([name, value]) => [name, Number(value)]));
}

function offset(date, zone) {
  const { year, month, day: date_, hour, minute, second } = wallClock(date, zone);
  return Date.UTC(year, month - 1, date_, hour, minute, second) - Math.floor(date.getTime() / 1000) * 1000;
}

function partsOf(date, zone, options) {
  return Object.fromEntries(format(zone, options).formatToParts(date).filter(({ type }) => type !== "literal").map(({ type, value }) => [type, value]));
}
