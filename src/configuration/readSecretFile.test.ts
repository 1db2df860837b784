import { chmod, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Secret } from "./Secret.ts";
import { environmentFile, problemsOf, shown } from "./testing/inspect.ts";
import { temporaryWorkspace } from "./testing/temporaryWorkspace.ts";

const everything = () => true;
const tree = (text: string) => temporaryWorkspace({ "environments/development.env": text });

test("are found below the root, at home, or anywhere; others that may read them are told", async () => {
  const { load, workspace, events } = await tree("A=${secret:file:a/../secret.txt}\nB=<${secret:file:'~/x y'}>");
  const home = workspace.root;
  await writeFile(join(home, "secret.txt"), "\uFEFFcanary\r\n", { mode: 0o600 });
  const [problem] = await problemsOf(load({ needs: everything }));
  expect(problem?.message).toBe("there is no file /home/somebody/x y");
  await writeFile(join(home, "secret.txt"), "canary\n\n");
  await chmod(join(home, "secret.txt"), 0o640);
  const found = shown(await load({ needs: (key) => key === "A" }), "A")?.value;
  expect(found instanceof Secret && found.reveal()).toBe("canary\n");
  expect(events).toMatchObject([{ code: "secrets.readable-by-others", hint: `chmod 600 ${join(home, "secret.txt")}` }]);
  expect((await stat(join(home, "secret.txt"))).mode & 0o777).toBe(0o640);
});

test.each([
  ["empty", "", "is empty"],
  ["nul", "a\0b", "contains a NUL byte"],
  ["binary", new Uint8Array([0x61, 0xff]), "is not UTF-8 text"],
  ["long", "x".repeat(140_000), "is longer than 128 KiB"],
  ["longer", "x".repeat(600_000), "is longer than 128 KiB"],
])("one that is %s is refused", async (name, content, message) => {
  const { load, workspace } = await tree(`A=\${secret:file:${name}}`);
  await writeFile(join(workspace.root, name), content, { mode: 0o600 });
  for (const options of [{ needs: everything }, { verify: true }]) {
    const [problem] = await problemsOf(load(options));
    expect(problem).toMatchObject({ where: `${environmentFile}:1`, message: expect.stringContaining(message) });
  }
});

test("a directory, and one that cannot be read", async () => {
  const { load, workspace } = await tree(`A=\${secret:file:.}\nB=\${secret:file:${"x".repeat(300)}}`);
  const problems = await problemsOf(load({ verify: true }));
  expect(problems[0]?.message).toBe(`${workspace.root} is no file`);
  expect(problems[1]?.message).toContain("cannot be read: ENAMETOOLONG");
});
