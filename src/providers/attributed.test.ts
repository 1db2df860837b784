import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AppError } from "../errors.ts";
import { realPorts } from "../system/realPorts.ts";
import { workspaceAt } from "../Workspace.ts";
import { loadBehaviour } from "./loadBehaviour.ts";
import { loadRehearsal } from "./loadRehearsal.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "landfall-attributed "));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const owner = () => ({
  name: "acme",
  folder,
  origin: "tree" as const,
  manifest: {
    actions: { greet: { description: "Says a word" } },
    settings: { has: { computed: true }, image: { computed: true }, where: { computed: false } },
  },
});
const access = () => ({ workspace: workspaceAt(folder, folder), ports: realPorts() });
async function behaviourOf(functions: string) {
  await writeFile(
    join(folder, "provider.ts"),
    `const greet = async () => ({});\nexport default {\nactions: { greet },\n${functions}\n};\n`,
  );
  return loadBehaviour(owner(), access());
}
const failureOf = (work: Promise<unknown> | undefined): Promise<AppError> =>
  (work ?? Promise.resolve()).then(
    () => expect.fail("nothing was thrown"),
    (error: unknown) => error as AppError,
  );
const slip = "throw new TypeError(`x is not a function`)";
const none = {} as never;

describe("what goes wrong in a provider's own code is said to be its own", () => {
  it.each([
    ["findOrphans", `async findOrphans() { ${slip}; },`],
    ["inspectMachine", `inspectMachine() { ${slip}; },`],
    ["prepare", `prepare: async () => { ${slip}; },`],
    ["cleanUp", `cleanUp() { ${slip}; },`],
  ] as const)("%s", async (name, text) => {
    const behaviour = await behaviourOf(text);
    const where = join(folder, "provider.ts");
    expect(await failureOf(behaviour[name]?.(none))).toMatchObject({
      code: "provider.behaviour",
      message: `${name} of provider acme failed: TypeError: x is not a function`,
      hint: `mend ${where}`,
      exit: 1,
      problems: [{ where: `${where}:4` }],
    });
  });

  it("an action, and what a prerequisite performs", async () => {
    const behaviour = await behaviourOf(
      `actions: { greet() { ${slip}; } },\nasync checkPrerequisites() { return [{ id: "a", title: "a", state: "missing", perform() { ${slip}; } }]; },`,
    );
    expect(await failureOf(behaviour.actions?.["greet"]?.(none, []))).toMatchObject({ code: "provider.behaviour" });
    const [prerequisite] = (await behaviour.checkPrerequisites?.(none)) ?? [];
    expect(await failureOf(prerequisite?.perform?.())).toMatchObject({
      code: "provider.behaviour",
      problems: [{ where: `${join(folder, "provider.ts")}:5` }],
    });
  });

  it("a file that it imports is named", async () => {
    await writeFile(join(folder, "search.ts"), `\n\nexport function search() {\n  ${slip};\n}\n`);
    await writeFile(
      join(folder, "provider.ts"),
      `import { search } from "./search.ts";\nexport default { actions: { async greet() {} }, findOrphans: () => search() };\n`,
    );
    const behaviour = await loadBehaviour(owner(), access());
    expect(await failureOf(behaviour.findOrphans?.(none))).toMatchObject({
      problems: [{ where: `${join(folder, "search.ts")}:4` }],
    });
  });

  it.each([
    ["findOrphans", "findOrphans: async () => undefined,", "it gave undefined, not a list of { address, id, title }"],
    [
      "findOrphans",
      "findOrphans: async () => [{ address: 'a.b', id: 7, title: 'a' }],",
      "it gave a list of { address: string, id: number, title: string }, not a list",
    ],
    [
      "inspectMachine",
      "inspectMachine: async () => ({ state: 'active' }),",
      "it gave { state: string }, not { state: abs",
    ],
    ["prepare", "prepare: async () => ({ image: 17 }),", "it gave { image: number }, not an object of settings"],
    ["prepare", "prepare: async () => ({ where: 'x' }),", "it gave where, which is no computed setting"],
    ["prepare", "prepare: async () => ({ more: 'x' }),", "it gave more, which is no computed setting"],
    ["checkPrerequisites", "checkPrerequisites: async () => [{}],", "it gave a list of {  }, not a list of { id"],
    ...[`state: "ok"`, `state: "met", title: "a\\nb"`, `state: "met", fix: 5`, `state: "met", perform: 1`].map(
      (item) =>
        [
          "checkPrerequisites",
          `checkPrerequisites: async () => [{ id: "a", title: "a", ${item} }],`,
          "not a list of { id, title, state: met",
        ] as const,
    ),
    [
      "inspectMachine",
      `inspectMachine: async () => ({ state: "absent", leftovers: "x" }),`,
      "it gave { state: string, leftovers: string }, not { state",
    ],
  ] as const)("%s that gives something else: %s", async (name, text, message) => {
    const failure = await failureOf((await behaviourOf(text))[name]?.(none));
    expect(failure).toMatchObject({ code: "provider.behaviour", message: expect.stringContaining(message) });
  });

  it.each([
    ...["256", "1.5", "300", "-1"].map((status) => `{ status: ${status} }`),
    "{ text: 5 }",
    "{ data: { a: 1n } }",
    "{ data: [] }",
    "{ stack: 'mine' }",
    "'hello'",
    "[]",
  ])("an action that gives %s", async (result) => {
    const behaviour = await behaviourOf(`actions: { greet: async () => (${result}) },`);
    expect(await failureOf(behaviour.actions?.["greet"]?.(none, []))).toMatchObject({
      code: "provider.behaviour",
      message: expect.stringMatching(
        /^the action greet of provider acme failed: .*it gave .*, not nothing, or \{ status/,
      ),
    });
  });

  it.each(["undefined", "{}", "{ status: 255, text: 'a\\nb', data: { a: [1, null] } }"])(
    "an action may give %s",
    async (result) => {
      const behaviour = await behaviourOf(`actions: { greet: async () => (${result}) },`);
      await expect(behaviour.actions?.["greet"]?.(none, [])).resolves.not.toThrow();
    },
  );

  it("but not an error for the user, nor a disk that is full", async () => {
    const full = `Object.assign(new Error("ENOSPC"), { code: "ENOSPC", syscall: "write", path: "/x" })`;
    const behaviour = await behaviourOf(`async prepare() { throw ${full}; },`);
    expect(await failureOf(behaviour.prepare?.(none))).toMatchObject({ code: "system.ENOSPC" });
  });

  it("keeps `this`", async () => {
    const behaviour = await behaviourOf("async prepare() { return { has: String('prepare' in this) }; },");
    expect(await behaviour.prepare?.(none)).toEqual({ has: "true" });
  });

  it("the simulation: simulate, what it gives, and servers", async () => {
    const simulated = async (text: string) => {
      const own = await mkdtemp(join(folder, "rehearsal-"));
      await writeFile(join(own, "rehearsal.ts"), `export default { simulate() { ${text} } };\n`);
      const rehearsal = await loadRehearsal({ ...owner(), folder: own }, access());
      return rehearsal?.simulate(none);
    };
    const message = (text: string) => ({ code: "provider.behaviour", message: expect.stringContaining(text) });
    expect(await failureOf(simulated(slip) as Promise<unknown>)).toMatchObject(message("simulate of provider acme"));
    expect(await failureOf(simulated("return {};") as Promise<unknown>)).toMatchObject(message("it gave no routes"));
    const simulation = await simulated(`return { routes: [], servers() { ${slip}; } };`);
    expect(await failureOf(simulation?.servers() as Promise<unknown>)).toMatchObject(
      message("servers of provider acme"),
    );
  });
});
