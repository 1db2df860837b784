import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { realPorts } from "../system/realPorts.ts";
import { workspaceAt } from "../Workspace.ts";
import { loadBehaviour } from "./loadBehaviour.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "landfall-behaviour-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const load = async (text?: string, actions: Record<string, { description: string }> = {}) => {
  if (text !== undefined) await writeFile(join(folder, "provider.ts"), text);
  return loadBehaviour(
    { name: "acme", folder, origin: "tree", manifest: { actions, settings: { a: { computed: true } } } },
    { workspace: workspaceAt(folder, folder), ports: realPorts() },
  );
};

describe("loadBehaviour", () => {
  it("gives nothing where there is no provider.ts", async () => {
    expect(await load()).toEqual({});
  });

  it("loads TypeScript", async () => {
    const behaviour = await load(
      `interface Met { a: string }
       export default { async prepare(): Promise<Record<string, string>> { const met: Met = { a: "1" }; return { ...met }; } };`,
    );
    expect(await behaviour.prepare?.({} as never)).toEqual({ a: "1" });
  });

  it("takes the methods of a class, with what they share", async () => {
    const behaviour = await load(
      `class Base { async inspectMachine() { return { state: this.state() }; } state() { return "running"; } }
       export default new (class extends Base { one = "1"; async prepare() { return { a: this.one }; } })();`,
    );
    expect(await behaviour.prepare?.({} as never)).toEqual({ a: "1" });
    expect(await behaviour.inspectMachine?.({} as never)).toEqual({ state: "running" });
    expect(Object.keys(behaviour).sort()).toEqual(["inspectMachine", "prepare"]);
  });

  it.each([
    ["no default export", "export const a = 1;", "has no default export"],
    ["an unknown function", "export default { prepair() {} };", "exports prepair, which is none of"],
    ["a value for a function", "export default { prepare: 1 };", "exports prepare, which is not a function"],
    [
      "a value for a method",
      "export default new (class { prepare = 1; })();",
      "exports prepare, which is not a function",
    ],
    ["code that throws", `throw new Error("at home");`, "cannot be loaded: at home"],
    ["an import that is missing", `import "./missing.ts"; export default {};`, "missing.ts"],
    ["broken syntax", "export default {", "cannot be loaded"],
  ])("refuses %s and names the file", async (_what, text, message) => {
    await expect(load(text)).rejects.toMatchObject({
      code: "provider.behaviour",
      exit: 3,
      message: expect.stringContaining(message),
      problems: [{ where: join(folder, "provider.ts") }],
    });
  });

  it("takes the actions that the manifest declares", async () => {
    const behaviour = await load(
      "export default { actions: { async greet(_context, [who]) { return { text: who }; } } };",
      {
        greet: { description: "Says a word" },
      },
    );
    expect(await behaviour.actions?.["greet"]?.({} as never, ["you"])).toEqual({ text: "you" });
  });

  it.each([
    ["lacks", "export default {};", "declares the action greet, which provider.ts does not have"],
    [
      "has one more",
      "export default { actions: { async greet() {}, async part() {} } };",
      "has the action part, which provider.yaml does not declare",
    ],
    ["has a value", "export default { actions: { greet: 1 } };", "the action greet of provider.ts is not a function"],
    ["has no map", "export default { actions: 1 };", "declares the action greet, which"],
  ])("refuses code that %s for an action", async (_what, text, message) => {
    await expect(load(text, { greet: { description: "Says a word" } })).rejects.toMatchObject({
      code: "provider.behaviour",
      exit: 3,
      problems: [{ message: expect.stringContaining(message), where: join(folder, "provider.ts") }],
    });
  });
});
