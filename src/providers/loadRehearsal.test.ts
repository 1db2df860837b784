import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { realPorts } from "../system/realPorts.ts";
import { workspaceAt } from "../Workspace.ts";
import { loadRehearsal } from "./loadRehearsal.ts";

test("a simulation may be an instance of a class", async () => {
  const folder = await mkdtemp(join(tmpdir(), "landfall-rehearsal-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(
    join(folder, "rehearsal.ts"),
    `class Cloud { #made = [{ id: "1" }]; routes = []; error(kind) { return { status: 500, body: kind + this.#made.length }; }
       servers() { return this.#made; } resources() { return []; } removeServer() {} }
     class Code { lacks = { boot: "no" }; simulate() { return new Cloud(); } }
     export default new Code();`,
  );
  const access = { workspace: workspaceAt(folder, folder), ports: realPorts() };
  const rehearsal = await loadRehearsal({ name: "acme", folder, origin: "tree" }, access);
  const simulation = await rehearsal?.simulate({} as never);
  expect([rehearsal?.lacks, await simulation?.servers()]).toEqual([{ boot: "no" }, [{ id: "1" }]]);
  expect(simulation?.error("unsupported", {} as never)).toEqual({ status: 500, body: "unsupported1" });
});
