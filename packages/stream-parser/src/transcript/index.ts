export type { SystemLevel, TranscriptEntry, TranscriptResult } from "./entries.ts";
export { transcriptOfEvent, transcriptOfLine } from "./transcript.ts";
