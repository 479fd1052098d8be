import { instantOf, wallClock } from "../words/time.ts";

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

const full = /\b(\d{4})-(\d{2})-(\d{2})(?:T| at )(\d{1,2}):(\d{2})(?::\d{2})?(?:\.\d{1,9})?(?: ?(?:UTC|Z))/i;
const epoch = /limit reached\|(\d{9,11})\b/i;
const worded =
  /\bresets?(?: at| on)? (?:([A-Z][a-z]{2})[a-z]{0,6} (\d{1,2})(?:, (\d{4}))?,? (?:at )?)?(\d{1,2})(?::(\d{2}))? ?([ap]m)?(?: ?\(([A-Za-z0-9_+/-]{1,60})\))?/;

/**
 * The time after which a usage limit is over, from the words of the CLI; `null` when there is none. Words without a year, or
 * without a day, need the time at which they were said: the next such time after it is meant. No zone named: UTC.
 */
export function resetTime(text: string, saidAt: string | null): string | null {
  const instant = fromEpoch(text) ?? fromFull(text) ?? fromWords(text, saidAt);
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
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = match.slice(1).map(Number);
  return Date.UTC(year, month - 1, day, hour, minute);
}

function fromWords(text: string, saidAt: string | null): number | null {
  const match = worded.exec(text);
  if (match === null) return null;
  const [, monthName, dayDigits, yearDigits, hourDigits, minuteDigits, half, zone = "UTC"] = match;
  // A bare "resets 3" names no time of day.
  if (minuteDigits === undefined && half === undefined) return null;
  const minutes = minutesOfDay(Number(hourDigits), Number(minuteDigits ?? 0), half);
  const said = saidAt === null ? Number.NaN : Date.parse(saidAt);
  if (minutes === null || (Number.isNaN(said) && yearDigits === undefined)) return null;
  const today = wallClock(Number.isNaN(said) ? 0 : said, zone);
  if (today === null) return null;
  const [year = 0, month = 0, day = 0] = today.slice(0, 10).split("-").map(Number);
  if (monthName === undefined) {
    const sameDay = instantOf({ year, month: month - 1, day, minutes }, zone);
    return sameDay !== null && sameDay <= said
      ? instantOf({ year, month: month - 1, day: day + 1, minutes }, zone)
      : sameDay;
  }
  const named = months.indexOf(monthName.toLowerCase());
  if (named < 0) return null;
  const chosen = yearDigits === undefined ? year : Number(yearDigits);
  const thisYear = instantOf({ year: chosen, month: named, day: Number(dayDigits), minutes }, zone);
  // "resets Jan 2" said in December means the next January; a few hours of a wrong clock do not.
  const passed = thisYear !== null && yearDigits === undefined && thisYear < said - 180 * 86_400_000;
  return passed
    ? instantOf({ year: chosen + 1, month: named, day: Number(dayDigits), minutes }, zone)
    : thisYear;
}

function minutesOfDay(hour: number, minute: number, half: string | undefined): number | null {
  if (minute > 59 || hour > (half === undefined ? 23 : 12)) return null;
  if (half === undefined) return hour * 60 + minute;
  return ((hour % 12) + (half === "pm" ? 12 : 0)) * 60 + minute;
}
