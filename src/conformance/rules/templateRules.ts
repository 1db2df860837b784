import type { StaticRule } from "../Rule.ts";
import { withManifest } from "../textOf.ts";

const level = "static";
const none = {
  untested: "there is no template: NAME.env.tpl in infrastructure/config/providers/, or in the folder itself",
};

export const templateRules: StaticRule[] = [
  {
    id: "template.parses",
    rule: "the provider's .env.tpl can be read",
    why: "configure makes the user's file from it",
    how: "it is parsed as every .env file",
    level,
    mandatory: true,
    check: ({ template }) => template?.problems ?? none,
  },
  {
    id: "template.keys",
    rule: "every key of the template is one that is known, also where it stands in a comment",
    why: "what nobody reads is a promise that is not kept",
    how: "against the manifest and the standard variables",
    level,
    mandatory: true,
    check: (subject) =>
      withManifest(subject, () => {
        const { template } = subject;
        if (template === undefined) return none;
        return template.keys
          .filter(({ key }) => !template.known(key))
          .map(({ key, where }) => ({ message: `nothing uses ${key}`, where, hint: "correct its name, or remove it" }));
      }),
  },
  {
    id: "template.complete",
    rule: "the template mentions every setting that users can set",
    why: "it is where people look for what can be set",
    how: "against the manifest",
    level,
    mandatory: false,
    check: (subject) =>
      withManifest(subject, ({ settings }) => {
        const { template } = subject;
        if (template === undefined) return none;
        if (template.problems.length > 0) return { untested: "the template has to be mended first" };
        const mentioned = new Set(template.keys.map(({ key }) => key));
        return Object.entries(settings)
          .filter(([key, { computed }]) => !computed && !mentioned.has(template.variable(key)))
          .map(([key]) => ({
            message: `the template does not mention ${template.variable(key)}`,
            where: `${subject.name}.env.tpl`,
            hint: "add it, as a comment where it has a default",
          }));
      }),
  },
];
