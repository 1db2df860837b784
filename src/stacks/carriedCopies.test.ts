import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { realPorts } from "../system/realPorts.ts";
import { carriedCopies } from "./carriedCopies.ts";

test("a copy is known again under another serial, in whatever order it is written", async () => {
  const stateAccess = await mkdtemp(join(tmpdir(), "landfall-copies-"));
  onTestFinished(() => rm(stateAccess, { recursive: true }));
  const copies = carriedCopies({ stateAccess }, realPorts().files);
  const content = { outputs: { x: { value: "s3cr3t" } }, resources: [1, 2] };
  const state = { serial: 1, lineage: "a", ...content };
  await copies.note(JSON.stringify(state));
  await copies.note(JSON.stringify({ ...state, resources: [1] }));
  expect(await copies.has(JSON.stringify({ ...content, serial: 5, lineage: "a" }))).toBe(true);
  expect(await copies.has(JSON.stringify({ ...state, lineage: "b" }))).toBe(false);
  expect(await copies.has(JSON.stringify({ ...state, resources: [2, 1] }))).toBe(false);
  expect(await readFile(join(stateAccess, "carried"), "utf8")).not.toContain("s3cr3t");
  await copies.forget();
  expect(await copies.has(JSON.stringify(state))).toBe(false);
});
