import { expect, test } from "vitest";
import { acme } from "../configuration/testing/temporaryWorkspace.ts";
import { pluginEnvironment } from "./pluginEnvironment.ts";
import type { Stage } from "./OperationContext.ts";

const stack = {
  provider: {
    manifest: acme({
      endpoint: { environment: "ACME_ENDPOINT", path: "/v1" },
      plugin: { source: "acme/acme", environment: ["ACME_*"] },
    }),
  },
  configuration: { pluginEnvironment: { ACME_TOKEN: "token" } },
} as unknown as Parameters<typeof pluginEnvironment>[0];
const computer = { plugin: { kind: "none", description: "", environment: { TF_CLI_CONFIG_FILE: "/x" } } } as const;
const stage: Stage = { origin: "http://127.0.0.1:8123", booted: false, environment: { ACME_PROFILE: "sample" } };

test("a real run has the user's own chain of credentials, and no endpoint", () => {
  expect(pluginEnvironment(stack, computer, undefined)).toEqual({
    environment: { ACME_TOKEN: "token", TF_CLI_CONFIG_FILE: "/x" },
    passThrough: ["ACME_*"],
  });
});

test("a rehearsal has the simulation, samples, no credentials of the user, and no way out", () => {
  const { environment, passThrough } = pluginEnvironment(stack, computer, stage);
  expect(passThrough).toEqual([]);
  expect(environment).toMatchObject({ ACME_ENDPOINT: "http://127.0.0.1:8123/v1", ACME_PROFILE: "sample" });
  for (const name of ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"]) {
    expect(environment[name], name).toBe("http://127.0.0.1:9");
  }
  expect(environment["NO_PROXY"]).toBe("127.0.0.1,localhost");
});
