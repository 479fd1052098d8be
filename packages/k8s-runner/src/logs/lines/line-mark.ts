/** A line of a log without its text: when it was written, and what tells it from others of that moment. */

/** A line as the window keeps it. */
export interface LineMark {
  readonly seconds: number;
  readonly nanoseconds: number;
  readonly hash: number;
}

/** How far `later` is behind `line`; beyond a day only the sign is meant. */
export function nanosecondsBetween(line: LineMark, later: LineMark): number {
  return (later.seconds - line.seconds) * 1e9 + (later.nanoseconds - line.nanoseconds);
}

/** RFC 3339, UTC, nine digits. */
export function formatTimestamp(mark: LineMark): string {
  const whole = new Date(mark.seconds * 1000).toISOString().slice(0, 19);
  return `${whole}.${mark.nanoseconds.toString().padStart(9, "0")}Z`;
}

export function sameLine(left: LineMark, right: LineMark): boolean {
  return left.nanoseconds === right.nanoseconds && left.seconds === right.seconds && left.hash === right.hash;
}
