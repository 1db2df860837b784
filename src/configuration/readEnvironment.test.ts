import { chmod, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { AppError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import { Secret } from "./Secret.ts";
import { environmentFile, problemsOf, shown, summary, template } from "./testing/inspect.ts";
import { rejection, temporaryWorkspace } from "./testing/temporaryWorkspace.ts";

test("one that does not exist: the path, what exists, and what was probably meant", async () => {
  const { load } = await temporaryWorkspace({
    "environments/staging.env": "",
    "environments/development.env.tpl": "",
  });
  const error = await rejection(load({ environment: "stagign" }), AppError);
  expect(error).toMatchObject({ code: "environment.unknown", exit: exitCodes.usage, hint: "did you mean staging?" });
  expect(error.message).toContain("infrastructure/config/environments/stagign.env");
  expect(error.message).toContain("development, staging");
});

test("compatibility 10: development is written once, with secrets of its own, and edits stay", async () => {
  const { load, ports, workspace, events } = await temporaryWorkspace({
    "environments/development.env.tpl": await template("environments/development.env.tpl"),
    "project.env": await template("project.env"),
  });
  const path = join(workspace.environmentConfiguration, "development.env");
  const { standard, values, files } = await load();
  expect(standard).toMatchObject({
    project: "torrust-tracker",
    vmName: "torrust-tracker-dev",
    vmMemory: 2048,
    vmVcpus: 2,
    vmDiskSize: 20,
  });
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(events).toMatchObject([{ type: "notice", code: "environment.created" }]);
  expect(files).toEqual(["infrastructure/config/project.env", environmentFile]);
  const secrets = values.flatMap(({ value }) => (value instanceof Secret ? [value.reveal()] : []));
  expect(secrets).toHaveLength(4);
  expect(new Set(secrets).size).toBe(4);
  for (const secret of secrets) expect(secret).toMatch(/^[A-Za-z0-9]{32,}$/);

  const edited = `${await readFile(path, "utf8")}\n# mine\nMINE=1\n`.replace("VM_MEMORY=2048", "VM_MEMORY=999");
  await ports.files.write(path, edited);
  expect((await load()).standard.vmMemory).toBe(999);
  expect(await readFile(path, "utf8")).toBe(edited);
  expect(events).toHaveLength(1);
});

test("reading commands compute it in memory and write nothing", async () => {
  const { load, ports, workspace, events } = await temporaryWorkspace({
    "environments/development.env.tpl": await template("environments/development.env.tpl"),
  });
  const configuration = await load({ persist: false });
  expect(configuration.standard.vmName).toBe("torrust-tracker-dev");
  expect(shown(configuration, "MYSQL_PASSWORD")?.value).toBeInstanceOf(Secret);
  expect(shown(configuration, "VM_NAME")?.origin).toEqual({
    layer: "environment file",
    file: `${environmentFile}.tpl`,
    line: expect.any(Number),
  });
  expect(await ports.files.list(workspace.environmentConfiguration)).toEqual(["development.env.tpl"]);
  expect(events).toEqual([]);
});

test.each(["staging", "production"])("%s has values that only the user knows: each is listed", async (environment) => {
  const text = await template(`environments/${environment}.env.tpl`);
  const { load, ports, workspace } = await temporaryWorkspace({ [`environments/${environment}.env.tpl`]: text });
  const error = await rejection(load({ environment }), AppError);
  expect(error).toMatchObject({ code: "environment.unconfigured", exit: exitCodes.usage });
  expect(error.hint).toContain(
    `landfall configure ${environment} makes infrastructure/config/environments/${environment}.env`,
  );
  const lines = text.split("\n").flatMap((line, index) => (/^\w+=REPLACE_WITH/.test(line) ? [index + 1] : []));
  expect(lines.length).toBeGreaterThanOrEqual(7);
  expect(error.problems.map(({ where }) => where)).toEqual(
    lines.map((line) => `infrastructure/config/environments/${environment}.env.tpl:${line}`),
  );
  expect(await ports.files.list(workspace.environmentConfiguration)).toEqual([`${environment}.env.tpl`]);
});

test("compatibility 11: a template that was only copied fails, with every placeholder and every other error at once", async () => {
  const text = await template("environments/staging.env.tpl");
  const { load } = await temporaryWorkspace({
    "environments/staging.env": `${text}\nVM_VCPUS_DEFAULT=many\nX="unclosed\n`,
  });
  const problems = await problemsOf(load({ environment: "staging" }));
  expect(problems.filter(({ message }) => message.includes("is still REPLACE_WITH_"))).toHaveLength(7);
  expect(problems).toHaveLength(9);
  for (const { where } of problems) expect(where).toMatch(/^infrastructure\/config\/environments\/staging\.env:\d+$/);
  const lines = problems.map(({ where }) => Number(where?.split(":")[1]));
  expect(lines).toEqual(lines.toSorted((a, b) => a - b));
});

test("compatibility 11: placeholders in defaults and in the provider's file are found, replaced ones are not", async () => {
  const { load } = await temporaryWorkspace({
    "providers/acme.env": "PROVIDER_ACME_TOKEN=REPLACE_WITH_TOKEN",
    "environments/development.env":
      "A=${B:-REPLACE_WITH_A}\nC=$A\nMYSQL_PASSWORD=REPLACE_WITH_SECURE_X\nPROVIDER_OTHER_TOKEN=REPLACE_WITH_X",
  });
  expect(summary(await problemsOf(load({ set: { MYSQL_PASSWORD: "x" } })))).toEqual([
    `${environmentFile}:1: A is still REPLACE_WITH_A`,
    "infrastructure/config/providers/acme.env:1: PROVIDER_ACME_TOKEN is still REPLACE_WITH_TOKEN",
  ]);
});

test("a file with secrets that others may read is closed, and told", async () => {
  const { load, workspace, events } = await temporaryWorkspace({
    "environments/development.env": "MYSQL_PASSWORD=x",
  });
  const path = join(workspace.environmentConfiguration, "development.env");
  await chmod(path, 0o644);
  await load({ persist: false });
  expect((await stat(path)).mode & 0o777).toBe(0o644);
  await load();
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  await load();
  expect(events.map((event) => event.type === "notice" && event.code)).toEqual([
    "configuration.readable-by-others",
    "configuration.readable-by-others",
  ]);
});

test("first uses at the same time all get the secrets that are in the file", async () => {
  const { load, workspace, events } = await temporaryWorkspace({
    "environments/development.env.tpl": "MYSQL_PASSWORD=REPLACE_WITH_SECURE_PASSWORD\n",
  });
  const configurations = await Promise.all(Array.from({ length: 12 }, () => load()));
  const used = configurations.map((configuration) => shown(configuration, "MYSQL_PASSWORD")?.value);
  const text = await readFile(join(workspace.environmentConfiguration, "development.env"), "utf8");
  const written = new Set(used.map((value) => (value instanceof Secret ? `MYSQL_PASSWORD=${value.reveal()}\n` : "")));
  expect([...written]).toEqual([text]);
  expect(events.map((event) => event.type === "notice" && event.code)).toEqual(["environment.created"]);
});
