import { join } from "node:path";
import type { ModuleDescription } from "../engine/engineJson.ts";
import type { Problem } from "../errors.ts";
import { checkModuleSettings } from "./checkModuleSettings.ts";
import type { ModuleType } from "./ModuleType.ts";
import { moduleTypeText } from "./moduleTypeText.ts";
import type { Provider } from "./Provider.ts";
import { mandatoryOutputs, standardInputs } from "./standardInputs.ts";

/**
 * How a provider's module breaks contract 1; empty where it keeps it. The engine itself would notice some of this
 * only at a plan or destroy, and drop unknown settings without a word.
 */
export function checkModule(
  description: ModuleDescription,
  provider: Pick<Provider, "folder" | "manifest">,
): Problem[] {
  const { variables = {}, outputs = {} } = description.root_module;
  const where = join(provider.folder, "variables.tf");
  return [
    ...inputProblems(variables, where),
    ...checkModuleSettings(variables["settings"], provider.manifest, where),
    ...outputProblems(outputs, join(provider.folder, "outputs.tf")),
  ];
}

type Part<Name extends "variables" | "outputs"> = NonNullable<ModuleDescription["root_module"][Name]>;

function inputProblems(variables: Part<"variables">, where: string): Problem[] {
  const problems: Problem[] = [];
  for (const { name, type, meaning } of standardInputs) {
    const wanted = moduleTypeText(type);
    const declared = variables[name];
    const hint = `declare variable "${name}" { type = ${wanted} }`;
    if (declared === undefined) {
      problems.push({
        message: `standard input ${name} (${meaning}) is not declared`,
        where,
        key: name,
        hint,
        rule: "module.inputs",
      });
      continue;
    }
    const found = moduleTypeText(declared.type as ModuleType | undefined);
    if (found !== wanted && found !== "any") {
      problems.push({
        message: `standard input ${name} is declared as ${found}, not as ${wanted}`,
        where,
        key: name,
        hint,
        rule: "module.types",
      });
    }
  }
  const standard = new Set([...standardInputs.map(({ name }) => name), "settings"]);
  for (const [name, variable] of Object.entries(variables)) {
    if (variable.required !== true || standard.has(name)) continue;
    problems.push({
      message: `variable ${name} has no default and is no standard input: nobody gives it a value`,
      where,
      key: name,
      hint: "make it an attribute of settings, or give it a default",
      rule: "module.required",
    });
  }
  return problems;
}

function outputProblems(outputs: Part<"outputs">, where: string): Problem[] {
  return mandatoryOutputs.flatMap((name): Problem[] => {
    const output = outputs[name];
    if (output === undefined) {
      return [
        {
          message: `output ${name} is missing`,
          where,
          key: name,
          hint: `add output "${name}" { value = ... }`,
          rule: "module.outputs",
        },
      ];
    }
    if (output.sensitive !== true) return [];
    const hint = "remove sensitive = true: the root module leaves sensitive outputs out";
    return [
      {
        message: `output ${name} is sensitive, so nobody gets it`,
        where,
        key: name,
        hint,
        rule: "module.plainOutputs",
      },
    ];
  });
}
