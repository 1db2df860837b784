import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { realPorts } from "../system/realPorts.ts";
import { workspaceAt } from "../Workspace.ts";
import { checkState } from "./checkState.ts";
import { makeStack } from "./makeStack.ts";
import { stackPaths, type StackPaths } from "./stackPaths.ts";

const ports = realPorts();
const { files } = ports;
const state = JSON.stringify({ version: 4, serial: 3, lineage: "2b1c", outputs: {}, resources: [] });
let root: string;
let paths: StackPaths;

beforeAll(async () => {
  root = await files.temporaryDirectory("landfall-state-");
  paths = stackPaths(workspaceAt(root, join(root, "cache")), makeStack("qa", "acme"));
  await files.makeDirectory(paths.directory);
});
afterAll(() => files.remove(root));

test("no state and a whole state pass", async () => {
  await checkState(paths, false, ports);
  await files.write(paths.state, state);
  await checkState(paths, false, ports);
});

test("a state that is cut at any byte is refused", async () => {
  for (let length = 0; length < state.length; length += 1) {
    await files.write(paths.state, state.slice(0, length));
    await expect(checkState(paths, false, ports), `${length} bytes`).rejects.toMatchObject({
      code: "state.unreadable",
      exit: 7,
    });
  }
});

test("the hint names the command that puts a good copy back", async () => {
  await files.write(paths.state, "");
  await files.write(`${paths.state}.backup`, state);
  await expect(checkState(paths, false, ports)).rejects.toMatchObject({
    hint: expect.stringContaining("landfall recover qa/acme"),
  });
});

test("an empty first state is put aside where the provider adopts what is left, and only then", async () => {
  await files.remove(`${paths.state}.backup`);
  await files.write(paths.state, "");
  await checkState(paths, true, ports);
  expect(await files.exists(paths.state)).toBe(false);
  await files.write(paths.state, state.slice(0, 9));
  await expect(checkState(paths, true, ports)).rejects.toMatchObject({ code: "state.unreadable" });
});

test("an empty first state is put aside only where nothing was ever saved", async () => {
  await files.write(paths.state, "");
  await files.write(`${paths.state}.backup`, state);
  await expect(checkState(paths, true, ports)).rejects.toMatchObject({ code: "state.unreadable" });
  expect(await files.exists(paths.state)).toBe(true);
});

test.each(["{}", "null", "[]", '"state"', '{"version": 4, "serial": 3}', '{"version": 4, "lineage": "2b1c"}'])(
  "what is JSON and no state is refused: %s",
  async (text) => {
    await files.write(paths.state, text);
    await expect(checkState(paths, false, ports)).rejects.toMatchObject({ code: "state.unreadable", exit: 7 });
  },
);
