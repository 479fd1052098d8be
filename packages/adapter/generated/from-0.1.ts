import { formerCodes } from "./former/codes.ts";
import { formerSettings } from "./former/settings.ts";
import { cell, table } from "./former/table.ts";

export const generated = () => ({ path: "docs/from-0.1.md", content: page() });

function page(): string {
  return `${[
    "# From 0.1 to this version",
    "",
    "For agents of `paperclip-adapter-claude-k8s` 0.1 and 0.2, whose adapter type, `claude_k8s`, is the same. Made from the code by `pnpm generate`: do not edit. What else behaves in another way, and why: [comparison-behaviours.md](comparison-behaviours.md).",
    "",
    "Agents keep their settings. What usually has to be done is one file and one Role.",
    "",
    ...steps,
    "",
    "## Settings",
    "",
    "All settings: [settings.md](settings.md).",
    "",
    ...table(
      ["0.1", "now", "what differs"],
      formerSettings.map(({ key, now, words }) => [
        `\`${key}\``,
        now === null ? "–" : now === key ? "the same" : `\`${now}\``,
        cell(words === "" ? "Nothing." : words),
      ]),
    ),
    "",
    "## Error codes",
    "",
    "Paperclip's run shows a word of its own as the error code where it shall not try again: `setup_failed` before Claude Code began, `budget_exhausted` after. The code of this table stands in `resultJson.diagnosis.code` of every failed run, and what each means in [endings.md](endings.md). Rules that were written on codes of 0.1 should read it there.",
    "",
    ...table(
      ["0.1", "now", "what differs"],
      formerCodes.map(({ code, now, words }) => [
        code === null ? "none" : `\`${code}\``,
        now.map((each) => `[\`${each}\`](endings.md#${each})`).join(", "),
        cell(words),
      ]),
    ),
  ].join("\n")}\n`;
}

const steps = [
  "## What to do",
  "",
  "1. **Let the old runs end**, or stop them. Jobs of 0.1 are not taken over: they carry no seal, and `kubectl delete jobs,secrets -l app.kubernetes.io/managed-by=paperclip,paperclip.io/adapter-type=claude_k8s -n NAMESPACE` removes what is left of them.",
  "2. **Give the server the Role** of [permissions.md](permissions.md). `claude-k8s doctor --rbac` prints it, and the button *Test* names what is missing. The Role of 0.1's README is not enough.",
  "3. **Write the operator's file** ([operator-file.md](operator-file.md)) and name it by `CLAUDE_K8S_CONFIG` in the server's environment. Image, registry logins, DNS, placement and the keys of the model's provider are still taken from the server's own pod where it runs in the same cluster (`inherit` in [settings.md](settings.md)); for anything else that pods of 0.1 had of it, such as variables of tools or mounted Secrets, its `defaults` are the place: `env`, `envReferences`, `podTemplate`.",
  "4. **Say where agents work.** Pods of 0.1 had all of `/paperclip` mounted, the files of every company. Now the pod gets the workspace, by the server's volume where both can mount it, as a copy, or a volume of its own (`workspaceMode` in [settings.md](settings.md)). `workspaceScope: whole` is as it was; the operator has to allow it.",
  "5. **Sessions usually begin anew once.** Those of 0.1 lie in `/paperclip/.claude` of the server's volume, and the new adapter looks for them where it keeps its own.",
  "6. **Set `paperclipApiUrl`**, or `PAPERCLIP_API_URL` of the server, to an address that pods reach; *Test* says whether it is one.",
  "7. Press *Test*. Then look at the warnings at the beginning of the first run: every setting that means nothing here is named there.",
] as const;
