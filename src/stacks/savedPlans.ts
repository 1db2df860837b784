import { join } from "node:path";
import type { Files } from "../ports/Files.ts";
import type { SavedPlanRecord } from "./SavedPlan.ts";
import type { StackPaths } from "./stackPaths.ts";

/** Used and outdated plans are kept for what they can tell; the engine's part of them is not. */
const mostRecords = 20;

/** The files of one saved plan in the stack's directory. */
export function savedPlanFiles({ plans }: Pick<StackPaths, "plans">, id: string): { record: string; engine: string } {
  return { record: join(plans, `${id}.json`), engine: join(plans, `${id}.tfplan`) };
}

/** Undefined where the stack has no such plan, or what is left of its record cannot be read. */
export async function readSavedPlan(paths: StackPaths, id: string, files: Files): Promise<SavedPlanRecord | undefined> {
  const text = await files.read(savedPlanFiles(paths, id).record);
  try {
    const record = JSON.parse(text ?? "") as Partial<SavedPlanRecord> | null;
    return typeof record?.plan?.id === "string" ? (record as SavedPlanRecord) : undefined;
  } catch {
    return undefined;
  }
}

export async function writeSavedPlan(paths: StackPaths, record: SavedPlanRecord, files: Files): Promise<void> {
  await files.makeDirectory(paths.plans);
  await files.write(savedPlanFiles(paths, record.plan.id).record, `${JSON.stringify(record, undefined, 2)}\n`);
}

/** Removes what can no longer be applied. Ids sort by time. */
export async function removeOldPlans(paths: StackPaths, now: number, files: Files): Promise<void> {
  const names = (await files.list(paths.plans)) ?? [];
  const ids = [...new Set(names.map((name) => name.replace(/\.(json|tfplan)$/, "")))].toSorted();
  for (const [index, id] of ids.entries()) {
    const { record, engine } = savedPlanFiles(paths, id);
    const saved = await readSavedPlan(paths, id, files);
    const isTooMany = index < ids.length - mostRecords;
    if (isTooMany || saved === undefined || saved.used !== undefined || Date.parse(saved.plan.expires) < now)
      await files.remove(engine);
    if (isTooMany) await files.remove(record);
  }
}
