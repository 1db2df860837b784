import { expect, test } from "vitest";
import { listEnvironments } from "./listEnvironments.ts";
import { temporaryWorkspace } from "./testing/temporaryWorkspace.ts";

test("every environment once, with its state; names that cannot be used with the reason", async () => {
  const { workspace, ports } = await temporaryWorkspace({
    "environments/staging.env.tpl": "",
    "environments/staging.env": "",
    "environments/production.env.tpl": "",
    "environments/Bad_Name.env": "",
    "environments/.env": "",
    "environments/README.md": "",
    "environments/development.env": "",
  });
  const entries = await listEnvironments(workspace, ports.files);
  const directory = "infrastructure/config/environments";
  expect(entries).toEqual([
    { name: "", state: "invalid", file: `${directory}/.env`, protectedByDefault: false, reason: expect.any(String) },
    {
      name: "Bad_Name",
      state: "invalid",
      file: `${directory}/Bad_Name.env`,
      protectedByDefault: false,
      reason: expect.any(String),
    },
    { name: "development", state: "configured", file: `${directory}/development.env`, protectedByDefault: false },
    { name: "production", state: "template", file: `${directory}/production.env.tpl`, protectedByDefault: true },
    { name: "staging", state: "configured", file: `${directory}/staging.env`, protectedByDefault: false },
  ]);
});

test("no directory, no environments", async () => {
  const { workspace, ports } = await temporaryWorkspace({});
  await ports.files.remove(workspace.environmentConfiguration);
  expect(await listEnvironments(workspace, ports.files)).toEqual([]);
});
