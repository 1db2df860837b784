import { join } from "node:path";
import { asciiJson } from "../../asciiJson.ts";
import type { ModuleDescription } from "../../engine/engineJson.ts";
import { AppError, type Problem } from "../../errors.ts";
import { exitCodes } from "../../exitCodes.ts";
import type { Emit } from "../../events/Event.ts";
import type { StackContext } from "../behaviour.ts";
import type { Manifest } from "../Manifest.ts";
import type { ModuleType } from "../ModuleType.ts";
import type { ModuleWrapper } from "../ModuleWrapper.ts";
import { moduleTypeText } from "../moduleTypeText.ts";
import { mandatoryOutputs, standardInputs } from "../standardInputs.ts";
import type { TfvarsValue } from "./parseTfvars.ts";
import type { ScriptFacts } from "./scriptFacts.ts";
import { changedValues } from "./changedValues.ts";
import { secretVariables, wrapperText } from "./wrapperText.ts";

export interface FlatModule {
  name: string;
  folder: string;
  /** What `provider_generate_terraform_vars` wrote. */
  values: ReadonlyMap<string, TfvarsValue>;
  description: ModuleDescription;
  manifest: Manifest;
  facts: ScriptFacts;
  /** Texts of its files. */
  modules: readonly string[];
  /** What the functions saw. */
  environment: Readonly<Record<string, string>>;
  secrets: readonly string[];
}

interface Surroundings {
  inputs: StackContext["inputs"];
  system: "linux" | "darwin";
  emit: Emit;
}

/** Named in the plan's root module, and of no use below it. */
const ofRoot = "infrastructure_provider";

/**
 * A contract-1 module around a flat one. Standard inputs come from the root module, everything else from the values that
 * were written; those that the module marks sensitive, or that hold a secret of the configuration, stand in no file.
 * Throws AppError `provider.module` where the module cannot be called so, and `provider.behaviour` where values were
 * changed on their way.
 */
export function wrapFlatModule(flat: FlatModule, { inputs, system, emit }: Surroundings): ModuleWrapper {
  const { variables = {}, outputs = {} } = flat.description.root_module;
  const standard = standardInputs
    .filter(({ name, type }) => variables[name] !== undefined && fits(variables[name].type as ModuleType, type))
    .map(({ name }) => name);
  const given = [...flat.values].filter(([name]) => variables[name] !== undefined && !standard.includes(name));
  refuse(flat, standard);
  tellOfOthers(flat, standard, inputs, emit);

  const isSecret = ([name, value]: (typeof given)[number]): boolean =>
    variables[name]?.sensitive === true || holds(value, flat.secrets);
  const secret = given.filter(isSecret);
  const open = given.filter((entry) => !isSecret(entry));
  if (secret.length > 0 && system !== "linux")
    throw linuxOnly(
      flat,
      secret.map(([name]) => name),
    );
  return {
    text: wrapperText({
      standard,
      open: open.map(([name]) => name),
      secret: secret.map(([name]) => name),
      outputs: Object.entries(outputs).map(([name, { sensitive }]) => ({ name, sensitive: sensitive === true })),
    }),
    settings: { variables: Object.fromEntries(open) },
    secretEnvironment: secret.length === 0 ? {} : { [secretVariables]: asciiJson(Object.fromEntries(secret)) },
    secrets: [...flat.secrets, ...secret.flatMap(([, value]) => texts(value))],
    takesUserData: standard.includes("user_data"),
  };
}

/** The engine makes text, numbers and truth values out of each other. */
function fits(declared: ModuleType | undefined, wanted: ModuleType): boolean {
  const [found, text] = [moduleTypeText(declared), moduleTypeText(wanted)];
  const plain = ["string", "number", "bool"];
  return found === "any" || found === text || (plain.includes(found) && plain.includes(text));
}

function refuse({ name, folder, values, description, ...flat }: FlatModule, standard: readonly string[]): void {
  const { variables = {}, outputs = {} } = description.root_module;
  const changed = changedValues({ values, ...flat });
  if (changed.length > 0) {
    throw new AppError("provider.behaviour", `provider ${name} changes values on their way to its module`, {
      hint: `escape them in ${join(folder, "provider.sh")}, or use other values`,
      exit: exitCodes.usage,
      problems: changed.map((problem) => ({ ...problem, where: join(folder, "provider.sh") })),
    });
  }
  const problems: Problem[] = [
    ...Object.entries(variables)
      .filter(([variable, { required }]) => required === true && !standard.includes(variable) && !values.has(variable))
      .map(([variable]) => ({
        message: `variable ${variable} has no default, and provider_generate_terraform_vars gives it no value`,
        where: join(folder, "variables.tf"),
        key: variable,
        hint: "write it in provider_generate_terraform_vars, or give it a default",
      })),
    ...mandatoryOutputs
      .filter((output) => outputs[output] === undefined || outputs[output].sensitive === true)
      .map((output) => ({
        message: `output ${output} is ${outputs[output] === undefined ? "missing" : "sensitive, so nobody gets it"}`,
        where: join(folder, "outputs.tf"),
        key: output,
        hint: `add output "${output}" { value = ... }`,
      })),
  ];
  if (problems.length === 0) return;
  throw new AppError("provider.module", `the module of provider ${name} cannot be used`, {
    hint: `mend the files in ${folder}`,
    exit: exitCodes.usage,
    problems,
  });
}

/** What has no effect, or another one than its author may expect. */
function tellOfOthers(
  { name, values, description, modules }: FlatModule,
  standard: readonly string[],
  inputs: StackContext["inputs"],
  emit: Emit,
): void {
  const { variables = {} } = description.root_module;
  const warn = (message: string, hint: string): void =>
    emit({ type: "notice", level: "warning", code: "provider.planStyle", message, hint });
  const unknown = [...values.keys()].filter((variable) => variables[variable] === undefined && variable !== ofRoot);
  if (unknown.length > 0) {
    warn(
      `provider ${name} writes variables that its module does not declare: ${unknown.join(", ")}`,
      "declare them, or leave them out",
    );
  }
  const other = standard.filter((variable) => {
    const own = (inputs as Readonly<Record<string, unknown>>)[variable];
    return (
      values.has(variable) &&
      typeof own !== "object" &&
      own !== undefined &&
      String(values.get(variable)) !== String(own)
    );
  });
  if (other.length > 0) {
    warn(
      `provider ${name} writes another ${other.join(", ")} than the configuration says: that of the configuration counts`,
      "change the configuration",
    );
  }
  if (modules.some((text) => /\bpath\.root\b/.test(text))) {
    warn(
      `the module of provider ${name} refers to files outside of its folder, which a stack does not have there`,
      "move them into the folder and write ${path.module}/FILE",
    );
  }
}

function linuxOnly({ name }: FlatModule, variables: readonly string[]): AppError {
  return new AppError(
    "provider.module",
    `provider ${name} has secret variables, which can be handed over on Linux only: ${variables.join(", ")}`,
    {
      hint: "turn the folder into one with a manifest: docs/providers/plan-style.md",
      exit: exitCodes.usage,
    },
  );
}

/** Shorter secrets are found in everything. */
const shortest = 4;

function holds(value: TfvarsValue, secrets: readonly string[]): boolean {
  const long = secrets.filter(({ length }) => length >= shortest);
  return texts(value).some((text) => long.some((secret) => text.includes(secret)));
}

/** Every text and number in a value. */
function texts(value: TfvarsValue): string[] {
  if (typeof value === "string") return [value];
  if (typeof value === "number") return [String(value)];
  if (typeof value !== "object" || value === null) return [];
  return (Array.isArray(value) ? value : Object.values(value)).flatMap(texts);
}
