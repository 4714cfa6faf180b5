// `node serve.js NAME`: one side from npm answers JSON lines (bench/language/peer.py). Run with TZ=UTC and NODE_PATH.
// A wall-clock time is given to parsers without time zones as if it were UTC, and read back the same way.
"use strict";
const fs = require("node:fs");
const readline = require("node:readline");

console.log = console.info = console.error; // standard output is for answers

const wall = (question) => new Date(question.now.slice(0, 19) + "Z");
const iso = (date) => (date ? date.toISOString().slice(0, 19) : null);
const span = (text, start, end) => [[...text.slice(0, start)].length, [...text.slice(0, end)].length]; // UTF-16 to characters

const SIDES = {
  chrono() {
    const chrono = require("chrono-node");
    const moment = (parts) => {
      if (!parts) return null;
      if (parts.isCertain("timezoneOffset")) return parts.date().toISOString();
      const [year, month, day, hour, minute, second] = ["year", "month", "day", "hour", "minute", "second"].map((part) => parts.get(part) ?? 0);
      return iso(new Date(Date.UTC(year, month - 1, day, hour, minute, second)));
    };
    return ["chrono-node", (question) => {
      const offset = /([+-])(\d\d):(\d\d)$/.exec(question.now);
      const timezone = (offset[1] === "-" ? -1 : 1) * (60 * offset[2] + +offset[3]);
      const [found] = chrono.parse(question.text, { instant: new Date(question.now), timezone }, { forwardDate: true });
      if (!found) return {};
      return { due: moment(found.start), due_end: moment(found.end), spans: [span(question.text, found.index, found.index + found.text.length)] };
    }];
  },

  recognizers() {
    const { recognizeDateTime } = require("@microsoft/recognizers-text-date-time");
    return ["@microsoft/recognizers-text-date-time", (question) => {
      const found = recognizeDateTime(question.text, "en-us", 0, wall(question));
      return { entities: found.map((each) => [...span(question.text, each.start, each.end + 1), each.resolution?.values ?? []]) };
    }];
  },

  sherlock() {
    const Sherlock = require("sherlockjs");
    return ["sherlockjs", (question) => {
      Sherlock._setNow(wall(question));
      const found = Sherlock.parse(question.text);
      return { due: iso(found.startDate), due_end: iso(found.endDate), title: found.eventTitle };
    }];
  },

  // fromText wants the repeat alone: it is tried on the whole text, then on what begins with a word of repeats, shortened from its end.
  rrule() {
    const { RRule } = require("rrule");
    const read = (text) => {
      try {
        const options = RRule.parseText(text);
        return options && options.freq !== undefined ? RRule.fromText(text).toString() : null;
      } catch {
        return null;
      }
    };
    return ["rrule", ({ text }) => {
      const whole = read(text);
      if (whole) return { rrule: whole };
      const start = text.search(/\b(every|daily|weekly|monthly|yearly|annually)\b/i);
      if (start < 0) return {};
      const words = text.slice(start).split(" ");
      for (let count = words.length; count > 0; count--) {
        const tail = words.slice(0, count).join(" ");
        const found = read(tail);
        if (found) return { rrule: found, spans: [span(text, start, start + tail.length)] };
      }
      return {};
    }];
  },
};

const [name, answer] = SIDES[process.argv[2]]();
const version = JSON.parse(fs.readFileSync(`${process.env.NODE_PATH}/${name}/package.json`, "utf8")).version;
const say = (said) => fs.writeSync(1, JSON.stringify(said) + "\n");

const answered = (question) => {
  try {
    return { answer: answer(question) };
  } catch (problem) {
    return { error: String(problem) };
  }
};
const timed = (questions) => questions.map((question) => {
  const before = process.cpuUsage();
  answered(question);
  const used = process.cpuUsage(before);
  return used.user + used.system;
});

say({ ready: `${name} ${version}` });
readline.createInterface({ input: process.stdin }).on("line", (line) => {
  const question = JSON.parse(line);
  say("time" in question ? { cpu_us: timed(question.time) } : answered(question));
});
