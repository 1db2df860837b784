import { expect, test } from "vitest";
import { checkSettingTypes } from "./checkSettingTypes.ts";
import type { LoadedStack } from "./loadStack.ts";

test.each([
  ["built-in", { hint: expect.stringContaining("settings.size.examples"), where: "/p/acme/provider.yaml" }],
  ["command line", { hint: expect.stringContaining("--set PROVIDER_ACME_SIZE=VALUE") }],
])("of a value that does not fit, from %s, it is said what to do", (layer, problem) => {
  const value = { key: "PROVIDER_ACME_SIZE", spelling: "PROVIDER_ACME_SIZE", value: "rehearsal", origin: { layer } };
  const loaded = {
    provider: { name: "acme", folder: "/p/acme" },
    configuration: { stack: "a/acme", settings: { size: "rehearsal" }, values: [value] },
  } as unknown as LoadedStack;
  expect(() => checkSettingTypes(loaded, { size: "number" })).toThrow(
    expect.objectContaining({ problems: [expect.objectContaining(problem)] }) as Error,
  );
});
