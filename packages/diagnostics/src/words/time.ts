/** "2026-11-24 06:00 UTC", and "(07:00 in Europe/Berlin)" behind it when the reader's zone is known and differs. */
export function timeWords(iso: string, timeZone?: string): string {
  const time = Date.parse(iso);
  if (Number.isNaN(time)) return iso;
  const utc = new Date(time).toISOString();
  const words = `${utc.slice(0, 10)} ${utc.slice(11, 16)} UTC`;
  if (timeZone === undefined) return words;
  const local = wallClock(time, timeZone);
  if (local === null || local === `${utc.slice(0, 10)} ${utc.slice(11, 16)}`) return words;
  const shown = local.startsWith(utc.slice(0, 10)) ? local.slice(11) : local;
  return `${words} (${shown} in ${timeZone})`;
}

/** Seconds from one ISO time to another; `null` when either is unknown or they are the wrong way round. */
export function secondsBetween(from: string | null, to: string | null): number | null {
  if (from === null || to === null) return null;
  const seconds = (Date.parse(to) - Date.parse(from)) / 1000;
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : null;
}

/** "2026-11-24 07:00" on the clocks of a zone; `null` when the zone is not known here. */
export function wallClock(time: number, timeZone: string): string | null {
  try {
    const parts = new Intl.DateTimeFormat("en-CA", {
      timeZone,
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    }).formatToParts(time);
    const part = (type: string): string => parts.find((candidate) => candidate.type === type)?.value ?? "";
    return `${part("year")}-${part("month")}-${part("day")} ${part("hour")}:${part("minute")}`;
  } catch {
    return null;
  }
}

/** The instant at which clocks of a zone show the given wall-clock time; `null` when the zone is not known here. */
export function instantOf(
  wall: { readonly year: number; readonly month: number; readonly day: number; readonly minutes: number },
  timeZone: string,
): number | null {
  const asIfUtc = Date.UTC(wall.year, wall.month, wall.day, 0, wall.minutes);
  let instant = asIfUtc;
  // Two rounds: the first offset may be that of the other side of a clock change.
  for (let round = 0; round < 2; round += 1) {
    const shown = wallClock(instant, timeZone);
    if (shown === null) return null;
    instant += asIfUtc - Date.parse(`${shown.replace(" ", "T")}:00Z`);
  }
  return Number.isFinite(instant) ? instant : null;
}
