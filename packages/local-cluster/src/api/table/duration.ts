/** Kubernetes' short form of a span: `12s`, `3m20s`, `5h`, `2d3h`. */
export function humanDuration(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  if (seconds < 0) return seconds < -1 ? "<invalid>" : "0s";
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) return `${minutes}m${part(seconds % 60, "s")}`;
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 8) return `${hours}h${part(minutes % 60, "m")}`;
  if (hours < 48) return `${hours}h`;
  const days = Math.floor(hours / 24);
  if (hours < 192) return `${days}d${part(hours % 24, "h")}`;
  if (days < 730) return `${days}d`;
  return `${Math.floor(days / 365)}y${days < 2920 ? part(days % 365, "d") : ""}`;
}

function part(value: number, unit: string): string {
  return value === 0 ? "" : `${value}${unit}`;
}

/** The age of something by its RFC 3339 time. */
export function age(timestamp: string | null | undefined, nowMilliseconds: number): string {
  return timestamp === undefined || timestamp === null
    ? "<unknown>"
    : humanDuration(nowMilliseconds - Date.parse(timestamp));
}
