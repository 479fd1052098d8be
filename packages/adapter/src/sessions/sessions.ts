import type { Ending } from "../ending.ts";
import type { Connection } from "../connections.ts";
import type { SessionChoice } from "../claude/session.ts";
import type { Prepared } from "../prepare.ts";
import type { ExecRight } from "./exec-right.ts";
import { isInHome } from "./in-home.ts";
import { type Persistence, choosePersistence, resumable } from "./persistence.ts";
import type { SessionOwner, SessionPlace, SessionStore } from "./store.ts";

/** Sessions of Claude Code across pods. */
export interface Sessions {
  open(run: SessionRun): Promise<RunSession>;
}

export interface SessionRun {
  readonly owner: SessionOwner;
  readonly prepared: Pick<Prepared, "settings" | "session" | "workingDirectory" | "workspace">;
  readonly connection: Pick<Connection, "cluster">;
  readonly namespace: string;
  readonly signal: AbortSignal;
}

/** The session of one run. */
export interface RunSession {
  readonly choice: SessionChoice;
  readonly persistence: Persistence;
  /** What travels with the run; `null`: nothing. */
  readonly folder: string | null;
  /** Copies cannot be had in this image, as a run has shown: the next runs do without them. */
  giveUp(reason: string): void;
  /** May a session that has just ended be gone on with? */
  holds(sessionId: string): Promise<boolean>;
  /** What is wrong with what came back; `null`: the session is here. */
  collect(ending: Ending): Promise<string | null>;
}

export function createSessions(
  store: SessionStore | null,
  execRight: ExecRight,
  log: (line: string) => void = () => undefined,
): Sessions {
  const withoutCopies = new Map<string, string>();
  return {
    async open({ owner, prepared, connection, namespace, signal }) {
      const { settings, session, workingDirectory, workspace } = prepared;
      const { image, podTemplate } = settings.pod;
      const place = store?.place(owner) ?? null;
      const facts = {
        sessionMode: settings.life.sessionMode,
        podTemplate,
        homeLasts: workspace.lastingHome !== null,
        hasStore: place !== null,
      };
      // Asked only where the answer counts.
      const wants = choosePersistence({ ...facts, exec: true }).kind === "copied";
      const exec = wants ? await execRight(connection.cluster, namespace, signal) : null;
      const trouble = withoutCopies.get(image);
      const chosen: Persistence =
        wants && trouble !== undefined
          ? { kind: "none", reason: trouble }
          : choosePersistence({ ...facts, exec });
      const persistence = await preparedPlace(chosen, place, session.resume, log);
      const folder = persistence.kind === "copied" ? (place?.folder ?? null) : null;
      const isKept =
        folder !== null &&
        session.resume !== null &&
        (await place?.holds(session.resume, workingDirectory)) === true;
      const inHome = await inHomeOf(session, persistence, prepared);
      return {
        persistence,
        folder,
        choice: resumable({ choice: session, persistence, isKept, homeLasts: facts.homeLasts, inHome }),
        giveUp: (reason) => void withoutCopies.set(image, reason),
        async holds(sessionId) {
          if (persistence.kind !== "copied") return persistence.kind === "home" && !session.wasGone;
          return (await place?.holds(sessionId, workingDirectory)) === true;
        },
        collect: (ending) =>
          folder === null || place === null ? nothing : collected(place, ending, workingDirectory),
      };
    },
  };
}

/** Where nobody keeps them, a session is where the pod's home has it. */
export const sessionsInHomes: Sessions = {
  async open({ prepared }) {
    const { session, workspace } = prepared;
    const persistence: Persistence = { kind: "home" };
    const inHome = await inHomeOf(session, persistence, prepared);
    const homeLasts = workspace.lastingHome !== null;
    return {
      persistence,
      folder: null,
      choice: resumable({ choice: session, persistence, isKept: false, homeLasts, inHome }),
      giveUp: () => undefined,
      holds: async () => !session.wasGone,
      collect: () => nothing,
    };
  },
};

/** Asked only where the answer counts. */
async function inHomeOf(
  { resume }: SessionChoice,
  { kind }: Persistence,
  prepared: SessionRun["prepared"],
): Promise<boolean | null> {
  return kind === "home" && resume !== null ? isInHome(resume, prepared) : null;
}

const nothing = Promise.resolve(null);

/** A disk that is full or broken costs the session, never the run. */
async function preparedPlace(
  persistence: Persistence,
  place: SessionPlace | null,
  sessionId: string | null,
  log: (line: string) => void,
): Promise<Persistence> {
  if (persistence.kind !== "copied" || place === null) return persistence;
  try {
    await place.prepare(sessionId);
    return persistence;
  } catch (error) {
    const { code = "unknown error" } = error as NodeJS.ErrnoException;
    log(`sessions cannot be kept in ${place.folder}: ${code}`);
    return { kind: "none", reason: `the server's folder for sessions cannot be used (${code})` };
  }
}

async function collected(
  place: SessionPlace,
  { evidence, summary }: Ending,
  workingDirectory: string,
): Promise<string | null> {
  const returned = evidence?.files?.returned ?? null;
  if (returned?.kind === "lost")
    return `what the run added to its session is lost (${returned.reason}): ${returned.message}`;
  if (returned !== null) await place.guard();
  const sessionId = summary?.sessionId ?? null;
  if (returned === null || sessionId === null) return null;
  return (await place.holds(sessionId, workingDirectory))
    ? null
    : `the transcript of session ${sessionId} did not come back with the run: the next run of this task begins a new one`;
}
