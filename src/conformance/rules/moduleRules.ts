import type { ModuleDescription } from "../../engine/engineJson.ts";
import type { Problem } from "../../errors.ts";
import type { Finding, StaticRule, Untested } from "../Rule.ts";
import type { Subject } from "../Subject.ts";

const level = "static";
const how = "the engine reads the module, without init";

/** Rules that the core itself checks before every init; it says which problem is of which rule. */
const known: Omit<StaticRule, "check" | "level" | "mandatory" | "how">[] = [
  {
    id: "module.inputs",
    rule: "every standard input is declared",
    why: "the root module passes all of them; the engine refuses one that is missing at plan and at destroy",
  },
  {
    id: "module.types",
    rule: "standard inputs have the contract's types",
    why: "another type changes values without a word",
  },
  {
    id: "module.required",
    rule: "no variable but the standard ones is without a default",
    why: "nobody gives it a value",
  },
  {
    id: "module.settingsType",
    rule: "settings is an object type that names each setting",
    why: "any other type takes everything and checks nothing",
  },
  {
    id: "module.settings",
    rule: "every setting that is not secret is an attribute of settings, a plain value that its default and examples fit, optional where it may be left open",
    why: "the engine drops what the type does not name, and refuses what does not fit it without its name",
  },
  {
    id: "module.secrets",
    rule: "no secret setting is an attribute of settings",
    why: "secrets never arrive there: they would be in the plan",
  },
  {
    id: "module.undeclared",
    rule: "every attribute of settings is a setting of the manifest",
    why: "nobody can set it otherwise",
  },
  {
    id: "module.outputs",
    rule: "there are the outputs vm_ip, vm_name and connection_info",
    why: "waiting, ssh, status and people need them",
  },
  {
    id: "module.plainOutputs",
    rule: "none of these outputs is sensitive",
    why: "the root module leaves sensitive outputs out",
  },
];

export const moduleRules: StaticRule[] = [
  {
    id: "module.valid",
    rule: "the module is valid HCL",
    why: "nothing works otherwise",
    how,
    level,
    mandatory: true,
    check: ({ module: { failure, untested } }) =>
      untested !== undefined ? { untested } : failure === undefined ? [] : [failure],
  },
  ...known.map((rule): StaticRule => ({
    ...rule,
    how,
    level,
    mandatory: true,
    check: (subject) =>
      withModule(subject, () => subject.module.problems.filter((problem) => problem.rule === rule.id)),
  })),
  {
    id: "module.noDefaults",
    rule: "standard inputs have no default",
    why: "a default would hide that the root module passes nothing",
    how,
    level,
    mandatory: true,
    check: (subject) =>
      withModule(subject, ({ variables = {} }) =>
        [...standardNames(subject)]
          .filter((name) => variables[name] !== undefined && variables[name].required !== true)
          .map((name) => ({
            message: `standard input ${name} has a default`,
            where: `${subject.folder}/variables.tf`,
            hint: "remove the default; null is one too",
          })),
      ),
  },
  {
    id: "module.ownVariables",
    rule: "there is no variable beside the standard inputs and settings",
    why: "the root module passes nothing else, so it always has its default",
    how,
    level,
    mandatory: false,
    check: (subject) =>
      withModule(subject, ({ variables = {} }) =>
        Object.entries(variables)
          .filter(
            ([name, { required }]) => required !== true && name !== "settings" && !standardNames(subject).has(name),
          )
          .map(([name]) => ({
            message: `nobody can set variable ${name}`,
            where: `${subject.folder}/variables.tf`,
            hint: "make it a local value, or an attribute of settings",
          })),
      ),
  },
  {
    id: "module.userData",
    rule: "user_data is declared sensitive",
    why: "it holds the machine's private host key, which a plan would show",
    how,
    level,
    mandatory: true,
    check: (subject) =>
      withModule(subject, ({ variables = {} }) =>
        variables["user_data"] === undefined || variables["user_data"].sensitive === true
          ? []
          : [
              {
                message: "user_data is not sensitive",
                where: `${subject.folder}/variables.tf`,
                hint: "add sensitive = true",
              },
            ],
      ),
  },
  {
    id: "module.described",
    rule: "variables and outputs have descriptions",
    why: "they are the documentation of the module",
    how,
    level,
    mandatory: false,
    check: (subject) =>
      withModule(subject, ({ variables = {}, outputs = {} }) =>
        [...Object.entries(variables), ...Object.entries(outputs)]
          .filter(([, part]) => (part.description ?? "") === "")
          .map(([name]) => ({
            message: `${name} has no description`,
            where: `${subject.folder}/${name in variables ? "variables" : "outputs"}.tf`,
            hint: "add description",
          })),
      ),
  },
  {
    id: "module.login",
    rule: "without the capability user_data there is an output login",
    why: "the host has a key of its own then, and nobody logs in to one whose key is not known",
    how,
    level,
    mandatory: true,
    check: (subject) =>
      withModule(subject, ({ outputs = {} }) => {
        if (subject.manifest.value?.capabilities.user_data === true || outputs["login"] !== undefined) return [];
        const hint = 'add output "login" with { user, port, host_key }';
        return [{ message: "there is no output login", where: `${subject.folder}/outputs.tf`, hint }];
      }),
  },
  ...optionalOutput(
    "module.dataDiskId",
    "data_disk_id",
    "data_disk",
    "who replaces a machine wants to see that its disk stays",
  ),
  ...optionalOutput("module.ipv6", "ipv6_address", "ipv6", "people want to reach it"),
];

function optionalOutput(id: string, output: string, capability: "data_disk" | "ipv6", why: string): StaticRule[] {
  return [
    {
      id,
      rule: `with the capability ${capability} there is an output ${output}`,
      why,
      how,
      level,
      mandatory: false,
      check: (subject) =>
        withModule(subject, ({ outputs = {} }) => {
          if (subject.manifest.value?.capabilities[capability] !== true) return { untested: `no ${capability}` };
          if (outputs[output] !== undefined) return [];
          return [
            {
              message: `there is no output ${output}`,
              where: `${subject.folder}/outputs.tf`,
              hint: `add output "${output}"`,
            },
          ];
        }),
    },
  ];
}

export function withModule(
  subject: Subject,
  check: (module: ModuleDescription["root_module"]) => readonly Finding[] | Untested,
): readonly Problem[] | Untested {
  if (subject.module.description !== undefined && subject.manifest.value !== undefined) {
    return check(subject.module.description.root_module);
  }
  return { untested: subject.module.untested ?? "provider.yaml or the module has to be mended first" };
}

function standardNames({ standardInputs }: Subject): ReadonlySet<string> {
  return new Set(standardInputs);
}
