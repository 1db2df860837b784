import { expect, test } from "vitest";
import { loadConfiguration } from "./loadConfiguration.ts";
import { sampleValues } from "./sampleValues.ts";
import { Secret } from "./Secret.ts";
import { acme, setting, temporaryWorkspace, type TemporaryWorkspace } from "./testing/temporaryWorkspace.ts";

const manifest = acme({
  settings: {
    ...acme().settings,
    token: setting({ secret: true, required: true, environment: "ACME_TOKEN", pattern: "^acme_[a-f0-9]{12}$" }),
    project: setting({ required: true, examples: ["my-project"] }),
    zone: setting({ required: true, pattern: "^[a-z]+-[0-9]$" }),
  },
});

const rehearse = ({ workspace, ports }: TemporaryWorkspace, provider = manifest) =>
  loadConfiguration(
    {
      workspace,
      environment: "production",
      provider: "acme",
      manifest: provider,
      overrides: new Map(),
      persist: false,
      rehearsal: true,
    },
    ports,
  );

test("each secret has a sample of its own, which nothing else has", async () => {
  const secret = setting({ secret: true, required: true, environment: "ACME_X" });
  const hexadecimal = "[a-f0-9]{12}";
  const settings = {
    project: setting({ required: true }),
    token: secret,
    api_key: secret,
    word: { ...secret, pattern: "[a-z]+" },
    one: { ...secret, pattern: hexadecimal },
    other: { ...secret, pattern: hexadecimal },
  };
  const sampled = await sampleValues(
    { values: new Map(), failed: new Set(), problems: [] },
    { name: "acme", settings },
  );
  const texts = [...sampled.values.values()].map(({ text }) => text);
  expect(texts.slice(0, 4)).toEqual(["rehearsal", "rehearsal-token", "rehearsal-api-key", "rehearsalword"]);
  expect(new Set(texts).size).toBe(6);
});

test("a sample that does not match asks for examples", async () => {
  const tree = await temporaryWorkspace({ "environments/production.env.tpl": "VM_NAME=shop" });
  const zone = setting({ required: true, pattern: "(?!rehearsal)[a-z]+" });
  await expect(rehearse(tree, acme({ settings: { zone } }))).rejects.toMatchObject({
    problems: [
      { message: expect.stringContaining("does not match"), hint: expect.stringContaining("settings.zone.examples") },
    ],
  });
});

test("templates are enough, nothing is written, and what is required gets a sample of its form", async () => {
  const tree = await temporaryWorkspace({
    "environments/production.env.tpl":
      "VM_NAME=shop\nMYSQL_PASSWORD=REPLACE_WITH_SECURE_PASSWORD\nDOMAIN_NAME=REPLACE_WITH_YOURS",
    "providers/acme.env.tpl": "PROVIDER_ACME_TOKEN=REPLACE_WITH_TOKEN\nPROVIDER_ACME_LOCATION=south",
  });
  const { standard, settings, secrets } = await rehearse(tree);
  expect(standard.vmName).toBe("shop");
  expect(settings).toMatchObject({ location: "south", project: "my-project" });
  expect(settings["zone"]).toMatch(/^[a-z]+-[0-9]$/);
  expect(secrets["token"]?.reveal()).toMatch(/^acme_[a-f0-9]{12}$/);
  expect((await rehearse(tree)).secrets["token"]?.reveal()).toBe(secrets["token"]?.reveal());
  expect(await tree.ports.files.list(tree.workspace.environmentConfiguration)).toEqual(["production.env.tpl"]);
});

test("no secret of the user is part of it, wherever it comes from", async () => {
  const tree = await temporaryWorkspace({
    "environments/production.env":
      "MYSQL_PASSWORD=canary-one\nDOMAIN_NAME=shop.example\nCERTBOT_EMAIL=a@shop.example\nENABLE_SSL=true\nURL=mysql://${MYSQL_PASSWORD}@db",
    "providers/acme.env": "PROVIDER_ACME_TOKEN=acme_c0ffeec0ffee",
  });
  const configuration = await rehearse(tree);
  const everything = JSON.stringify(configuration, (_key, value: unknown) =>
    value instanceof Secret ? value.reveal() : value,
  );
  expect(everything).not.toMatch(/canary-one|c0ffeec0ffee/);
  expect(everything).toContain("shop.example");
});

test("what is wrong besides is still wrong", async () => {
  const tree = await temporaryWorkspace({ "environments/production.env.tpl": "VM_MEMORY=much" });
  await expect(rehearse(tree)).rejects.toMatchObject({ code: "configuration.invalid" });
});
