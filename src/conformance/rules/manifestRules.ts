import type { Problem } from "../../errors.ts";
import type { StaticRule } from "../Rule.ts";

interface ManifestRule extends Omit<StaticRule, "check" | "level"> {
  /** Whether a problem of the manifest is one of this rule. */
  covers(problem: Problem): boolean;
}

const key = (pattern: RegExp) => (problem: Problem) => pattern.test(problem.key ?? "");
const says = (pattern: RegExp) => (problem: Problem) => pattern.test(problem.message);
const how = "the manifest is read";

/** In this order: the first that covers a problem counts. The last one covers everything. */
const rules: ManifestRule[] = [
  {
    id: "manifest.readable",
    rule: "provider.yaml is there: one document of plain YAML, at most 64 KiB, 10 levels, 20 aliases, no tags",
    why: "it is read from every folder at every command, also from folders of strangers",
    how: "the file is parsed within those limits",
    mandatory: true,
    covers: ({ key: about, message }) => about === undefined && !message.startsWith("the manifest "),
  },
  {
    id: "manifest.contract",
    rule: "contract is a version that this Landfall accepts: the current one or the one before",
    why: "another version has other rules",
    how,
    mandatory: true,
    covers: key(/^contract$/),
  },
  {
    id: "manifest.name",
    rule: "name is the folder's name: lower-case letters, digits and hyphens, at most 31, beginning with a letter",
    why: "it is the second half of a stack's name, part of variables and of paths",
    how,
    mandatory: true,
    covers: key(/^name$/),
  },
  {
    id: "manifest.keys",
    rule: "there is no key that the contract does not know",
    why: "a misspelt key would be without effect, and nobody would notice",
    how: "against schemas/provider.schema.json",
    mandatory: true,
    covers: says(/unknown key|: a key /),
  },
  {
    id: "settings.secret",
    rule: "a secret setting has environment, and neither a default nor computed",
    why: "secrets reach the plugin by its environment only, and the manifest is public",
    how,
    mandatory: true,
    covers: says(/ is secret (but|and) /),
  },
  {
    id: "settings.computed",
    rule: "a computed setting is not required",
    why: "users cannot set what prepare fills in",
    how,
    mandatory: true,
    covers: says(/ is computed and required/),
  },
  {
    id: "settings.environment",
    rule: "no setting reaches a variable that steers programs, such as PATH, LD_PRELOAD or TF_LOG",
    why: "a value of a configuration file must not run code",
    how,
    mandatory: true,
    covers: says(/which steers programs/),
  },
  {
    id: "settings.aliases",
    rule: "a variable feeds one setting",
    why: "two settings of one spelling cannot be told apart",
    how: "the variables of all settings and their aliases are compared",
    mandatory: true,
    covers: says(/ means settings\.\S+ already/),
  },
  {
    id: "settings.pattern",
    rule: "a pattern is a regular expression, and the setting's default and examples match it",
    why: "what the documentation shows has to be accepted",
    how,
    mandatory: true,
    covers: says(/does not match the setting's own pattern|is not a regular expression/),
  },
  {
    id: "catalog.settings",
    rule: "catalog names settings that the module sees",
    why: "the type that is chosen from the catalog reaches the module as that setting",
    how,
    mandatory: true,
    covers: key(/^catalog\./),
  },
  {
    id: "capabilities.values",
    rule: "a capability is true, or the reason why not as text",
    why: "who asks for it reads the reason",
    how,
    mandatory: true,
    covers: key(/^capabilities\./),
  },
  {
    id: "timeouts.values",
    rule: "time-outs are whole seconds from 1 to 86400",
    why: "waiting has to end",
    how,
    mandatory: true,
    covers: key(/^timeouts\./),
  },
  {
    id: "resources.addresses",
    rule: "resources are addresses inside the module, such as acme_server.vm",
    why: "they decide what a plan means for machine and data",
    how,
    mandatory: true,
    covers: key(/^resources\./),
  },
  {
    id: "manifest.values",
    rule: "every value has the type and form of its key",
    why: "nothing is guessed",
    how: "against schemas/provider.schema.json",
    mandatory: true,
    covers: () => true,
  },
];

export const manifestRules: StaticRule[] = rules.map(({ covers: _covers, ...rule }) => ({
  ...rule,
  level: "static",
  check({ manifest }) {
    const own = manifest.problems.filter((problem) => rules.find(({ covers }) => covers(problem))?.id === rule.id);
    if (own.length > 0 || manifest.value !== undefined) return own;
    const unread = manifest.data === undefined && rule.id !== "manifest.readable";
    return unread ? { untested: "provider.yaml has to be mended first" } : [];
  },
}));
