import { expect, test } from "vitest";
import { checkSettingSamples } from "./checkSettingSamples.ts";
import { parseManifest } from "./parseManifest.ts";

const manifest = parseManifest(
  `contract: 1
name: acme
title: Acme
settings:
  token: { description: Token, secret: true, environment: ACME_TOKEN, examples: [x] }
  fast: { description: Fast, default: no, examples: [true, yes, "0"] }
  size: { description: Size, default: "0x1F", examples: [8, "1e3", large] }
  name: { description: Name, default: "", examples: [no] }
  any: { description: Any, default: no }
`,
  "provider.yaml",
  "acme",
);
const types = { token: "bool", fast: "bool", size: "number", name: "string", any: "any" };

test("default and examples fit the types of the module", () => {
  const problems = checkSettingSamples(types, manifest, (path) => path.join("/"));
  expect(problems.map(({ where, message, hint }) => [where, message, hint])).toEqual([
    [
      "settings/fast/default",
      'settings.fast: "no" is no bool, which the module makes of it',
      "write true or false, or make settings.fast a string in variables.tf",
    ],
    ["settings/fast/examples/1", expect.stringContaining('"yes" is no bool'), expect.any(String)],
    [
      "settings/size/default",
      'settings.size: "0x1F" is no number, which the module makes of it',
      "write a decimal number, or make settings.size a string in variables.tf",
    ],
    ["settings/size/examples/2", expect.stringContaining('"large" is no number'), expect.any(String)],
  ]);
  expect(new Set(problems.map(({ rule }) => rule))).toEqual(new Set(["module.settings"]));
});
