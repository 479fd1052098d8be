import { instantOf, wallClock } from "../words/time.ts";

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const unitSeconds: Readonly<Record<string, number>> = { d: 86_400, h: 3600, m: 60, s: 1 };

/** "2026-12-01 at 00:00 UTC", "2026-12-19 15:31:13", "2026-12-19T15:31:13Z", "…+08:00"; without a zone: UTC. */
const full =
  /\b(\d{4})-(\d{2})-(\d{2})(?:T| at | )(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d{1,9})?(?: ?\(([A-Za-z_]{2,20}\/[A-Za-z_+-]{2,40})\)| ?\(?(?:UTC|GMT|Z)?(?:([+-]\d{1,2})(?::?(\d{2}))?)?(?!\d))?/i;
const epoch = /(?:limit reached\||reset(?:s|s_at|_at|At)?["']?[:=] ?"?)(\d{10})(?:\d{3})?\b/i;
/** The time of day, with its zone in brackets, or as a distance from UTC. */
const clock = String.raw`(\d{1,2})(?::(\d{2}))? ?([ap]m|[AP]M|[ap]\.m\.)?(?: ?\(((?!(?:UTC|GMT)[+-])[A-Za-z0-9_+/-]{1,60})\)| ?\(?(?:UTC|GMT)([+-]\d{1,2})(?::?(\d{2}))?| (P[SD]?T|E[SD]?T|M[SD]T|C[DE]T|CEST|BST|JST|KST)\b)?`;
/** The ways in which people shorten the names of zones; what several places call alike ("CST") is none of them. */
const shortZones: ReadonlyMap<string, string> = new Map([
  ["PT", "America/Los_Angeles"],
  ["PST", "America/Los_Angeles"],
  ["PDT", "America/Los_Angeles"],
  ["MST", "America/Denver"],
  ["MDT", "America/Denver"],
  ["CDT", "America/Chicago"],
  ["ET", "America/New_York"],
  ["EST", "America/New_York"],
  ["EDT", "America/New_York"],
  ["BST", "Europe/London"],
  ["CET", "Europe/Paris"],
  ["CEST", "Europe/Paris"],
  ["JST", "Asia/Tokyo"],
  ["KST", "Asia/Seoul"],
]);
/** A sentence may begin with it. Not by a flag: the name of a month is told by its capital. */
const verb = String.raw`\b(?:[Rr]esets?|[Rr]efresh(?:es|ed)?|[Rr]enews?|[Rr]enewed|[Rr]eplenish(?:es|ed)?|[Rr]estored|regain access|[Aa]vailable again|[Tt]ry again)(?: again)?(?: at| on| after)?`;
const dated = /* @__PURE__ */ new RegExp(
  String.raw`${verb} (?:([A-Z][a-z]{2})[a-z]{0,6}\.? (\d{1,2})(?:st|nd|rd|th)?(?:,? (\d{4}))?,? (?:at )?)?${clock}`,
);
/** A day without a time of day begins at midnight. */
const onDay = /* @__PURE__ */ new RegExp(
  String.raw`${verb} (?:(\d{4})-(\d{2})-(\d{2})|([A-Z][a-z]{2})[a-z]{0,6}\.? (\d{1,2})(?:st|nd|rd|th)?(?:,? (\d{4}))?)\b(?![:.]\d)`,
);
const onWeekday = /* @__PURE__ */ new RegExp(
  String.raw`${verb} (?:on |next )?(Sun|Mon|Tue|Wed|Thu|Fri|Sat)[a-z]{0,6}\b(?:,? (?:at )?${clock})?`,
);
const tomorrow = /* @__PURE__ */ new RegExp(
  String.raw`${verb} (?:tomorrow|the next day)\b(?:,? (?:at )?${clock})?`,
);
const after =
  /\b(?:resets?|refresh(?:es|ed)?|renew(?:s|ed)?|replenish(?:es|ed)?|restored|available again|try again|retry(?:ing)?|please wait|(?:quota)?_?reset_?(?:time|in|after|delay)["']?\s?[:=]\s?["']?)(?: after)?(?: in)? ?(?:about |~)?((?:\d{1,6} ?(?:d(?:ays?)?|h(?:ours?|rs?)?|m(?:in(?:ute)?s?)?|s(?:ec(?:ond)?s?)?)(?![a-z])[ ,]{0,2}(?:and )?){1,4})/i;

/**
 * The time after which a usage limit is over, from the words of the CLI or a gateway; `null` when there is none. Words without
 * a year, or without a day, need the time at which they were said: the next such time after it is meant. No zone named: UTC.
 */
export function resetTime(text: string, saidAt: string | null): string | null {
  const said = saidAt === null ? Number.NaN : Date.parse(saidAt);
  const instant =
    fromEpoch(text) ??
    fromFull(text) ??
    fromWeekday(text, said) ??
    fromWords(text, said) ??
    fromDay(text, said) ??
    fromTomorrow(text, said) ??
    fromSpan(text, said);
  return instant === null || !Number.isFinite(instant) || Math.abs(instant) > 8e15
    ? null
    : new Date(instant).toISOString();
}

function fromEpoch(text: string): number | null {
  const seconds = epoch.exec(text)?.[1];
  return seconds === undefined ? null : Number(seconds) * 1000;
}

function fromFull(text: string): number | null {
  const match = full.exec(text);
  if (match === null) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = match.slice(1, 6).map(Number);
  const [seconds = "0", zone, hours, minutes] = match.slice(6);
  if (zone !== undefined)
    return instantOf({ year, month: month - 1, day, minutes: hour * 60 + minute }, zone);
  const offsetHours = hours === undefined ? 0 : Number(hours);
  const offsetMinutes = minutes === undefined ? 0 : Math.sign(offsetHours || 1) * Number(minutes);
  return Date.UTC(year, month - 1, day, hour - offsetHours, minute - offsetMinutes, Number(seconds));
}

function fromDay(text: string, said: number): number | null {
  const match = onDay.exec(text);
  if (match === null) return null;
  const [, year, month, day, monthName, dayOfMonth, namedYear] = match;
  const index = monthName === undefined ? Number(month) - 1 : months.indexOf(monthName.toLowerCase());
  const named = year ?? namedYear;
  if (index < 0 || (named === undefined && Number.isNaN(said))) return null;
  const chosen = named === undefined ? new Date(said).getUTCFullYear() : Number(named);
  const at = Date.UTC(chosen, index, Number(day ?? dayOfMonth));
  return named === undefined && isLongAgo(at, said) ? Date.UTC(chosen + 1, index, Number(dayOfMonth)) : at;
}

function fromTomorrow(text: string, said: number): number | null {
  const match = tomorrow.exec(text);
  if (match === null || Number.isNaN(said)) return null;
  const time = timeOfDay(match.slice(1)) ?? midnight;
  const today = dayOf(said, time.zone);
  return today === null
    ? null
    : instantOf(
        { year: today.year, month: today.month - 1, day: today.day + 1, minutes: time.minutes },
        time.zone,
      );
}

/** "resets Jan 2" said in December means the next January; a few hours of a wrong clock do not. */
function isLongAgo(instant: number, said: number): boolean {
  return instant < said - 180 * 86_400_000;
}

/** "replenished in 23:12:05": hours, minutes and seconds. */
const countdown =
  /\b(?:resets?|refresh(?:es|ed)?|renew(?:s|ed)?|replenish(?:es|ed)?|restored|again|after) in (\d{1,3}):(\d{2}):(\d{2})\b/i;

/** "resets in 3h 20m" counts from the moment of the words. */
function fromSpan(text: string, said: number): number | null {
  const [, hours, minutes, rest] = countdown.exec(text) ?? [];
  if (hours !== undefined && !Number.isNaN(said))
    return said + ((Number(hours) * 60 + Number(minutes)) * 60 + Number(rest)) * 1000;
  const span = after.exec(text)?.[1];
  if (span === undefined || Number.isNaN(said)) return null;
  const seconds = [...span.matchAll(/(\d{1,6}) ?([dhms])/gi)].reduce(
    (sum, [, digits = "0", unit = "s"]) => sum + Number(digits) * (unitSeconds[unit.toLowerCase()] ?? 0),
    0,
  );
  return seconds === 0 ? null : said + seconds * 1000;
}

interface TimeOfDay {
  readonly minutes: number;
  readonly zone: string;
}

const midnight: TimeOfDay = { minutes: 0, zone: "UTC" };

function fromWeekday(text: string, said: number): number | null {
  const match = onWeekday.exec(text);
  if (match === null || Number.isNaN(said)) return null;
  const [, name = "", ...parts] = match;
  // A day without a time of day begins at midnight.
  const time = timeOfDay(parts) ?? midnight;
  const today = dayOf(said, time.zone);
  if (today === null) return null;
  const weekday = new Date(Date.UTC(today.year, today.month - 1, today.day)).getUTCDay();
  const ahead = (weekdays.indexOf(name.toLowerCase()) - weekday + 7) % 7;
  const at = (days: number): number | null =>
    instantOf(
      { year: today.year, month: today.month - 1, day: today.day + days, minutes: time.minutes },
      time.zone,
    );
  const next = at(ahead);
  return next !== null && next <= said ? at(ahead + 7) : next;
}

function fromWords(text: string, said: number): number | null {
  const match = dated.exec(text);
  if (match === null) return null;
  const [, monthName, dayDigits, yearDigits, ...parts] = match;
  const time = timeOfDay(parts);
  if (time === null || (Number.isNaN(said) && yearDigits === undefined)) return null;
  const today = dayOf(Number.isNaN(said) ? 0 : said, time.zone);
  if (today === null) return null;
  const { minutes, zone } = time;
  if (monthName === undefined) {
    const wall = { year: today.year, month: today.month - 1, day: today.day, minutes };
    const sameDay = instantOf(wall, zone);
    return sameDay !== null && sameDay <= said ? instantOf({ ...wall, day: today.day + 1 }, zone) : sameDay;
  }
  const named = months.indexOf(monthName.toLowerCase());
  if (named < 0) return null;
  const chosen = yearDigits === undefined ? today.year : Number(yearDigits);
  const thisYear = instantOf({ year: chosen, month: named, day: Number(dayDigits), minutes }, zone);
  const passed = thisYear !== null && yearDigits === undefined && isLongAgo(thisYear, said);
  return passed
    ? instantOf({ year: chosen + 1, month: named, day: Number(dayDigits), minutes }, zone)
    : thisYear;
}

function timeOfDay(parts: readonly (string | undefined)[]): TimeOfDay | null {
  const [hourDigits, minuteDigits, half, named, hours, fraction = "0", short] = parts;
  const zone = shortZones.get(short ?? named ?? "") ?? named ?? "UTC";
  // A bare "resets 3" names no time of day.
  if (minuteDigits === undefined && half === undefined) return null;
  const minutes = minutesOfDay(Number(hourDigits), Number(minuteDigits ?? 0), half?.toLowerCase().charAt(0));
  if (minutes === null || hours === undefined) return minutes === null ? null : { minutes, zone };
  // The names of these zones have the opposite sign, and whole hours only.
  const distance = Number(hours);
  return {
    minutes: minutes - Math.sign(distance) * Number(fraction),
    zone: distance === 0 ? "UTC" : `Etc/GMT${distance > 0 ? "-" : "+"}${Math.abs(distance)}`,
  };
}

function dayOf(
  instant: number,
  zone: string,
): { readonly year: number; readonly month: number; readonly day: number } | null {
  const [year = 0, month = 0, day = 0] = (wallClock(instant, zone) ?? "").slice(0, 10).split("-").map(Number);
  return year === 0 ? null : { year, month, day };
}

function minutesOfDay(hour: number, minute: number, half: string | undefined): number | null {
  if (minute > 59 || hour > (half === undefined ? 23 : 12)) return null;
  if (half === undefined) return hour * 60 + minute;
  return ((hour % 12) + (half === "p" ? 12 : 0)) * 60 + minute;
}
