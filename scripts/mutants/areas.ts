/**
 * What the mutation check looks at: the pure cores, where a rule that no test holds is a wrong ending, a lost line or a shown secret.
 * Each area has the tests that are run against its mutants: fast ones, because every mutant runs all of them that reach it.
 */
export interface Area {
  /** Globs below the package. */
  readonly mutate: readonly string[];
  readonly tests: readonly string[];
  readonly package: string;
  /** The share that was noticed when somebody last looked: less is a rule that lost its test. It rises until it is `goal`. */
  readonly least: number;
}

/** Of all mutants but those that `survivors.yaml` gives a reason for. */
export const goal = 0.85;

export const areas: Readonly<Record<string, Area>> = {
  observe: {
    package: "k8s-runner",
    // Without `run-events.ts`, which puts together what the tables say: whole runs test it.
    mutate: ["src/observe/!(run-events).ts"],
    tests: ["test/observe/*.test.ts", "test/tables.test.ts"],
    // File by file: `evidence.ts` has reached 100 %, `view.ts` 97 %, `pod-ending.ts` 92 %, `start-phase.ts` 84 %.
    least: 0.76,
  },
  cursor: {
    package: "k8s-runner",
    mutate: ["src/logs/lines/*.ts"],
    tests: ["test/logs/{align-tables,record,skipped-file}.test.ts", "test/logs/lines/*.test.ts"],
    least: 0.56,
  },
  judge: {
    package: "diagnostics",
    mutate: ["src/judge/*.ts"],
    tests: [
      "test/{catalog,concepts,contradiction,details,diagnose,evidence-of,policy,process-words,recordings,words}.test.ts",
    ],
    // Not measured as a whole yet.
    least: 0,
  },
  redactor: {
    package: "diagnostics",
    mutate: ["src/redact/*.ts"],
    tests: ["test/{redact,redact-names}.test.ts"],
    // Not measured as a whole yet.
    least: 0,
  },
  parser: {
    package: "stream-parser",
    mutate: ["src/*.ts", "src/read/*.ts"],
    tests: ["test/{bounded,contradictions,cost,counting,foreign-forms,parser,recordings,reports}.test.ts"],
    // Not measured as a whole yet.
    least: 0,
  },
  summary: {
    package: "stream-parser",
    mutate: ["src/summary/*.ts"],
    tests: ["test/{bounded,contradictions,cost,counting,golden,parser,recordings,reports}.test.ts"],
    // Not measured as a whole yet.
    least: 0,
  },
  settings: {
    package: "adapter",
    mutate: ["src/settings/*.ts"],
    tests: ["test/{settings,settings-pod,setting-names}.test.ts"],
    // Not measured as a whole yet.
    least: 0,
  },
};
