import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { operatorFileIn, prepareSupervisor, type IdleSupervisor } from "./supervision.ts";

/** The supervising processes of the demo: prepared ahead, since loading takes a second, and none of them outlives it. */
export interface Crew {
  /** Loads this one, unless it is loaded already. */
  prepare(number: number): void;
  /** The prepared one; it is made now if it was not. */
  take(number: number): IdleSupervisor;
  dismiss(): Promise<void>;
}

export function createCrew(homeFolder: string): Crew {
  const members = new Map<number, IdleSupervisor>();
  mkdirSync(homeFolder, { recursive: true });
  // As an operator would: only what lies beside the home may be named as a kubeconfig. JSON is YAML, too.
  writeFileSync(operatorFileIn(homeFolder), JSON.stringify({ kubeconfigFolders: [dirname(homeFolder)] }));

  function prepare(number: number): IdleSupervisor {
    const member = members.get(number) ?? prepareSupervisor(number, homeFolder);
    members.set(number, member);
    return member;
  }

  return {
    prepare: (number) => void prepare(number),
    take: prepare,
    async dismiss() {
      await Promise.all(Array.from(members.values(), (member) => member.kill()));
    },
  };
}
