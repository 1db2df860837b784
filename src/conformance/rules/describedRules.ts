import type { StaticRule } from "../Rule.ts";
import { fileAt, makesMachines, withManifest } from "../textOf.ts";

const level = "static";
const how = "the manifest is read";
const shortestReason = 8;
const thereAnyway: readonly string[] = ["create", "user_data"];
const longestTimeout = 3600;

export const describedRules: StaticRule[] = [
  {
    id: "manifest.description",
    rule: "description says in one line what the provider offers, without a full stop",
    why: "landfall providers shows it in a table",
    how,
    level,
    mandatory: false,
    check: (subject) =>
      withManifest(subject, ({ description }) =>
        isPhrase(description)
          ? []
          : [
              {
                message: `description is ${description === "" ? "missing" : `"${description}"`}`,
                where: subject.manifest.where(["description"]),
                hint: "write one line that begins with a capital letter and has no full stop",
              },
            ],
      ),
  },
  {
    id: "settings.described",
    rule: "every setting has a description",
    why: "provider info and configure show it to who has to choose a value",
    how,
    level,
    mandatory: true,
    check: (subject) =>
      withManifest(subject, ({ settings }) =>
        Object.entries(settings)
          .filter(([, { description }]) => description.trim() === "")
          .map(([key]) => ({
            message: `settings.${key} has no description`,
            where: subject.manifest.where(["settings", key]),
            hint: "say in one line what it means",
          })),
      ),
  },
  {
    id: "settings.form",
    rule: "descriptions of settings are one line, begin with a capital letter and have no full stop",
    why: "they stand in one table",
    how,
    level,
    mandatory: false,
    check: (subject) =>
      withManifest(subject, ({ settings }) =>
        Object.entries(settings)
          .filter(([, { description }]) => description.trim() !== "" && !isPhrase(description))
          .map(([key, { description }]) => ({
            message: `settings.${key} is described as "${description}"`,
            where: subject.manifest.where(["settings", key, "description"]),
            hint: "begin with a capital letter, leave the full stop out",
          })),
      ),
  },
  {
    id: "settings.secretPattern",
    rule: "a secret has a pattern",
    why: "a rehearsal makes a sample from it, and a truncated token is seen before anything is made",
    how,
    level,
    mandatory: false,
    check: (subject) =>
      withManifest(subject, ({ settings }) =>
        Object.entries(settings)
          .filter(([, { secret, pattern }]) => secret && pattern === undefined)
          .map(([key]) => ({
            message: `settings.${key} is secret and has no pattern`,
            where: subject.manifest.where(["settings", key]),
            hint: "add the pattern that the provider documents",
          })),
      ),
  },
  {
    id: "settings.prepared",
    rule: "where settings are computed, there is a provider.ts with prepare",
    why: "nobody else fills them in",
    how: "provider.ts is searched for the word",
    level,
    mandatory: true,
    check: (subject) =>
      withManifest(subject, ({ settings }) => {
        const [computed] = Object.entries(settings).find(([, setting]) => setting.computed) ?? [];
        if (computed === undefined || /\bprepare\b/.test(fileAt(subject, "provider.ts")?.text ?? "")) return [];
        return [
          {
            message: `settings.${computed} is computed, but provider.ts has no prepare`,
            where: subject.manifest.where(["settings", computed]),
            hint: "export prepare, or let users set it",
          },
        ];
      }),
  },
  {
    id: "defaults.sizes",
    rule: "defaults name memory, processors and disk, at least 512 MiB, 1 and 8 GiB",
    why: "environments may leave sizes to the provider, and the first boot needs as much",
    how,
    level,
    mandatory: false,
    check: (subject) =>
      withManifest(subject, ({ defaults }) => {
        if (!makesMachines(subject)) return { untested: "nothing is made" };
        const least = { vm_memory: 512, vm_vcpus: 1, vm_disk_size: 8 };
        return (Object.keys(least) as (keyof typeof least)[])
          .filter((key) => (defaults[key] ?? 0) < least[key])
          .map((key) => ({
            message: `defaults.${key} is ${defaults[key] ?? "missing"}`,
            where: subject.manifest.where(["defaults", key]),
            hint: `name at least ${least[key]}`,
          }));
      }),
  },
  {
    id: "capabilities.declared",
    rule: "every capability is declared but create and user_data, which are there where nothing is said",
    why: "what is not declared is refused without a reason",
    how,
    level,
    mandatory: true,
    check: (subject) =>
      withManifest(subject, ({ capabilities }) => {
        const written = (subject.manifest.data as { capabilities?: object }).capabilities ?? {};
        return Object.keys(capabilities)
          .filter((name) => !thereAnyway.includes(name) && !Object.hasOwn(written, name))
          .map((name) => ({
            message: `capabilities.${name} is not declared`,
            where: subject.manifest.where(["capabilities"]),
            hint: `write ${name}: true, or the reason why not`,
          }));
      }),
  },
  {
    id: "capabilities.reasons",
    rule: "what the provider cannot do has a reason that helps",
    why: "it is the answer to who asks for it",
    how: `a reason has at least ${shortestReason} characters and a blank`,
    level,
    mandatory: true,
    check: (subject) =>
      withManifest(subject, ({ capabilities }) =>
        Object.entries(capabilities)
          .filter(([, can]) => typeof can === "string" && (can.length < shortestReason || !can.includes(" ")))
          .map(([name, can]) => ({
            message: `capabilities.${name} says only "${String(can)}"`,
            where: subject.manifest.where(["capabilities", name]),
            hint: "say why not, as a phrase",
          })),
      ),
  },
  {
    id: "timeouts.bounds",
    rule: `no time-out is longer than ${longestTimeout} s`,
    why: "who waits longer has given up",
    how,
    level,
    mandatory: true,
    check: (subject) =>
      withManifest(subject, ({ timeouts }) =>
        Object.entries(timeouts)
          .filter(([, seconds]) => seconds > longestTimeout)
          .map(([name, seconds]) => ({
            message: `timeouts.${name} is ${seconds} s`,
            where: subject.manifest.where(["timeouts", name]),
            hint: `name at most ${longestTimeout}`,
          })),
      ),
  },
  {
    id: "prerequisites.purpose",
    rule: "a program that is needed is named once, and its purpose is a phrase",
    why: "doctor shows one line for each",
    how,
    level,
    mandatory: false,
    check: (subject) =>
      withManifest(subject, ({ prerequisites }) =>
        prerequisites.flatMap(({ command, purpose }, index) => {
          const twice = prerequisites.findIndex((other) => other.command === command) !== index;
          if (!twice && purpose.includes(" ") && !purpose.endsWith(".")) return [];
          return [
            {
              message: twice ? `${command} is named twice` : `the purpose of ${command} is "${purpose}"`,
              where: subject.manifest.where(["prerequisites", index]),
              hint: twice ? "keep one of them" : "say what it is needed for, without a full stop",
            },
          ];
        }),
      ),
  },
];

function isPhrase(text: string): boolean {
  return /^[A-Z0-9].*[^.\s]$/.test(text) && !text.includes("\n");
}
