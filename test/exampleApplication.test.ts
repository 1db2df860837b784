import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { prepareRelease, type PreparedRelease } from "../src/application/prepareRelease.ts";
import { readApplicationFolder } from "../src/application/readApplicationFolder.ts";
import type { GivenValue } from "../src/application/resolveSettings.ts";
import { realPorts } from "../src/system/realPorts.ts";
import { repository } from "./support/makeTree.ts";

/** What docs/application.md shows of an application is one. */
const page = await readFile(join(repository, "docs", "application.md"), "utf8");

/** The blocks of code below a heading, in their order. */
function blocksBelow(heading: string): string[] {
  const section = page.split(/^#{2,3} /m).find((text) => text.startsWith(`${heading}\n`)) ?? "";
  return [...section.matchAll(/^```(?:yaml|html)\n([^]*?)^```$/gm)].map(([, block]) => block ?? "");
}

/** As a deploy reads and checks a folder before it sends anything. */
async function prepare(
  files: Readonly<Record<string, string>>,
  values: Record<string, GivenValue>,
): Promise<PreparedRelease> {
  const root = await mkdtemp(join(tmpdir(), "landfall-example-"));
  onTestFinished(() => rm(root, { recursive: true }));
  await mkdir(join(root, "my-site"));
  for (const [name, text] of Object.entries(files)) await writeFile(join(root, "my-site", name), text);
  const { folder, problems } = await readApplicationFolder(join(root, "my-site"), root, realPorts().files);
  expect(problems).toEqual([]);
  if (folder === undefined) throw new Error("no folder");
  return prepareRelease(folder, new Map(Object.entries(values)), { missingWhere: "test.env" });
}

test("the example can be deployed, without a word", async () => {
  const blocks = blocksBelow("Bring your own");
  expect(blocks).toHaveLength(3);
  const [compose = "", manifest = "", index = ""] = blocks;
  const files = { "compose.yaml": compose, "application.yaml": manifest, "index.html": index };
  const TITLE = { text: "Bread & Butter", secret: false, where: "test.env:1" };
  const { release, problems, warnings } = await prepare(files, { TITLE });
  expect([...problems, ...warnings]).toEqual([]);
  const title = "<title>Bread &amp; Butter</title>";
  expect(release.health).toMatchObject([{ name: "page", contains: title }]);
  const made = release.files.find(({ path }) => path === "site/index.html");
  expect(Buffer.from(made?.content ?? "", "base64").toString()).toContain(title);
});

test("the lines about secrets write and mount them", async () => {
  const [manifest = "", compose = ""] = blocksBelow("A secret in a file");
  const files = {
    "application.yaml": `application: 1\nname: database\ntitle: Database\n${manifest}`,
    "compose.yaml": compose.replace("  database:\n", "  database:\n    image: mariadb:11\n"),
  };
  const secret = (text: string): GivenValue => ({ text, secret: true, where: "test.env:1" });
  const values = { API_TOKEN: secret("a token of tests"), DB_PASSWORD: secret("a password of tests") };
  const { release, problems } = await prepare(files, values);
  expect(problems).toEqual([]);
  const owners = release.files
    .filter(({ path }) => path.startsWith("secrets/"))
    .map(({ path, owner }) => [path, owner]);
  expect(owners).toEqual([
    ["secrets/api_token", "0:0"],
    ["secrets/db_password", "999:999"],
  ]);
});
