import path from "node:path";

import { namespaceOfOwnPod } from "./cluster-connection.ts";
import { connectRunner, writableFolder } from "./connect.ts";
import { createConnections } from "./connections.ts";
import { execute } from "./execute.ts";
import { createDailyLedger } from "./guards/daily-budget.ts";
import { adapterType } from "./host/adapter-type.ts";
import type { ServerAdapter, SkillContext, SkillSnapshot } from "./host/contract.ts";
import { registeredType, settingsForPods } from "./host/registered-type.ts";
import { createFailureMemory } from "./host/failure-memory.ts";
import { formCircumstances } from "./host/form-circumstances.ts";
import { hostServer } from "./host/server.ts";
import { sealKeysOf } from "./host/seal-key.ts";
import { sessionCodec } from "./host/session-codec.ts";
import { listSkills } from "./host/skills.ts";
import { createStopNotice } from "./host/stop-notice.ts";
import { testEnvironment } from "./environment-test/environment-test.ts";
import { createActivity, replaceInstance } from "./instance.ts";
import { createLateWork } from "./late-work.ts";
import { models } from "./models/known-models.ts";
import { createModelList } from "./models/model-list.ts";
import { createServerPodFinder } from "./own-pod/find.ts";
import { quotaWindows } from "./quota/quota-windows.ts";
import { createSeenLimits } from "./quota/seen-limits.ts";
import { lookAfterEarlierServers } from "./restart/look-after.ts";
import { type RestartMemory, createRestartMemory } from "./restart/memory.ts";
import { ownServerOrigin } from "./server-address.ts";
import { createExecRight } from "./sessions/exec-right.ts";
import { createSessions } from "./sessions/sessions.ts";
import { createSessionStore } from "./sessions/store.ts";
import { agentConfigurationDoc } from "./settings/documentation.ts";
import { settingsForm } from "./settings/form.ts";

/**
 * The adapter as Paperclip's plugin loader wants it. Called again on every reload: all state is in the returned object, and
 * the copy before it retires. What runs by itself looks for runs that outlived an earlier server. Its Jobs survive the
 * server: a signal to end is noted, and ends none of them.
 */
export function createServerAdapter(): ServerAdapter {
  // The server's log is what the process prints.
  const log = (line: string): void => console.warn(`[${adapterType}] ${line}`);
  const server = hostServer({ ...process.env }, log);
  const type = registeredType(server.environment, log);
  const own = (name: string) => writableFolder([path.join(server.home.folder, "claude-k8s", name)]);
  const sealKey = sealKeysOf(server.environment, own("seal"));
  const connections = createConnections((choice) =>
    connectRunner(choice, { spoolFolder: own("spool"), ...(sealKey !== null && { sealKey }) }),
  );
  const ledger = createDailyLedger(own("spend"));
  const memory = rememberRuns(own("restart"));
  const lookingAfter = lookAfterEarlierServers({ memory, connections, server, log });
  const stop = createStopNotice();
  const activity = createActivity(() => {
    stop.close();
    void connections.close().catch(() => undefined);
  });
  replaceInstance(adapterType, () => {
    void lookingAfter.close();
    activity.retire();
  });
  const failures = own("failures");
  const kept = own("sessions");
  const sessions = createSessions(kept === null ? null : createSessionStore(kept), createExecRight(), log);
  const seenLimits = createSeenLimits();
  const modelList = createModelList({ server, log });
  const dependencies = {
    afterwards: (work: () => Promise<void>): void => void activity.track(work).catch(() => undefined),
    lateWork: createLateWork(),
    tidying: createLateWork(),
    serverOrigin: () => ownServerOrigin(process.env),
    isStopping: () => stop.isGiven(),
    connections,
    server,
    ledger,
    seenLimits,
    sessions,
    findServerPod: createServerPodFinder(server.environment, namespaceOfOwnPod),
    log,
    ...(memory !== null && { memory }),
    ...(failures !== null && { failures: createFailureMemory(failures) }),
  };
  const skills = async (context: SkillContext): Promise<SkillSnapshot> => ({
    ...(await listSkills(context)),
    adapterType: type,
  });
  return {
    type,
    execute(context) {
      stop.listen();
      return activity.track(() => execute(settingsForPods(type, context), dependencies));
    },
    testEnvironment: async (context) => {
      const result = await testEnvironment(settingsForPods(type, context), { connections, server });
      return { ...result, adapterType: type };
    },
    sessionCodec,
    sessionManagement,
    supportsLocalAgentJwt: true,
    // Otherwise connection tools come as a bearer token within the wake's context.
    runtimeToolDelivery: "native_mcp",
    supportsInstructionsBundle: true,
    instructionsPathKey: "instructionsFilePath",
    requiresMaterializedRuntimeSkills: false,
    models,
    listModels: () => modelList.list(),
    refreshModels: () => modelList.refresh(),
    detectModel: () => modelList.detect(),
    getQuotaWindows: () => quotaWindows({ server, seen: seenLimits }),
    listSkills: skills,
    syncSkills: skills,
    getConfigSchema: async () => settingsForm(await formCircumstances({ connections, server })),
    agentConfigurationDoc,
  };
}

/** Claude Code compacts its sessions itself: Paperclip need not begin new ones for their length. */
const sessionManagement: ServerAdapter["sessionManagement"] = {
  supportsSessionResume: true,
  nativeContextManagement: "confirmed",
  defaultSessionCompaction: {
    enabled: true,
    maxSessionRuns: 0,
    maxRawInputTokens: 0,
    maxSessionAgeHours: 0,
  },
};

function rememberRuns(folder: string | null): RestartMemory | null {
  return folder === null ? null : createRestartMemory(folder);
}
