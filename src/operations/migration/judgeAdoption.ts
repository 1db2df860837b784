import { changedAttributes } from "../../engine/changedAttributes.ts";
import type { PlanJson, ResourceChange } from "../../engine/engineJson.ts";
import { rolesOf } from "../../engine/rolesOf.ts";
import { summarizePlan } from "../../engine/summarizePlan.ts";
import type { Problem } from "../../errors.ts";
import { settingVariable } from "../../providers/settingVariable.ts";
import type { LoadedStack } from "../loadStack.ts";

export interface Verdict {
  /** What the plan would do besides Landfall's own records, one for each thing. */
  differences: readonly Problem[];
  /** Whether these leave the machine running, remove nothing and restart nothing. */
  harmless: boolean;
  /** Addresses of Landfall's own records that would be made. */
  records: readonly string[];
}

/** What a plan over imported resources says. Landfall's own records are `terraform_data`: they exist in the state only. */
export function judgeAdoption(plan: PlanJson, loaded: LoadedStack): Verdict {
  const { resources } = loaded.provider.manifest;
  const every = (plan.resource_changes ?? []).filter(
    ({ mode, change }) =>
      mode === "managed" && !change.actions.every((action) => action === "no-op" || action === "read"),
  );
  const records = every.filter((change) => isOwnRecord(change, loaded));
  const changes = every.filter((change) => !records.includes(change));
  const { impact, machine, data } = summarizePlan({ resource_changes: changes }, resources);
  const keeps =
    machine !== "create" && data !== "destroy" && !changes.some(({ change }) => change.actions.includes("delete"));
  const harmless = keeps && ["none", "create", "harmless"].includes(impact);
  return {
    differences: changes.map((change) => difference(change, loaded)),
    harmless,
    records: records.map(({ address }) => address),
  };
}

function isOwnRecord(change: ResourceChange, { provider }: LoadedStack): boolean {
  return (
    /(^|\.)terraform_data\.[^.[]+(\[\d+\])?$/.test(change.address) &&
    change.change.actions.join() === "create" &&
    rolesOf(change, provider.manifest.resources).size === 0
  );
}

function difference(change: ResourceChange, loaded: LoadedStack): Problem {
  const { address } = change;
  const actions = change.change.actions;
  const where = address.replace(/^module\.provider\./, "");
  if (actions.join() === "create") {
    return { where, message: "does not exist in the old state: it would be made" };
  }
  if (!actions.includes("create") && actions.includes("delete")) return { where, message: "would be removed" };
  const attributes = [...new Set(changedAttributes(change).map((path) => path.replace(/\.\d+(\..*)?$/, "")))];
  const verb = actions.includes("delete") ? "would be replaced" : "would be changed";
  const hints = attributes.flatMap((path) => hintFor(path, change, loaded));
  return {
    where,
    message: `${verb}: ${attributes.map((path) => describe(path, change)).join(", ")}`,
    ...(hints.length === 0 ? {} : { hint: `to keep what is there: ${hints.join(", ")}` }),
  };
}

function describe(path: string, resource: ResourceChange): string {
  if (isSensitive(path, resource)) return path;
  const values = [at(resource.change.before, path), at(resource.change.after, path)];
  const [before, after] = values.map(shown);
  const [was, becomes] = values;
  if (Array.isArray(was) && Array.isArray(becomes)) return `${path} (${listChanges(was.map(flat), becomes.map(flat))})`;
  if (before === undefined || after === undefined) return path;
  return `${path} (${before} -> ${after})`;
}

function listChanges(before: readonly string[], after: readonly string[]): string {
  const gone = before.filter((element) => !after.includes(element));
  const fresh = after.filter((element) => !before.includes(element));
  return [
    ...(gone.length === 0 ? [] : [`gone: ${gone.join(", ")}`]),
    ...(fresh.length === 0 ? [] : [`new: ${fresh.join(", ")}`]),
  ].join("; ");
}

/** A block of a list as words: all its values that are plain. */
function flat(element: unknown): string {
  if (typeof element !== "object" || element === null) return String(element);
  return Object.values(element)
    .flatMap((value: unknown) => (Array.isArray(value) ? value : [value]))
    .filter((value) => typeof value !== "object" && value !== "")
    .join(" ");
}

/** Which setting would keep the present value. */
function hintFor(path: string, { change }: ResourceChange, { provider, configuration }: LoadedStack): string[] {
  const before = at(change.before, path);
  const after = at(change.after, path);
  if ((typeof before !== "string" && typeof before !== "number") || String(before) === "") return [];
  const setting = provider.manifest.settings[path];
  if (setting !== undefined && !setting.secret && !setting.computed) {
    return [`${settingVariable(provider.name, path)}=${before}`];
  }
  const { standard } = configuration;
  const standardValues = {
    VM_NAME: standard.vmName,
    VM_MEMORY: standard.vmMemory,
    VM_VCPUS: standard.vmVcpus,
    VM_DISK_SIZE: standard.vmDiskSize,
    DATA_DISK_SIZE: standard.dataDiskSize,
  };
  const fitting = Object.entries(standardValues).filter(([, value]) => value === after);
  const [only] = fitting;
  return only !== undefined && fitting.length === 1 && typeof only[1] === typeof before ? [`${only[0]}=${before}`] : [];
}

function at(value: unknown, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>(
      (inner, key) =>
        typeof inner === "object" && inner !== null ? (inner as Record<string, unknown>)[key] : undefined,
      value,
    );
}

function shown(value: unknown): string | undefined {
  if (value === undefined || value === null) return "none";
  if (typeof value === "object") return undefined;
  const text = String(value);
  return text.length > 60 ? undefined : text === "" ? "empty" : text;
}

function isSensitive(path: string, { change }: ResourceChange): boolean {
  const marks = change as { before_sensitive?: unknown; after_sensitive?: unknown };
  const keys = path.split(".");
  return [marks.before_sensitive, marks.after_sensitive].some(
    (mark) =>
      keys.some((_key, index) => at(mark, keys.slice(0, index + 1).join(".")) === true) || marked(at(mark, path)),
  );
}

function marked(mark: unknown): boolean {
  return mark === true || (typeof mark === "object" && mark !== null && Object.values(mark).some(marked));
}
