import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { realFiles } from "../system/realFiles.ts";
import type { SavedPlanRecord } from "./SavedPlan.ts";
import { readSavedPlan, removeOldPlans, savedPlanFiles, writeSavedPlan } from "./savedPlans.ts";
import type { StackPaths } from "./stackPaths.ts";

const hour = 3_600_000;

async function somePaths(): Promise<StackPaths> {
  const directory = await mkdtemp(join(tmpdir(), "landfall-plans-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  await mkdir(join(directory, "plans"));
  return { plans: join(directory, "plans") } as StackPaths;
}

test("what is no longer kept of a plan takes the engine's part with it", async () => {
  const paths = await somePaths();
  for (let number = 0; number < 25; number += 1) {
    const id = `plan-${String(number).padStart(2, "0")}`;
    const expires = new Date(Date.now() + hour).toISOString();
    await writeSavedPlan(paths, { plan: { id, expires } } as SavedPlanRecord, realFiles);
    await writeFile(savedPlanFiles(paths, id).engine, "plan");
  }
  await writeFile(savedPlanFiles(paths, "plan-00-without-a-record").engine, "plan");
  await removeOldPlans(paths, Date.now(), realFiles);
  const left = await readdir(paths.plans);
  const engines = left.filter((name) => name.endsWith(".tfplan"));
  expect(engines).toHaveLength(20);
  expect(left).toHaveLength(40);
  await removeOldPlans(paths, Date.now() + 2 * hour, realFiles);
  expect((await readdir(paths.plans)).filter((name) => name.endsWith(".tfplan"))).toEqual([]);
});

test.each(["", "{", "null", "[]", '{"plan":5}'])("a record that says %j is none", async (text) => {
  const paths = await somePaths();
  const { record, engine } = savedPlanFiles(paths, "one");
  await writeFile(record, text);
  await writeFile(engine, "plan");
  expect(await readSavedPlan(paths, "one", realFiles)).toBeUndefined();
  await removeOldPlans(paths, Date.now(), realFiles);
  expect(await readdir(paths.plans)).toEqual(["one.json"]);
});
