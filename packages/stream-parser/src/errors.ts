const BRAND = Symbol.for("@claude-k8s/stream-parser/StreamParserError");

/** A caller's mistake: an option out of bounds, or a push after the end. Never thrown for what the stream holds. */
export class StreamParserError extends Error {
  override readonly name = "StreamParserError";

  constructor(message: string) {
    super(message);
    Object.defineProperty(this, BRAND, { value: true });
  }

  /** True also for an error of another copy of this package. */
  static isInstance(value: unknown): value is StreamParserError {
    return value instanceof Error && BRAND in value;
  }
}
