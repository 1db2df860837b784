import { expect, test } from "vitest";
import { localState } from "../configuration/StateSettings.ts";
import { configuredPlace } from "./stateStoreOf.ts";

test("a backend of the plugin's cloud takes the plugin's account, unless it has one of its own", () => {
  const settings = { ...localState, backend: "s3", passThrough: ["AWS_*"] };
  const plugin = { AWS_ACCESS_KEY_ID: "plugin", AWS_REGION: "here", OTHER_TOKEN: "x" };
  const paths = { state: "/stack/terraform.tfstate" };
  expect(configuredPlace(settings, paths, plugin).environment).toEqual({
    AWS_ACCESS_KEY_ID: "plugin",
    AWS_REGION: "here",
  });
  const own = { ...settings, environment: { AWS_ACCESS_KEY_ID: "own" } };
  expect(configuredPlace(own, paths, plugin).environment).toMatchObject({ AWS_ACCESS_KEY_ID: "own" });
  expect(configuredPlace(localState, paths, plugin)).toMatchObject({ backend: "local", environment: {} });
});
