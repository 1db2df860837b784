import { stateEncryption } from "../engine/stateEncryption.ts";
import { Secret } from "../configuration/Secret.ts";
import { AppError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import { movedTo } from "../stacks/movedState.ts";
import { parseState, type StateContent } from "../stacks/StateContent.ts";
import { readStateRecord, writeStateRecord, type StateRecord } from "../stacks/stateRecord.ts";
import { convertState } from "./convertState.ts";
import type { LoadedStack } from "./loadStack.ts";
import type { PreparedComputer } from "./prepareComputer.ts";
import { placeText, samePlace } from "./placeText.ts";
import { putStateAside } from "./putStateAside.ts";
import { clonePlace, configuredPlace, sessionName, sessionVariable, stateStoreOf } from "./stateStoreOf.ts";
import type { RunContext } from "./withRun.ts";

export interface OpenState {
  /** What the engine needs to read and write it. */
  environment: Record<string, string | Secret>;
  passThrough: readonly string[];
  /** Undefined where there is none, or nothing in it. */
  content: StateContent | undefined;
  /** Whether it is the stack's own state, and a destroy emptied it. */
  emptied: boolean;
}

/**
 * The state of a stack, from wherever it is kept, decrypted. What is not yet kept as the configuration says, plain text
 * above all, is converted once, after a snapshot. Throws AppError `state.elsewhere`, `state.moved`, `state.swapped`,
 * and `engine.state*` for wrong keys and damaged states: never takes one for no state at all.
 */
export async function openState(
  loaded: LoadedStack,
  { computer, applied }: { computer: PreparedComputer; applied: boolean },
  context: RunContext,
): Promise<OpenState> {
  const { stack, paths, configuration } = loaded;
  const { files } = context.ports;
  const settings = configuration.state;
  const record = await readStateRecord(paths, files);
  const configured: StateRecord = {
    backend: settings.backend,
    arguments: settings.arguments,
    address: settings.address,
  };
  const text = (place: StateRecord): string => placeText(place, clonePlace(paths, context));
  const former = record ?? ((await files.exists(paths.state)) ? localRecord : configured);
  if (!samePlace(former, configured)) throw elsewhere(stack.name, text(former), text(configured));

  if (settings.backend !== "local") await putStateAside(paths, context);
  const state = await readState(loaded, computer, context);
  const whole = state === undefined ? undefined : parseState(state);
  const content = whole === undefined ? undefined : filled(whole);
  const moved = content === undefined ? undefined : movedTo(content);
  if (moved !== undefined) throw movedAway(stack.name, text(configured), moved);
  const emptied = whole !== undefined && content === undefined && whole.lineage === record?.lineage;
  // Where the state is gone, what is made next has another lineage.
  const lineage = emptied ? record?.lineage : content?.lineage;
  if (applied && record?.lineage !== undefined && lineage !== undefined && lineage !== record.lineage)
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
  };
}

export const localRecord: StateRecord = { backend: "local", arguments: {}, address: {} };

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

function elsewhere(stack: string, former: string, configured: string): AppError {
  return new AppError(
    "state.elsewhere",
    `the state of ${stack} is in ${former}, and the configuration says ${configured}`,
    { hint: `carry it over: landfall state move ${stack}; or correct STATE_BACKEND`, exit: exitCodes.refused },
  );
}

function movedAway(stack: string, configured: string, to: string): AppError {
  return new AppError("state.moved", `the state of ${stack} is no longer in ${configured}: it is in ${to}`, {
    hint: "take over the STATE_ settings of whoever moved it, then run the same command again",
    exit: exitCodes.refused,
  });
}

function swapped(stack: string, configured: string): AppError {
  return new AppError("state.swapped", `what lies in ${configured} is not the state that ${stack} was applied with`, {
    hint: "see that STATE_ settings name the right place; where the state was replaced on purpose, remove state.json in the stack's directory",
    exit: exitCodes.recovery,
  });
}
