import { moduleTypeText } from "../moduleTypeText.ts";
import { standardInputs } from "../standardInputs.ts";

/** The variable of the engine's environment by which secret variables arrive, as JSON. */
export const secretVariables = "LANDFALL_SECRET_VARIABLES";

interface WrapperParts {
  /** Variables of the flat module that the root module's inputs are passed to. */
  standard: readonly string[];
  /** Those that arrive in `settings`, and those that arrive in the engine's environment. */
  open: readonly string[];
  secret: readonly string[];
  outputs: readonly { name: string; sensitive: boolean }[];
}

/**
 * The module as text for the engine. The root module has no variable for secrets of unknown names, and what a root
 * variable holds is kept in a plan; so the module reads the environment of the engine's own process, where nothing keeps it.
 */
export function wrapperText({ standard, open, secret, outputs }: WrapperParts): string {
  const marker = `${secretVariables}=`;
  const line = `one([for entry in split("\\u0000", file("/proc/self/environ")) : entry if startswith(entry, "${marker}")])`;
  const module = {
    "//": "Made by Landfall around the folder in ./module; changes here are overwritten.",
    variable: Object.fromEntries([
      ...standardInputs.map(({ name, type }) => [name, { type: moduleTypeText(type) }]),
      ["settings", { type: "any" }],
    ]),
    ...(secret.length === 0
      ? {}
      : { locals: { secret_variables: `\${sensitive(jsondecode(trimprefix(${line}, "${marker}")))}` } }),
    module: {
      flat: {
        source: "./module",
        ...Object.fromEntries([
          ...standard.map((name) => [name, `\${var.${name}}`]),
          ...open.map((name) => [name, `\${var.settings.variables["${name}"]}`]),
          ...secret.map((name) => [name, `\${local.secret_variables["${name}"]}`]),
        ]),
      },
    },
    output: Object.fromEntries(
      outputs.map(({ name, sensitive }) => [
        name,
        { value: `\${module.flat.${name}}`, ...(sensitive ? { sensitive: true } : {}) },
      ]),
    ),
  };
  return `${JSON.stringify(module, undefined, 2)}\n`;
}
