import { execFileSync } from "node:child_process";
import { lstat, mkdtemp, readdir, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { realFiles } from "./realFiles.ts";

async function directory(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "landfall-files-"));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

test("create: of many at once exactly one gets the name, with all of its content", async () => {
  for (let round = 0; round < 20; round += 1) {
    const path = join(await directory(), "file");
    const texts = Array.from({ length: 12 }, (_, writer) => `${writer}\n`.repeat(1000));
    const made = await Promise.all(texts.map((text) => realFiles.create(path, text)));
    expect(made.filter(Boolean)).toHaveLength(1);
    expect(await readFile(path, "utf8")).toBe(texts[made.indexOf(true)]);
    expect((await lstat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(join(path, ".."))).toEqual(["file"]);
  }
});

test("create: what has the name stays, a link to nothing too", async () => {
  const path = await directory();
  await symlink("nowhere", join(path, "link"));
  expect(await realFiles.create(join(path, "link"), "x")).toBe(false);
  expect(await readdir(path)).toEqual(["link"]);
  expect(await realFiles.create(join(path, "other"), "x", 0o644)).toBe(true);
  expect((await lstat(join(path, "other"))).mode & 0o777).toBe(0o644);
  await expect(realFiles.create(join(path, "absent/file"), "x")).rejects.toMatchObject({ code: "ENOENT" });
});

test("create: processes that do not know of each other", async () => {
  const path = join(await directory(), "file");
  const program = `
    import { realFiles } from ${JSON.stringify(join(import.meta.dirname, "realFiles.ts"))};
    console.log(await realFiles.create(${JSON.stringify(path)}, String(process.pid)) ? process.pid : "");`;
  const command = `for i in 1 2 3 4; do "$0" --input-type=module-typescript -e "$1" & done; wait`;
  const output = execFileSync("sh", ["-c", command, process.execPath, program], { encoding: "utf8" });
  expect(output.split("\n").filter((line) => line !== "")).toEqual([await readFile(path, "utf8")]);
});

test("a directory is the owner's alone, and so is every one above it that has to be made", async () => {
  const usual = process.umask(0o022);
  onTestFinished(() => void process.umask(usual));
  const path = join(await directory(), "a", "b");
  await realFiles.makeDirectory(path);
  for (const one of [path, join(path, "..")]) expect((await lstat(one)).mode & 0o777).toBe(0o700);
});
