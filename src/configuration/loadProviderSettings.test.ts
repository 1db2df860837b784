import { expect, test } from "vitest";
import { AppError } from "../errors.ts";
import { loadProviderSettings } from "./loadProviderSettings.ts";
import { acme, rejection, setting, temporaryWorkspace } from "./testing/temporaryWorkspace.ts";

test("manifest, provider file and process environment; secrets apart, nothing required", async () => {
  const manifest = acme({
    settings: {
      token: setting({ secret: true, required: true, environment: "ACME_TOKEN" }),
      place: setting({ default: "north" }),
      zone: setting({ default: "a" }),
      size: setting(),
      needs_environment: setting(),
    },
  });
  const { workspace, ports } = await temporaryWorkspace({
    "providers/acme.env":
      "PROVIDER_ACME_TOKEN=x\nPROVIDER_ACME_PLACE=south\nPROVIDER_ACME_NEEDS_ENVIRONMENT=${ENVIRONMENT}",
  });
  const machine = { ...ports.machine, environment: { PROVIDER_ACME_SIZE: "big" } };
  const { settings, secrets } = await loadProviderSettings({ workspace, manifest }, { ...ports, machine });
  expect(settings).toEqual({ place: "south", zone: "a", size: "big" });
  expect(Object.keys(secrets)).toEqual(["token"]);
  expect(JSON.stringify(secrets)).not.toContain("x");
});

test("what is wrong is reported", async () => {
  const { workspace, ports } = await temporaryWorkspace({ "providers/acme.env": "PROVIDER_ACME_LOCATION=42\nA='" });
  const error = await rejection(loadProviderSettings({ workspace, manifest: acme() }, ports), AppError);
  expect(error.code).toBe("configuration.invalid");
  expect(error.problems.map(({ where }) => where)).toEqual([
    "infrastructure/config/providers/acme.env:1",
    "infrastructure/config/providers/acme.env:2",
  ]);
});
