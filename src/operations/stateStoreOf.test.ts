import { expect, test } from "vitest";
import { localState } from "../configuration/StateSettings.ts";
import { configuredPlace } from "./stateStoreOf.ts";

test("a backend of the plugin's cloud takes the plugin's account, unless it has one of its own", () => {
  const settings = { ...localState, backend: "s3", passThrough: ["AWS_*"] };
  const pluginEnvironment = { AWS_ACCESS_KEY_ID: "plugin", AWS_REGION: "here", OTHER_TOKEN: "x" };
  const paths = { state: "/stack/terraform.tfstate" };
  expect(configuredPlace({ state: settings, pluginEnvironment }, paths).environment).toEqual({
    AWS_ACCESS_KEY_ID: "plugin",
    AWS_REGION: "here",
  });
  const own = { ...settings, environment: { AWS_ACCESS_KEY_ID: "own" } };
  expect(configuredPlace({ state: own, pluginEnvironment }, paths).environment).toMatchObject({
    AWS_ACCESS_KEY_ID: "own",
  });
  expect(configuredPlace({ state: localState, pluginEnvironment }, paths)).toMatchObject({
    backend: "local",
    environment: {},
  });
});
