/** "45s", "5m12s", "3h20m", "12d": as kubectl tells an age, in two units at most. */
export function ageWords(seconds: number): string {
  if (!Number.isFinite(seconds)) return "-";
  const whole = Math.max(0, Math.floor(seconds));
  const minutes = Math.floor(whole / 60);
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  if (whole < 120) return `${whole}s`;
  if (minutes < 10) return both(minutes, "m", whole % 60, "s");
  if (hours < 3) return `${minutes}m`;
  if (hours < 8) return both(hours, "h", minutes % 60, "m");
  if (days < 2) return `${hours}h`;
  if (days < 8) return both(days, "d", hours % 24, "h");
  return `${days}d`;
}

function both(one: number, unit: string, rest: number, restUnit: string): string {
  return rest === 0 ? `${one}${unit}` : `${one}${unit}${rest}${restUnit}`;
}

/** Of a time as Kubernetes writes it. */
export function ageOf(time: string | null, now: number): string {
  return time === null ? "-" : ageWords((now - Date.parse(time)) / 1000);
}
