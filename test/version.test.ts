import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { landfall } from "./support/landfall.ts";
import { repository } from "./support/makeTree.ts";

test.each(["--version", "-v"])("%s names the version of the package", async (flag) => {
  const { version } = JSON.parse(await readFile(join(repository, "package.json"), "utf8")) as { version: string };
  expect(await landfall(repository, [flag])).toMatchObject({ status: 0, stdout: `${version}\n` });
});
