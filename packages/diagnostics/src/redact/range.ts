/** A stretch of text that must not be shown, and what stands in its place. */
export interface Range {
  readonly start: number;
  readonly end: number;
  readonly label: string;
}

export type Span = Pick<Range, "start" | "end">;
