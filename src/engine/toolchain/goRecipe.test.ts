import { join } from "node:path";
import { expect, test } from "vitest";
import { realPorts } from "../../system/realPorts.ts";
import { readGoRecipe } from "./goRecipe.ts";

const { files } = realPorts();

async function recipeOf(text: string) {
  const folder = await files.temporaryDirectory("landfall-recipe-");
  try {
    await files.write(join(folder, "go.mod"), text);
    return await readGoRecipe(folder, files);
  } finally {
    await files.remove(folder);
  }
}

test.each([
  ["one line", "go 1.26\ntool example.org/acme/plugin\nrequire example.org/acme/plugin v0.8.3\n", "0.8.3"],
  [
    "a block, a package below the module, a module whose name only begins alike",
    "go 1.26\ntool example.org/acme/plugin/cmd/x\nrequire (\n\texample.org/acme v9.0.0\n\texample.org/acme/plugin v1.2.3\n\texample.org/acme/plug v7.0.0 // indirect\n)\n",
    "1.2.3",
  ],
  [
    "a version of its own, where the module's says nothing",
    "// version: 6.34.0\ngo 1.26\ntool example.org/acme/plugin\nrequire example.org/acme/plugin v0.0.0-20260305123303-f7691456b787\n",
    "6.34.0",
  ],
])("version from %s", async (_, text, version) => {
  expect(await recipeOf(text)).toMatchObject({ version, go: "1.26" });
});

test.each([
  ["go 1.26\nrequire example.org/acme/plugin v0.8.3\n", "no `tool` line"],
  ["go 1.26\ntool example.org/acme/plugin\n", "no `require`"],
])("an unfinished recipe says what is missing", async (text, what) => {
  await expect(recipeOf(text)).rejects.toThrow(what);
});

test("no recipe", async () => {
  expect(await readGoRecipe("/nowhere/plugin", files)).toBeUndefined();
});
