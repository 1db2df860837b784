import { describe, expect, it } from "vitest";
import type { ModuleDescription } from "../engine/engineJson.ts";
import { checkModule } from "./checkModule.ts";
import { parseManifest } from "./parseManifest.ts";
import { mandatoryOutputs, standardInputs } from "./standardInputs.ts";

const manifest = parseManifest(
  `contract: 1
name: acme
title: Acme
settings:
  token: { secret: true, environment: ACME_TOKEN }
  location: { default: x }
  size: {}
`,
  "provider.yaml",
  "acme",
);
const provider = { folder: "/acme", manifest };

function sound(): Required<ModuleDescription["root_module"]> {
  return {
    variables: {
      ...Object.fromEntries(standardInputs.map(({ name, type }) => [name, { type, required: true }])),
      settings: { type: ["object", { location: "string", size: "number" }, ["size"]], required: true },
    },
    outputs: Object.fromEntries(mandatoryOutputs.map((name) => [name, {}])),
    resources: [],
  };
}

const check = (module: ModuleDescription["root_module"]): string[] =>
  checkModule({ root_module: module }, provider).map(({ message }) => message);

describe("checkModule", () => {
  it("is content with a module that keeps the contract", () => {
    expect(check(sound())).toEqual([]);
  });

  it("wants every standard input and output of a module that has nothing", () => {
    const problems = checkModule({ root_module: {} }, provider);
    expect(problems).toHaveLength(standardInputs.length + 1 + mandatoryOutputs.length);
    expect(problems[1]).toEqual({
      message: "standard input vm_memory (memory in MiB) is not declared",
      rule: "module.inputs",
      where: "/acme/variables.tf",
      key: "vm_memory",
      hint: 'declare variable "vm_memory" { type = number }',
    });
  });

  it("accepts an untyped input, not one of another type", () => {
    const module = sound();
    module.variables["vm_name"] = { required: true };
    module.variables["vm_memory"] = { type: "string", required: true };
    module.variables["open_ports"] = { type: ["list", "string"], required: true };
    expect(check(module)).toEqual([
      "standard input vm_memory is declared as string, not as number",
      "standard input open_ports is declared as list(string), not as list(object({ description = string, port = number, protocol = string, sources = list(string) }))",
    ]);
  });

  it("finds an input that nobody gives", () => {
    const module = sound();
    module.variables["zone"] = { type: "string", required: true };
    module.variables["region"] = { type: "string", default: "x" };
    expect(check(module)).toEqual(["variable zone has no default and is no standard input: nobody gives it a value"]);
  });

  it("compares settings in both directions", () => {
    const module = sound();
    module.variables["settings"] = {
      type: ["object", { size: ["list", "string"], token: "string", colour: "string" }],
      required: true,
    };
    expect(check(module)).toEqual([
      "setting location is no attribute of settings: the engine would drop it",
      "settings.size is a list(string), but settings are plain values",
      "setting size may be left open, but settings.size is not optional",
      "settings.token is secret: it never arrives here",
      "settings.colour is not declared in the manifest: nobody can set it",
    ]);
  });

  it.each([
    [undefined, "settings is declared as any"],
    ["string", "settings is declared as string"],
    [["map", "string"], "settings is declared as map(string)"],
  ])("refuses settings of type %s", (type, message) => {
    const module = sound();
    module.variables["settings"] = { type, required: true };
    expect(check(module)[0]).toContain(message);
  });

  it("refuses a mandatory output that is missing or sensitive", () => {
    const module = sound();
    delete module.outputs["vm_name"];
    module.outputs["vm_ip"] = { sensitive: true };
    expect(check(module)).toEqual(["output vm_ip is sensitive, so nobody gets it", "output vm_name is missing"]);
  });
});
