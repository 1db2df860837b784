import type { Files } from "../ports/Files.ts";
import { parseState } from "../stacks/StateContent.ts";
import { readStateRecord, writeStateRecord } from "../stacks/stateRecord.ts";
import type { OpenStack } from "./openStack.ts";

/** Records after the first apply which state is the stack's own: so that one emptied by a colleague is told from a lost one. */
export async function noteLineage({ engine, paths }: Pick<OpenStack, "engine" | "paths">, files: Files): Promise<void> {
  const record = await readStateRecord(paths, files);
  if (record === undefined || record.lineage !== undefined) return;
  const state = await engine.statePull();
  if (state !== undefined) await writeStateRecord(paths, { ...record, lineage: parseState(state).lineage }, files);
}
