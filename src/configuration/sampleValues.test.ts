import { expect, test } from "vitest";
import { loadConfiguration } from "./loadConfiguration.ts";
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

const rehearse = ({ workspace, ports }: TemporaryWorkspace) =>
  loadConfiguration(
    {
      workspace,
      environment: "production",
      provider: "acme",
      manifest,
      overrides: new Map(),
      persist: false,
      rehearsal: true,
    },
    ports,
  );

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
