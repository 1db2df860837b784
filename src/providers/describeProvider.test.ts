import { expect, it } from "vitest";
import { describeProvider } from "./describeProvider.ts";
import { parseManifest } from "./parseManifest.ts";

it("describeProvider names the variable of each setting, mandatory ones first, computed ones not at all", () => {
  const manifest = parseManifest(
    `contract: 1
name: acme-cloud
title: Acme
settings:
  size: { default: small, examples: [small, big] }
  image_path: { computed: true }
  api_token: { secret: true, required: true, environment: ACME_TOKEN, description: the token }
`,
    "provider.yaml",
    "acme-cloud",
  );
  const description = describeProvider({ name: "acme-cloud", folder: "/x", origin: "tree", manifest });
  expect(description).toMatchObject({ name: "acme-cloud", title: "Acme", folder: "/x", origin: "tree" });
  expect(description.settings.map(({ variable, required, secret }) => [variable, required, secret])).toEqual([
    ["PROVIDER_ACME_CLOUD_API_TOKEN", true, true],
    ["PROVIDER_ACME_CLOUD_SIZE", false, false],
  ]);
});
