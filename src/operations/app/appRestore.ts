import type { CheckReport } from "../../remote/AgentCall.ts";
import { confirm } from "../confirmPlan.ts";
import { isOn } from "../isOn.ts";
import type { OperationContext } from "../OperationContext.ts";
import { reachStack } from "../reachStack.ts";
import { withRun } from "../withRun.ts";
import type { BackupSummary } from "./appBackups.ts";
import type { ReleaseSummary } from "./appStatus.ts";
import { bringBackup, type BackupSource } from "./bringBackup.ts";

export interface RestoreOptions extends BackupSource {
  selector: string;
  yes: boolean;
}

interface Restored {
  backup: BackupSummary;
  release: ReleaseSummary;
  /** Data directories that were replaced. */
  paths: string[];
  checks: CheckReport[];
}

export interface RestoreResult extends Restored {
  stack: string;
  run: string;
  durationMs: number;
}

/** Puts a backup in the place of the application's data, which stay where the application does not work with it. */
export async function appRestore(
  { selector, yes, ...source }: RestoreOptions,
  context: OperationContext,
): Promise<RestoreResult> {
  const { clock, machine } = context.ports;
  const skipHealth = isOn(machine.environment["SKIP_HEALTH_CHECK"]);
  const began = clock.now();
  const reached = await reachStack(selector, context);
  await confirm("app restore", "destroy-data", reached, yes, context);
  return withRun(reached, "restore", context, async (run) => {
    const restored = await bringBackup<Restored>({ command: "restore", skip_health: skipHealth }, source, reached, run);
    return { ...restored, stack: reached.stack.name, run: run.run.id, durationMs: clock.now() - began };
  });
}
