import { accepts } from "../accepts.ts";
import type { Finding, StaticRule, Untested } from "../Rule.ts";
import type { Catalog } from "../../providers/catalog/Catalog.ts";
import type { Subject } from "../Subject.ts";
import { fileAt, matches, moduleTexts, withManifest } from "../textOf.ts";
import { pluginBlocks } from "./hclRules.ts";

const level = "static";
const how = "catalog.json is read";
/** As the plan level asks for: memory, processors, disk. */
const sizes = [
  [1024, 1, 10],
  [4096, 2, 40],
  [8192, 4, 80],
] as const;

export const catalogRules: StaticRule[] = [
  {
    id: "catalog.valid",
    rule: "where the manifest names its settings, catalog.json is valid, and where there is a catalog.json, the manifest does",
    why: "types are chosen from it",
    how: "against its schema",
    level,
    mandatory: true,
    check: (subject) =>
      withManifest(subject, ({ catalog }) => {
        if (catalog === undefined && fileAt(subject, "catalog.json") !== undefined) {
          const hint = "name the settings for type and region: catalog: { type: ..., region: ... }";
          return [{ message: "catalog is missing", where: subject.manifest.where(["catalog"]), hint }];
        }
        return subject.catalog.problems;
      }),
  },
  {
    id: "catalog.date",
    rule: "dates of the catalog are days that exist",
    why: "people judge prices by their age",
    how,
    level,
    mandatory: true,
    check: (subject) =>
      withCatalog(subject, ({ date, types }) =>
        [date, ...types.flatMap((offer) => offer.date ?? [])]
          .filter((day) => new Date(`${day}T00:00:00Z`).toJSON()?.slice(0, 10) !== day)
          .map((day) => ({ message: `${day} is no day`, where: place(subject), hint: "write YYYY-MM-DD" })),
      ),
  },
  {
    id: "catalog.source",
    rule: "the catalog's source is an address, https://...",
    why: "so that anybody can look it up",
    how,
    level,
    mandatory: false,
    check: (subject) =>
      withCatalog(subject, ({ source, types }) =>
        [source, ...types.flatMap((offer) => offer.source ?? [])]
          .filter((text) => !text.startsWith("https://"))
          .map((text) => ({ message: `the source is "${text}"`, where: place(subject), hint: "name the page" })),
      ),
  },
  {
    id: "catalog.unique",
    rule: "a type is offered once in a region",
    why: "of two prices nobody knows which counts",
    how,
    level,
    mandatory: true,
    check: (subject) =>
      withCatalog(subject, ({ types }) => {
        const seen = types.flatMap(({ name, regions = [] }) => regions.map((region) => `${name} in ${region}`));
        return [...new Set(seen.filter((entry, index) => seen.indexOf(entry) !== index))].map((entry) => ({
          message: `${entry} is offered twice`,
          where: place(subject),
          hint: "keep one entry",
        }));
      }),
  },
  {
    id: "catalog.successors",
    rule: "a retired type has a successor that can be ordered",
    why: "who asks for the old one is told the new one",
    how,
    level,
    mandatory: true,
    check: (subject) =>
      withCatalog(subject, ({ types }) => {
        const orderable = new Set(types.filter(({ retired }) => retired !== true).map(({ name }) => name));
        return types
          .filter(({ retired, successor }) => retired === true && !orderable.has(successor ?? ""))
          .map(({ name, successor }) => ({
            message: `${name} is retired, and its successor ${successor ?? "is missing"}${successor === undefined ? "" : " cannot be ordered"}`,
            where: place(subject),
            hint: "name a type that is sold",
          }));
      }),
  },
  {
    id: "catalog.sizes",
    rule: "the catalog has a type for each standard size in the default region",
    why: "a first apply without a choice of type has to work",
    how: "1024 MiB/1/10 GiB, 4096/2/40, 8192/4/80 for amd64",
    level,
    mandatory: true,
    check: (subject) =>
      withCatalog(subject, () => {
        const { settings, catalog } = subject.manifest.value ?? {};
        const region = settings?.[catalog?.region ?? ""]?.default ?? "";
        return sizes
          .filter(
            ([memory, vcpus, disk]) =>
              subject.catalog.choose({ memory, vcpus, disk, architecture: "amd64", region }) === undefined,
          )
          .map(([memory, vcpus, disk]) => ({
            message: `there is nothing for ${memory} MiB, ${vcpus} processors, ${disk} GiB in ${region || "no default region"}`,
            where: place(subject),
            hint: "add a larger type, or another default region",
          }));
      }),
  },
  {
    id: "plugin.recipe",
    rule: "where there is a folder plugin, its go.mod says with tool what to build, and go.sum is there",
    why: "where no plugin registry can be reached, the plugin is built from it",
    how: "the recipe is read",
    level,
    mandatory: true,
    check(subject) {
      if (!subject.files.some(({ path }) => path === "plugin")) return { untested: "there is no folder plugin" };
      if (subject.recipe.problem !== undefined) return [subject.recipe.problem];
      const where = `${subject.folder}/plugin`;
      if (subject.recipe.value === undefined)
        return [{ message: "there is no plugin/go.mod", where, hint: "write one" }];
      if ((fileAt(subject, "plugin/go.sum")?.size ?? 0) > 0) return [];
      return [{ message: "there is no plugin/go.sum", where, hint: "run go mod tidy there" }];
    },
  },
  {
    id: "plugin.version",
    rule: "the version that is built is one that the module accepts",
    why: "otherwise it is built in vain",
    how: "go.mod against required_providers",
    level,
    mandatory: true,
    check(subject) {
      const { value: recipe } = subject.recipe;
      const source = subject.manifest.value?.plugin?.source;
      const block = pluginBlocks(moduleTexts(subject)).find((entry) => entry.source === source);
      if (recipe === undefined || block?.version === undefined) return { untested: "nothing is built" };
      if (accepts(block.version, recipe.version)) return [];
      return [
        {
          message: `plugin/go.mod builds ${recipe.version}, but the module asks for ${block.version}`,
          where: `${subject.folder}/plugin/go.mod`,
          hint: "change one of them",
        },
      ];
    },
  },
  {
    id: "plugin.noReplace",
    rule: "go.mod replaces nothing by a path",
    why: "the recipe has to work on every computer",
    how: "go.mod is read",
    level,
    mandatory: true,
    check(subject) {
      const file = fileAt(subject, "plugin/go.mod");
      if (file?.text === undefined) return { untested: "nothing is built" };
      return matches(subject, file, file.text, /=>\s*(\.{1,2}\/|\/)\S*/g, ([found]) => ({
        message: `plugin/go.mod has ${found}`,
        hint: "require a published version",
      }));
    },
  },
];

function withCatalog(subject: Subject, check: (catalog: Catalog) => readonly Finding[]): readonly Finding[] | Untested {
  const { value } = subject.catalog;
  return value === undefined ? { untested: "there is no catalog, or it has to be mended first" } : check(value);
}

function place({ folder }: Subject): string {
  return `${folder}/catalog.json`;
}
