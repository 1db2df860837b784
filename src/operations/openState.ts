import { stateEncryption } from "../engine/stateEncryption.ts";
import { Secret } from "../configuration/Secret.ts";
import { AppError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import { movedTo } from "../stacks/movedState.ts";
import { parseState, type StateContent } from "../stacks/StateContent.ts";
import { writeStateRecord } from "../stacks/stateRecord.ts";
import { checkPlace, movedAway } from "./checkPlace.ts";
import { convertState } from "./convertState.ts";
import type { LoadedStack } from "./loadStack.ts";
import type { PreparedComputer } from "./prepareComputer.ts";
import { knownState } from "./knownState.ts";
import { putStateAside } from "./putStateAside.ts";
import { configuredPlace, sessionName, sessionVariable, stateStoreOf } from "./stateStoreOf.ts";
import type { RunContext } from "./withRun.ts";

export interface OpenState {
  /** What the engine needs to read and write it. */
  environment: Record<string, string | Secret>;
  passThrough: readonly string[];
  /** Undefined where there is none, or nothing in it. */
  content: StateContent | undefined;
  /** Whether it is the stack's own state, and a destroy emptied it. */
  emptied: boolean;
  /** Whether the stack's own directory is lost, and there was one. */
  lost: boolean;
}

/**
 * The state of a stack, from wherever it is kept, decrypted. What is not yet kept as the configuration says, plain text
 * above all, is converted once, after a snapshot. Throws AppError `state.elsewhere`, `state.moved`, `state.older`, `state.swapped`,
 * and `engine.state*` for wrong keys and damaged states: never takes one for no state at all.
 */
export async function openState(
  loaded: LoadedStack,
  computer: PreparedComputer,
  context: RunContext,
): Promise<OpenState> {
  const { stack, paths, configuration } = loaded;
  const { files } = context.ports;
  const settings = configuration.state;
  const { record, configured, text } = await checkPlace(loaded, context);
  if (settings.backend !== "local") await putStateAside(paths, context);
  const state = await readState(loaded, computer, context);
  const whole = state === undefined ? undefined : parseState(state);
  const content = whole === undefined ? undefined : filled(whole);
  const moved = content === undefined ? undefined : movedTo(content);
  if (moved !== undefined) throw movedAway(stack.name, text(configured), moved);
  const last = await knownState(loaded, context);
  if (whole !== undefined && whole.lineage === last.lineage && whole.serial < last.serial)
    throw older(stack.name, text(configured), whole.serial, last.serial);
  const emptied = whole !== undefined && content === undefined && whole.lineage === record?.lineage;
  // Where the state is gone, what is made next has another lineage.
  const lineage = emptied ? record?.lineage : content?.lineage;
  if (record?.lineage !== undefined && lineage !== undefined && lineage !== record.lineage)
    throw swapped(stack.name, text(configured));
  await writeStateRecord(paths, { ...configured, ...(lineage === undefined ? {} : { lineage }) }, files);

  const encryption = stateEncryption(settings);
  return {
    environment: {
      ...settings.environment,
      ...(encryption === undefined ? {} : { TF_ENCRYPTION: new Secret(encryption) }),
      ...sessionVariable(settings.backend, sessionName(stack.name, context)),
    },
    passThrough: settings.passThrough,
    content,
    emptied,
    lost: last.lost,
  };
}

/** Some backends begin with a state of nothing, under a lineage that does not stay. */
function filled(state: StateContent): StateContent | undefined {
  return state.resources.length === 0 && Object.keys(state.outputs).length === 0 ? undefined : state;
}

/** A plain state in a file needs no engine to be read. */
async function readState(
  { stack, paths, configuration }: LoadedStack,
  computer: PreparedComputer,
  context: RunContext,
): Promise<string | undefined> {
  const { state: settings } = configuration;
  if (settings.backend === "local") {
    const text = await context.ports.files.read(paths.state);
    if (text === undefined) return undefined;
    const encrypted = "encrypted_data" in (JSON.parse(text) as object);
    if (!encrypted && settings.key === undefined) return text;
  }
  const store = stateStoreOf(configuredPlace(configuration, paths), { paths, name: "current" }, computer, context);
  return convertState({ stack, paths, settings, store, computer }, context);
}

function swapped(stack: string, configured: string): AppError {
  return new AppError("state.swapped", `what lies in ${configured} is not the state that ${stack} was applied with`, {
    hint: `see that STATE_ settings name the right place; landfall state restore ${stack} puts back the newest good copy; where the state was replaced on purpose, remove state.json in the stack's directory`,
    exit: exitCodes.recovery,
  });
}

function older(stack: string, configured: string, serial: number, last: number): AppError {
  return new AppError(
    "state.older",
    `the state of ${stack} in ${configured} is older (serial ${serial}) than what the last run here worked with (${last})`,
    {
      hint: `landfall state restore ${stack} puts back the newest good copy; landfall state snapshots ${stack} lists them`,
      exit: exitCodes.recovery,
    },
  );
}
