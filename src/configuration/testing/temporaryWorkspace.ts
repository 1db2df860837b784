import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import type { Event } from "../../events/Event.ts";
import type { Ports } from "../../ports/Ports.ts";
import type { Manifest, Setting } from "../../providers/Manifest.ts";
import { realPorts } from "../../system/realPorts.ts";
import { workspaceAt, type Workspace } from "../../Workspace.ts";
import type { DeclaredApplication } from "../DeclaredApplication.ts";
import { loadConfiguration } from "../loadConfiguration.ts";
import type { StackConfiguration } from "../StackConfiguration.ts";

export interface TemporaryWorkspace {
  workspace: Workspace;
  events: Event[];
  ports: Ports;
  load(options?: LoadOptions): Promise<StackConfiguration>;
}

export interface LoadOptions {
  environment?: string;
  manifest?: Manifest;
  process?: Record<string, string>;
  set?: Record<string, string>;
  persist?: boolean;
  rehearsal?: boolean;
  needs?: (key: string) => boolean;
  verify?: boolean;
  /** As in the request, with nothing to find for the caller. */
  forService?: boolean;
  /** What the application declares. */
  application?: DeclaredApplication;
}

/** A tree in a real temporary directory. Names of files are relative to `infrastructure/config`. */
export async function temporaryWorkspace(files: Record<string, string | Uint8Array>): Promise<TemporaryWorkspace> {
  const root = await mkdtemp(join(tmpdir(), "landfall-configuration-"));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const workspace = workspaceAt(root, join(root, "cache"));
  const events: Event[] = [];
  const ports = { ...realPorts((event) => events.push(event)) };
  await ports.files.makeDirectory(workspace.environmentConfiguration);
  await ports.files.makeDirectory(workspace.providerConfiguration);
  for (const [name, content] of Object.entries(files)) {
    const path = join(root, "infrastructure/config", name);
    await ports.files.makeDirectory(dirname(path));
    await ports.files.write(path, content);
  }
  const withEnvironment = (environment: Record<string, string>): Ports => ({
    ...ports,
    machine: { ...ports.machine, home: "/home/somebody", environment },
  });
  return {
    workspace,
    events,
    ports: withEnvironment({}),
    load: ({
      environment = "development",
      manifest = acme(),
      process = {},
      set = {},
      persist = true,
      forService = false,
      application,
      ...more
    } = {}) =>
      loadConfiguration(
        {
          workspace,
          environment,
          provider: manifest.name,
          manifest,
          overrides: new Map(Object.entries(set)),
          persist,
          ...more,
          ...(application === undefined ? {} : { application: async () => application }),
          ...(forService ? { forService: async () => [] } : {}),
        },
        withEnvironment(process),
      ),
  };
}

export function setting(details: Partial<Setting> = {}): Setting {
  return { description: "", secret: false, required: false, examples: [], aliases: [], computed: false, ...details };
}

/** A provider that can do everything and takes a few settings. */
export function acme(changes: Partial<Manifest> = {}): Manifest {
  return {
    contract: 1,
    name: "acme",
    title: "Acme Cloud",
    description: "",
    settings: {
      token: setting({ secret: true, environment: "ACME_TOKEN", aliases: ["ACME_API_TOKEN"], pattern: "[a-z0-9]{8}" }),
      location: setting({ default: "north", examples: ["north", "south"], pattern: "[a-z]+" }),
      image: setting({ computed: true }),
      endpoint_url: setting({ environment: "ACME_ENDPOINT" }),
    },
    prerequisites: [],
    defaults: { vm_memory: 3072, vm_vcpus: 3 },
    capabilities: {
      create: true,
      data_disk: true,
      reserve_address: true,
      ipv6: true,
      user_data: true,
      console: true,
      local: true,
    },
    actions: {},
    timeouts: { create: 1, ssh: 1, cloud_init: 1, destroy: 1 },
    resources: { machine: [], disk: [], data: [], address: [], restart: [] },
    ...changes,
  };
}

/** What a promise rejects with; fails the test when it does not. */
export async function rejection<E extends Error>(
  promise: Promise<unknown>,
  type: new (...args: never[]) => E,
): Promise<E> {
  const outcome = await promise.then(
    () => new Error("it did not fail"),
    (error: unknown) => error,
  );
  if (outcome instanceof type) return outcome;
  throw outcome;
}
