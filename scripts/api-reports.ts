/**
 * `pnpm api [--check]`: writes packages/NAME/etc/ENTRY.api.md from the built declarations, one for each entry point; with
 * `--check` fails where the public surface differs from the committed report.
 */
import { Extractor, ExtractorConfig, ExtractorLogLevel } from "@microsoft/api-extractor";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { workspacePackages } from "./packages.ts";

const check = process.argv.includes("--check");
let stale = 0;

for (const { folder, name, entries } of workspacePackages()) {
  for (const { subpath, types } of entries) {
    if (types === null) continue;
    if (!existsSync(types)) throw new Error(`${types} is missing: run "pnpm build" first`);
    const entry = subpath === "." ? "index" : subpath.slice(2).replaceAll("/", "-");
    const reportFolder = join(folder, "etc");
    mkdirSync(reportFolder, { recursive: true });
    const config = ExtractorConfig.prepare({
      configObjectFullPath: join(folder, "api-extractor.json"),
      packageJsonFullPath: join(folder, "package.json"),
      configObject: {
        projectFolder: folder,
        mainEntryPointFilePath: types,
        compiler: {
          overrideTsconfig: {
            compilerOptions: {
              module: "nodenext",
              moduleResolution: "nodenext",
              target: "es2022",
              lib: ["es2023", "dom", "dom.iterable"],
              skipLibCheck: true,
              types: ["node"],
              strict: true,
            },
            files: [types],
          },
        },
        apiReport: {
          enabled: true,
          reportFileName: `${entry}.api.md`,
          reportFolder,
          reportTempFolder: join(folder, "temp"),
        },
        docModel: { enabled: false },
        dtsRollup: { enabled: false },
        messages: {
          compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
          extractorMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
          tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
        },
      },
    });
    const result = Extractor.invoke(config, {
      localBuild: !check,
      messageCallback: (message) => {
        message.handled = true;
      },
    });
    if (!result.apiReportChanged) continue;
    stale += 1;
    console.log(
      check
        ? `${name} ${subpath}: the public surface differs from etc/${entry}.api.md`
        : `${name} ${subpath}: etc/${entry}.api.md written`,
    );
  }
}
if (check && stale > 0) {
  console.error(`${stale} API reports are stale: run "pnpm build && pnpm api" and commit the difference`);
  process.exitCode = 1;
}
