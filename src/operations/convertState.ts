import { basename, join } from "node:path";
import type { Secret } from "../configuration/Secret.ts";
import type { StateSettings } from "../configuration/StateSettings.ts";
import type { StateStore } from "../engine/createStateStore.ts";
import type { StateKeys } from "../engine/stateEncryption.ts";
import { AppError } from "../errors.ts";
import type { Event } from "../events/Event.ts";
import { exitCodes } from "../exitCodes.ts";
import { inEvery } from "../stacks/createJournal.ts";
import { stateHead } from "../stacks/stateHead.ts";
import type { Stack } from "../stacks/Stack.ts";
import type { StackPaths } from "../stacks/stackPaths.ts";
import { sameState } from "../stacks/sameState.ts";
import { snapshotPlaces, tellOfOneCopy } from "./journalOf.ts";
import { keepInEveryPlace } from "./keepSnapshot.ts";
import type { PreparedComputer } from "./prepareComputer.ts";
import { snapshotState, writeSnapshot } from "./snapshotState.ts";
import type { RunContext } from "./withRun.ts";

interface Conversion {
  stack: Stack;
  paths: StackPaths;
  settings: StateSettings;
  store: StateStore;
  computer: PreparedComputer;
}

/**
 * Reads a state that should be kept with `settings.key`. Where it is kept otherwise (in plain text, with the previous
 * key, or encrypted although no key is wanted any more) it is written anew, after a snapshot, and read back. Every place
 * for snapshots then has one that can be read without the previous key.
 */
export async function convertState(conversion: Conversion, context: RunContext): Promise<string | undefined> {
  const { stack, paths, settings, store, computer } = conversion;
  const wanted: StateKeys = { key: settings.key };
  const unfit = await attempt(store, wanted);
  if ("state" in unfit) return unfit.state;
  const keys = readable(settings, unfit.error);
  const state = await store.pull(keys);
  if (state === undefined) throw unfit.error;
  // Never in plain text beside an encrypted state.
  const snapshot = await keep(state, settings.key ?? settings.previousKey, conversion, context);
  await store.push(state, keys);
  const after = await store.pull(wanted);
  if (after === undefined || !sameState(state, after)) {
    throw new AppError("state.conversion", `the state of ${stack.name} is not the same after it was written anew`, {
      hint: `the state before is in ${snapshot}`,
      exit: exitCodes.recovery,
    });
  }
  if (settings.key === undefined) await keep(after, undefined, conversion, context);
  else await encryptCopies(settings.key, { stack, paths, computer }, context);
  const done = unfit.error.code === "engine.statePlain" ? "is encrypted now" : "is kept with the present key now";
  context.ports.emit({
    type: "notice",
    level: "info",
    code: "state.converted",
    message: `the state of ${stack.name} ${settings.key === undefined ? "is no longer encrypted" : done}`,
    hint: `the state before is in ${snapshot}`,
  });
  return after;
}

/** A snapshot in every place; gives the file of the stack's own. */
async function keep(
  state: string,
  key: Secret | undefined,
  conversion: Conversion,
  context: RunContext,
): Promise<string> {
  const file = await snapshotState(state, key, conversion, context);
  const content = await context.ports.files.readBytes(file);
  if (content !== undefined) await keepInEveryPlace(basename(file), content, conversion, context);
  return file;
}

async function attempt(
  store: StateStore,
  keys: StateKeys,
): Promise<{ state: string | undefined } | { error: AppError }> {
  try {
    return { state: await store.pull(keys) };
  } catch (error) {
    if (error instanceof AppError) return { error };
    throw error;
  }
}

/** The keys with which a state of another form can be read; throws what the first attempt ended with where there are none. */
function readable({ key, previousKey }: StateSettings, error: AppError): StateKeys {
  if (error.code === "engine.statePlain") return { key, previousKey, plainToo: true };
  const other = ["engine.stateKey", "engine.stateEncrypted"].includes(error.code);
  if (other && previousKey !== undefined) return { key, previousKey };
  throw error;
}

/** What is left of the state in plain text: the engine's copy of the one before, a plan, former snapshots in every place. */
async function encryptCopies(
  key: Secret,
  { stack, paths, computer }: Pick<Conversion, "stack" | "paths" | "computer">,
  context: RunContext,
): Promise<void> {
  const { files, emit } = context.ports;
  await files.remove(paths.plan);
  const backup = `${paths.state}.backup`;
  if (isPlain(await files.read(backup))) await files.remove(backup);
  const done = new Map<string, Uint8Array>();
  const encryptIn = async (place: string): Promise<void> => {
    for (const name of (await files.list(place)) ?? []) {
      const file = join(place, name);
      const text = await files.read(file);
      const copy = done.get(name);
      if (text === undefined || !isPlain(text)) continue;
      if (copy !== undefined) await files.write(file, copy);
      else if (stateHead(text) === undefined) emit(staysPlain(file));
      else {
        await writeSnapshot(file, text, key, { paths, computer }, context);
        done.set(name, (await files.readBytes(file)) ?? new Uint8Array());
      }
    }
  };
  const places = await snapshotPlaces({ stack, paths }, context);
  await inEvery(places, (error) => tellOfOneCopy(error, context), encryptIn);
}

function staysPlain(file: string): Event {
  const message = `a damaged state cannot be encrypted and stays in plain text: ${file}`;
  return { type: "notice", level: "warning", code: "state.plainCopy", message, hint: "remove it when it is of no use" };
}

function isPlain(text: string | undefined): boolean {
  return text !== undefined && !text.includes('"encrypted_data"');
}
