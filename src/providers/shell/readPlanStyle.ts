import { join } from "node:path";
import { AppError } from "../../errors.ts";
import { exitCodes } from "../../exitCodes.ts";
import type { Files } from "../../ports/Files.ts";
import type { Capability, Manifest, Setting } from "../Manifest.ts";
import { settingVariable } from "../settingVariable.ts";
import { moduleVariables } from "./moduleVariables.ts";
import { mostScriptBytes, planStyleScript, requiredFunctions } from "./planStyle.ts";
import { scriptFacts, type ScriptFacts } from "./scriptFacts.ts";

/**
 * The manifest that a folder in the plan's own style would have, from the text of its files; nothing of it runs.
 * Throws AppError `provider.invalid`, which names the functions that are missing.
 */
export async function readPlanStyle(folder: string, name: string, files: Files): Promise<Manifest> {
  const { facts, modules } = await readFacts(folder, files);
  const missing = requiredFunctions.filter((required) => !facts.functions.has(required));
  if (missing.length > 0 && !facts.sources) throw missingFunctions(name, join(folder, planStyleScript), missing);

  const declared = moduleVariables(modules);
  const can = (variable: string): Capability =>
    declared.has(variable) || `a folder in the plan's own style, without the variable ${variable}`;
  const unknown = "a folder in the plan's own style does not say";
  return {
    contract: 1,
    name,
    title: name.replace(/^./, (letter) => letter.toUpperCase()).replaceAll("-", " "),
    description: facts.description === "" ? "plan style" : facts.description,
    settings: settingsOf(name, facts, declared),
    actions: {},
    prerequisites: [],
    defaults: {},
    capabilities: {
      data_disk: can("data_disk_size"),
      reserve_address: can("reserve_address"),
      ipv6: unknown,
      // Its module has a first boot of its own, or takes the variable user_data.
      user_data: true,
      create: true,
      console: unknown,
      local: unknown,
    },
    timeouts: { create: 300, ssh: 300, cloud_init: 600, destroy: 180 },
    // Which resource is the machine is not known: then every replacement counts as one of the machine.
    resources: { machine: [], disk: [], data: [], address: [], restart: [] },
  };
}

/** What the files of the folder tell. Links, devices and large files are left out. */
export async function readFacts(folder: string, files: Files): Promise<{ facts: ScriptFacts; modules: string[] }> {
  const names = (await files.list(folder)) ?? [];
  const read = async (wanted: (name: string) => boolean): Promise<string[]> =>
    (
      await Promise.all(
        names.filter(wanted).map(async (name) => {
          const status = await files.status(join(folder, name));
          if (status?.kind !== "file" || status.size > mostScriptBytes) return undefined;
          return files.read(join(folder, name));
        }),
      )
    ).filter((text) => text !== undefined);
  const [script, others, modules] = await Promise.all([
    read((name) => name === planStyleScript),
    read((name) => name.endsWith(".sh") && name !== planStyleScript),
    read((name) => /\.(tf|tofu)$/.test(name)),
  ]);
  return { facts: scriptFacts(script[0] ?? "", others), modules };
}

export function missingFunctions(name: string, where: string, missing: readonly string[]): AppError {
  const what = missing.length === 1 ? "a required function" : "required functions";
  return new AppError("provider.invalid", `provider ${name} lacks ${what}: ${missing.join(", ")}`, {
    hint: `define ${missing.join(", ")} in ${where}`,
    exit: exitCodes.usage,
    problems: missing.map((required) => ({
      message: `the function ${required} is missing`,
      where,
      key: required,
      hint: `define ${required}() { ... }`,
    })),
  });
}

/** A variable that begins as another provider's do is a setting all the same: the folder may have been renamed. */
function settingsOf(
  name: string,
  facts: ScriptFacts,
  declared: ReadonlyMap<string, { sensitive: boolean }>,
): Record<string, Setting> {
  const own = settingVariable(name, "");
  const sensitive = new Set(
    [...facts.assignments].flatMap(([variable, from]) => (declared.get(variable)?.sensitive === true ? from : [])),
  );
  const settings: Record<string, Setting> = {};
  for (const [variable, standard] of facts.variables) {
    const rest = (
      variable.startsWith(own) ? variable.slice(own.length) : variable.slice("PROVIDER_".length)
    ).toLowerCase();
    if (!/^(?!constructor$)[a-z][a-z0-9_]*$/.test(rest) || settings[rest] !== undefined) continue;
    const target = settingVariable(name, rest);
    settings[rest] = {
      description: standard === undefined ? "used by provider.sh" : `used by provider.sh, by default ${standard}`,
      secret: secretName.test(variable) || sensitive.has(variable),
      required: false,
      examples: [],
      aliases: target === variable ? [] : [variable],
      computed: false,
    };
  }
  return settings;
}

const secretName = /_(PASSWORD|PASSPHRASE|PASSWD|TOKEN|SECRET|(?<!PUBLIC_)KEY|CREDENTIALS?)$/;
