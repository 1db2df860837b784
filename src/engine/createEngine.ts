import { join } from "node:path";
import type { Secret } from "../configuration/Secret.ts";
import { AppError } from "../errors.ts";
import type { Ports } from "../ports/Ports.ts";
import { argv, type PlanOptions } from "./argv.ts";
import { childEnvironment, inheritedSecrets } from "./childEnvironment.ts";
import { createRedactor } from "./createRedactor.ts";
import type { ModuleDescription, OutputValue, PlanJson } from "./engineJson.ts";
import { runForJson, runForText, runStreamed, type EngineCall } from "./runEngineCall.ts";

export interface EngineContext {
  /** The engine's binary. */
  program: string;
  /** The stack's directory. */
  directory: string;
  /** Variables of the child on top of the short list that every child gets: TF_VAR_*, credentials, TF_CLI_CONFIG_FILE. */
  environment: Readonly<Record<string, string | Secret>>;
  /** Names, or beginnings with `*`, that the child takes over from this process, such as a cloud's credential chain. */
  passThrough?: readonly string[];
  /** Secrets besides those in `environment` that no output may show. */
  secrets?: readonly Secret[];
  /** Descriptors that the child holds open as well: the stack's lock lives as long as the engine does. */
  inherit?: readonly number[];
  /** Absolute. The event stream of init, plan, apply and import is appended here, and goes on when Landfall is killed. */
  eventsFile?: string;
  /** When it fires, the engine gets one SIGINT. */
  interrupt?: AbortSignal;
  /** How long a shared lock that somebody else holds is waited for; 20 s unless given. */
  lockTimeoutMs?: number;
  /** A call that writes nothing for this long is ended; 300 s unless given. */
  idleTimeoutMs?: number;
}

export interface PlanOutcome {
  /** Whether the plan would change anything: resources, outputs, or the state alone. */
  changes: boolean;
}

/** The engine in one stack's directory. Every method is one process; a bad end throws AppError `engine.*`. */
export interface Engine {
  init(): Promise<void>;
  plan(options: PlanOptions): Promise<PlanOutcome>;
  showPlan(planFile: string): Promise<PlanJson>;
  apply(planFile: string): Promise<void>;
  output(): Promise<Record<string, OutputValue>>;
  /** Variables and outputs of a module; works before init. */
  moduleDescription(folder: string): Promise<ModuleDescription>;
  untaint(address: string): Promise<void>;
  forceUnlock(id: string): Promise<void>;
  taint(address: string): Promise<void>;
  import(address: string, id: string): Promise<void>;
  /** The state as JSON, decrypted; undefined where there is none. */
  statePull(): Promise<string | undefined>;
  statePush(state: string, options?: { force?: boolean }): Promise<void>;
  /** Loses sight of it; what exists stays. */
  stateRemove(address: string): Promise<void>;
  /** Addresses of everything in the state. */
  stateList(): Promise<string[]>;
  version(): Promise<string>;
  /** Gives the terminal to the engine; resolves to its exit status. */
  raw(args: readonly string[]): Promise<number>;
}

const defaultIdleTimeoutMs = 300_000;
/** Plugins are downloaded without a word. */
const initPatience = 3;
/** What the engine prints of a shared state that was never written. */
const isNoState = /^\{"version":4,"terraform_version":"[^"]*","serial":0,"lineage":"",/;

export function createEngine(context: EngineContext, ports: Ports): Engine {
  const call = callOf(context, ports);
  return {
    async init() {
      const locked = await ports.files.exists(join(context.directory, ".terraform.lock.hcl"));
      await runStreamed(
        { ...call, idleTimeoutMs: call.idleTimeoutMs * initPatience },
        argv.init({ locked }),
        [0],
        ports,
      );
    },
    async plan(options) {
      const status = await runStreamed(call, argv.plan(options), [0, 2], ports);
      return { changes: status === 2 };
    },
    showPlan: (planFile) => runForJson<PlanJson>(call, argv.showPlan(planFile), ports),
    async apply(planFile) {
      await runStreamed(call, argv.apply(planFile), [0], ports);
    },
    output: () => runForJson<Record<string, OutputValue>>(call, argv.output(), ports),
    moduleDescription: (folder) => runForJson<ModuleDescription>(call, argv.showModule(folder), ports),
    async untaint(address) {
      await runForText(call, argv.untaint(address), ports);
    },
    async taint(address) {
      await runForText(call, argv.taint(address), ports);
    },
    async forceUnlock(id) {
      await runForText(call, argv.forceUnlock(id), ports);
    },
    async import(address, id) {
      await runStreamed(call, argv.import(address, id), [0], ports);
    },
    async statePull() {
      const text = await runForText(call, argv.statePull(), ports);
      return text.trim() === "" || isNoState.test(text) ? undefined : text;
    },
    async statePush(state, { force = false } = {}) {
      await runForText(call, argv.statePush({ force }), ports, state);
    },
    async stateRemove(address) {
      await runForText(call, argv.stateRemove(address), ports);
    },
    async stateList() {
      const text = await runForText(call, argv.stateList(), ports);
      return text.split("\n").filter((line) => line !== "");
    },
    async version() {
      return (await runForJson<{ terraform_version: string }>(call, argv.version(), ports)).terraform_version;
    },
    async raw(args) {
      const status = await ports.processes.interactive({
        program: call.program,
        arguments: args,
        directory: call.directory,
        environment: { ...call.environment, TF_INPUT: "1" },
        inherit: call.inherit,
      });
      if (status === 127) throw notFound(call.program);
      return status;
    },
  };
}

function callOf(context: EngineContext, ports: Ports): EngineCall {
  const { VERBOSE: verbose, TF_LOG: log } = ports.machine.environment;
  const revealed = [...Object.values(context.environment), ...(context.secrets ?? [])].flatMap((value) =>
    typeof value === "string" ? [] : [value.reveal()],
  );
  const own = {
    TF_IN_AUTOMATION: "1",
    TF_INPUT: "0",
    CHECKPOINT_DISABLE: "1",
    // Another workspace has another state, which nobody here knows of.
    TF_WORKSPACE: "default",
    ...(verbose !== undefined && verbose !== "" && log !== undefined ? { TF_LOG: log } : {}),
    ...context.environment,
  };
  const environment = childEnvironment(ports.machine.environment, own, context.passThrough);
  return {
    program: context.program,
    directory: context.directory,
    environment,
    inherit: context.inherit ?? [],
    idleTimeoutMs: (context.idleTimeoutMs ?? defaultIdleTimeoutMs) + (context.lockTimeoutMs ?? 0),
    ...(context.lockTimeoutMs === undefined ? {} : { lockTimeoutMs: context.lockTimeoutMs }),
    redactor: createRedactor([...revealed, ...inheritedSecrets(environment, own)]),
    ...(context.eventsFile === undefined ? {} : { eventsFile: context.eventsFile }),
    ...(context.interrupt === undefined ? {} : { interrupt: context.interrupt }),
  };
}

function notFound(program: string): AppError {
  return new AppError("engine.notFound", `${program} cannot be run`, {
    hint: "run `landfall doctor` to see which engine is used",
  });
}
