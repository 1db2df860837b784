import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ModuleDescription } from "../../../engine/engineJson.ts";
import { AppError } from "../../../errors.ts";
import type { Event } from "../../../events/Event.ts";
import { realPorts } from "../../../system/realPorts.ts";
import { workspaceAt } from "../../../Workspace.ts";
import type { StackContext } from "../../behaviour.ts";
import type { LoadedBehaviour } from "../../ModuleWrapper.ts";
import { planStyleBehaviour } from "../planStyleBehaviour.ts";

const sound = {
  provider_validate_prerequisites: "log_info fine",
  provider_generate_terraform_vars: 'echo "colour = \\"red\\"" > "$1"',
  provider_get_info: "echo acme",
};

type Functions = Partial<typeof sound> & { provider_cleanup?: string };

/** A folder with a `provider.sh` that is called with the real bash, and what was emitted. */
export interface ScriptBench {
  folder: string;
  events: Event[];
  /** The behaviour of a sound script with some functions replaced, and `top` above and `end` below them, and 20 s for each call. */
  script(functions: Functions, around?: { top?: string; end?: string; limitMs?: number }): Promise<LoadedBehaviour>;
  remove(): Promise<void>;
}

export async function scriptBench(): Promise<ScriptBench> {
  const folder = await mkdtemp(join(tmpdir(), "landfall-plan-style-test-"));
  const events: Event[] = [];
  return {
    folder,
    events,
    async script(functions, { top = "", end = "", limitMs = 20_000 } = {}) {
      const bodies = Object.entries({ ...sound, ...functions });
      const text = bodies.map(([name, body]) => `${name}() {\n${body}\n}\n`).join("");
      await writeFile(join(folder, "provider.sh"), `${top}\n${text}${end}\n`);
      const ports = realPorts((event) => void events.push(event));
      return planStyleBehaviour(
        { name: "acme", folder, origin: "tree" },
        { workspace: workspaceAt(folder, folder), ports },
        undefined,
        { call: limitMs, cleanUp: limitMs },
      );
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

export function context(values: Record<string, string> = {}, secret?: string): StackContext {
  return {
    settings: values,
    secret: (key: string) => (key === "token" ? secret : undefined),
    inputs: { ssh_public_key: "ssh-ed25519 AAAA", vm_name: "box" },
  } as unknown as StackContext;
}

const outputs = { vm_ip: {}, vm_name: {}, connection_info: {} };

/** A module with these variables and the outputs that every module has. */
export function describing(variables: NonNullable<ModuleDescription["root_module"]["variables"]>) {
  return async (): Promise<ModuleDescription> => ({ root_module: { variables, outputs } });
}

export const colour = describing({ colour: { type: "string", required: true } });

export async function failure(work: Promise<unknown> | undefined): Promise<AppError> {
  const error: unknown = await work?.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof AppError)) throw new Error(`no AppError: ${String(error)}`);
  return error;
}
