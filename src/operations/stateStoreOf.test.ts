import { expect, test } from "vitest";
import { localState } from "../configuration/StateSettings.ts";
import { configuredPlace } from "./stateStoreOf.ts";

test("a backend of the plugin's cloud takes the plugin's account, unless it has one of its own", () => {
  const settings = { ...localState, backend: "consul", passThrough: ["CONSUL_*"] };
  const pluginEnvironment = { CONSUL_HTTP_TOKEN: "plugin", CONSUL_NAMESPACE: "here", OTHER_TOKEN: "x" };
  const paths = { state: "/stack/terraform.tfstate" };
  expect(configuredPlace({ state: settings, pluginEnvironment }, paths).environment).toEqual({
    CONSUL_HTTP_TOKEN: "plugin",
    CONSUL_NAMESPACE: "here",
  });
  const own = { ...settings, environment: { CONSUL_HTTP_TOKEN: "own" } };
  expect(configuredPlace({ state: own, pluginEnvironment }, paths).environment).toMatchObject({
    CONSUL_HTTP_TOKEN: "own",
  });
  expect(configuredPlace({ state: localState, pluginEnvironment }, paths)).toMatchObject({
    backend: "local",
    environment: {},
  });
});
