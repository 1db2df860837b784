import { parseExactly } from "../parseExactly.ts";

/** What is read of a state in the engine's own format. */
export interface StateContent {
  serial: number;
  lineage: string;
  outputs: Readonly<Record<string, { value?: unknown }>>;
  resources: readonly StateResource[];
}

interface StateResource {
  module?: string;
  mode?: string;
  type: string;
  name: string;
  instances?: readonly {
    index_key?: number | string;
    /** `tainted` where the engine does not know whether it was made well. */
    status?: string;
    /** Set for what an interrupted replacement left. */
    deposed?: string;
    attributes?: Readonly<Record<string, unknown>>;
  }[];
}

export interface ModuleResource {
  /** Inside the module. */
  address: string;
  /** Empty where the resource has none. */
  id: string;
  tainted: boolean;
  attributes: Readonly<Record<string, unknown>>;
}

/** Throws SyntaxError for what is no state. */
export function parseState(text: string): StateContent {
  const state = parseExactly(text) as Partial<StateContent> | null;
  if (typeof state?.lineage !== "string" || typeof state.serial !== "number") throw new SyntaxError("no state");
  return { ...state, outputs: state.outputs ?? {}, resources: state.resources ?? [] } as StateContent;
}

/** The input of one of the root module's own `terraform_data`. */
export function recordedInput(state: StateContent | undefined, name: string): unknown {
  const resource = state?.resources.find(
    (one) => one.module === undefined && one.type === "terraform_data" && one.name === name,
  );
  const input = resource?.instances?.[0]?.attributes?.["input"];
  return (input as { value?: unknown } | undefined)?.value;
}

/** What a state knows of the resources of one module and of those below it, by address inside it. */
export function resourcesOf(state: StateContent | undefined, module: string): ModuleResource[] {
  return (state?.resources ?? [])
    .filter((resource) => isWithin(resource.module, module) && resource.mode !== "data")
    .flatMap(({ module: own = module, type, name, instances = [] }) =>
      instances
        .filter(({ deposed }) => deposed === undefined)
        .map(({ index_key: key, status, attributes = {} }) => ({
          address: own.slice(module.length + 1) + (own === module ? "" : ".") + addressOf({ type, name }, key),
          id: typeof attributes["id"] === "string" ? attributes["id"] : "",
          tainted: status === "tainted",
          attributes,
        })),
    );
}

function isWithin(own: string | undefined, module: string): boolean {
  return own === module || own?.startsWith(`${module}.`) === true;
}

/** Inside its module, as the engine writes it. */
export function addressOf(
  { type, name }: Pick<StateResource, "type" | "name">,
  key: number | string | undefined,
): string {
  return `${type}.${name}${key === undefined ? "" : `[${JSON.stringify(key)}]`}`;
}
