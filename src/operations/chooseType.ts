import { AppError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import type { StackConfiguration } from "../configuration/StackConfiguration.ts";
import type { Ports } from "../ports/Ports.ts";
import type { Catalog, Choice, MachineNeed } from "../providers/catalog/Catalog.ts";
import { chooseOffer, findOffer } from "../providers/catalog/chooseOffer.ts";
import { readCatalog } from "../providers/catalog/readCatalog.ts";
import type { Provider } from "../providers/Provider.ts";
import { settingVariable } from "../providers/settingVariable.ts";
import { recordedInput, type StateContent } from "../stacks/StateContent.ts";
import type { LoadedStack } from "./loadStack.ts";

export interface TypeChoice {
  type: string;
  /** What was asked for when it was chosen; absent where the user names the type. */
  need?: MachineNeed;
  /** Absent where the catalog does not know the type there. */
  choice?: Choice;
}

/**
 * The type of machine that a stack gets: the user's own, the one that was recorded when the machine was made, or the
 * cheapest that is large enough. Undefined where the provider has no catalog. Throws AppError `catalog.retired` and
 * `catalog.noType`.
 */
export async function chooseType(
  { provider, configuration }: Pick<LoadedStack, "provider" | "configuration">,
  recorded: TypeChoice | undefined,
  { files, emit }: Pick<Ports, "files" | "emit">,
): Promise<TypeChoice | undefined> {
  const { catalog: keys } = provider.manifest;
  if (keys === undefined) return undefined;
  const catalog = await readCatalog(provider, files);
  const need = needOf(configuration, configuration.settings[keys.region] ?? "");
  const named = configuration.settings[keys.type];
  if (named !== undefined && named !== "") {
    const choice = findOffer(catalog, named, need);
    // What runs already need not be on sale any more.
    if (choice === undefined && named !== recorded?.type) tellOfUnknown(named, need.region, provider, catalog, emit);
    return { type: named, ...(choice === undefined ? {} : { choice }) };
  }
  if (recorded?.need !== undefined && isSame(recorded.need, need)) return recorded;
  const choice = chooseOffer(catalog, need);
  if (choice === undefined) throw nothingFits(provider, need, catalog, keys.type);
  return { type: choice.offer.name, need, choice };
}

function needOf({ standard }: StackConfiguration, region: string): MachineNeed {
  const { vmMemory: memory, vmVcpus: vcpus, vmDiskSize: disk, vmArch: architecture } = standard;
  return { memory, vcpus, disk, architecture, region };
}

function isSame(a: MachineNeed, b: MachineNeed): boolean {
  return (["memory", "vcpus", "disk", "architecture", "region"] as const).every((key) => a[key] === b[key]);
}

/** A catalog is never complete: what it does not know may exist. What it knows to be gone is refused. */
function tellOfUnknown(
  type: string,
  region: string,
  { name, manifest }: Provider,
  catalog: Catalog,
  emit: Ports["emit"],
): void {
  const entries = catalog.types.filter((offer) => offer.name === type);
  const variable = settingVariable(name, manifest.catalog?.type ?? "");
  const retired = entries.find((offer) => offer.retired === true);
  if (retired !== undefined) {
    const { successor } = retired;
    throw new AppError("catalog.retired", `${manifest.title} does not sell ${type} any more`, {
      hint:
        successor === undefined
          ? `leave ${variable} out`
          : `write ${variable}=${successor}, its successor, or leave it out`,
      exit: exitCodes.usage,
    });
  }
  emit({
    type: "notice",
    level: "warning",
    code: "catalog.unknownType",
    message:
      entries.length === 0
        ? `the catalog of ${catalog.date} does not know the type ${type}: it is asked for as it is`
        : `the catalog of ${catalog.date} knows no ${type} in ${region}: it is asked for as it is`,
    hint: `${variable}: landfall compare lists what fits`,
  });
}

function nothingFits({ name, manifest }: Provider, need: MachineNeed, catalog: Catalog, key: string): AppError {
  const { memory, vcpus, disk, architecture, region } = need;
  const regions = [...new Set(catalog.types.flatMap((offer) => offer.regions ?? []))];
  const known = regions.includes(region);
  return new AppError(
    "catalog.noType",
    known
      ? `no type of ${manifest.title} in ${region} has ${memory} MiB, ${vcpus} processors, a disk of ${disk} GiB and the architecture ${architecture}`
      : `the catalog of ${manifest.title} (${catalog.date}) knows no region ${region}`,
    {
      hint: known
        ? `ask for less, for another region, or name a type: ${settingVariable(name, key)}`
        : `choose one of ${regions.join(", ")}, or name a type: ${settingVariable(name, key)}`,
      exit: exitCodes.usage,
    },
  );
}

/** What was chosen for the machine that exists, from the state; undefined where there is none. */
export function recordedType(state: StateContent | undefined): TypeChoice | undefined {
  const recorded = recordedInput(state, "machine_type") as { type?: string; need?: MachineNeed | null } | undefined;
  if (typeof recorded?.type !== "string") return undefined;
  return { type: recorded.type, ...(recorded.need ? { need: recorded.need } : {}) };
}

/** The type of a machine that is taken over counts as the one that was chosen for what the configuration asks for. */
export function adoptedType(
  type: string,
  { configuration, provider }: Pick<LoadedStack, "configuration" | "provider">,
): TypeChoice {
  return { type, need: needOf(configuration, configuration.settings[provider.manifest.catalog?.region ?? ""] ?? "") };
}
