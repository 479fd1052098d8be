import { desiredSkills } from "../claude/skills.ts";
import { podPaths } from "../claude/paths.ts";
import { adapterType } from "./adapter-type.ts";
import type { SkillContext, SkillSnapshot } from "./contract.ts";
import { readPaperclipRuntimeSkillEntries } from "@paperclipai/adapter-utils/server-utils";

/** The skills that the next run takes along. Nothing is installed anywhere: they travel with each run. */
export async function listSkills({ config }: SkillContext): Promise<SkillSnapshot> {
  const { desired } = await desiredSkills(config);
  const wanted = new Set(desired.map((skill) => skill.key));
  const entries = Array.isArray(config["paperclipRuntimeSkills"])
    ? await readPaperclipRuntimeSkillEntries({ ...config }, "/")
    : [];
  return {
    adapterType,
    supported: true,
    mode: "ephemeral",
    desiredSkills: [...wanted],
    entries: entries.map((skill) => {
      const isMissing = skill.sourceStatus === "missing";
      const isDesired = wanted.has(skill.key);
      return {
        key: skill.key,
        runtimeName: skill.runtimeName,
        desired: isDesired,
        managed: true,
        state: isMissing ? "missing" : isDesired ? "configured" : "available",
        sourcePath: skill.source,
        targetPath: isDesired && !isMissing ? `${podPaths.skills}/${skill.runtimeName}` : null,
        detail: isMissing
          ? (skill.missingDetail ?? "its files are not there")
          : isDesired
            ? "Is shipped into the pod of the next run."
            : null,
      };
    }),
    warnings: entries
      .filter((skill) => skill.sourceStatus === "missing" && wanted.has(skill.key))
      .map((skill) => `The skill ${skill.key} is wanted and its files are not there.`),
  };
}
