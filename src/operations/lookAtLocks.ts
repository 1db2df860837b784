import { stateVariable } from "../configuration/stateBackends.ts";
import { Secret } from "../configuration/Secret.ts";
import { withoutCredentials } from "../configuration/withoutCredentials.ts";
import type { StatePlace, StateStore } from "../engine/createStateStore.ts";
import type { StateKeys } from "../engine/stateEncryption.ts";
import { AppError } from "../errors.ts";
import { readStateRecord, type StateRecord } from "../stacks/stateRecord.ts";
import type { LoadedStack } from "./loadStack.ts";
import { placeText, samePlace } from "./placeText.ts";
import type { ReadyStack } from "./readyStack.ts";
import { recordedPlace } from "./recordedPlace.ts";
import { clonePlace, configuredPlace, stateStoreOf } from "./stateStoreOf.ts";
import type { RunContext } from "./withRun.ts";

export interface StateLock {
  id: string;
  /** `user@host`; each part as far as the lock tells. */
  who?: string;
  /** RFC 3339, or as the backend writes it. */
  created?: string;
  operation?: string;
}

/** Who holds the state of a stack, in every place where that may be kept. */
export async function lookAtLocks(
  { loaded, computer }: ReadyStack,
  run: RunContext,
): Promise<{
  looked: readonly string[];
  held: readonly { place: string; lock: StateLock; remove(): Promise<void> }[];
}> {
  const { paths, configuration, stack } = loaded;
  const { backend, arguments: block, address, key, previousKey } = configuration.state;
  const configured: StateRecord = { backend, arguments: block, address };
  const record = await readStateRecord(paths, run.ports.files);
  const keys = { key, previousKey, plainToo: true };
  const text = (place: StateRecord): string => placeText(place, clonePlace(paths, run));
  const looked: string[] = [];
  const held: { place: string; lock: StateLock; remove(): Promise<void> }[] = [];
  const look = async (place: string, name: string, at: StatePlace): Promise<void> => {
    // A lock of this computer ends with whoever holds it.
    const store = at.backend === "local" ? undefined : stateStoreOf(at, { paths, name }, computer, run);
    const lock = store === undefined ? undefined : await heldLock(store, keys);
    looked.push(place);
    if (store !== undefined && lock !== undefined)
      held.push({ place, lock, remove: () => store.forceUnlock(lock.id, keys) });
  };
  await look(text(configured), "current", configuredPlace(configuration, paths));
  if (record === undefined || samePlace(record, configured)) return { looked, held };
  try {
    checkAddress(record, loaded);
    await look(text(record), "former", recordedPlace(record, new Map(), loaded));
  } catch (error) {
    if (!(error instanceof AppError) || error.code === "engine.stateLocked") throw error;
    run.ports.emit({
      type: "notice",
      level: "warning",
      code: "unlock.formerPlace",
      message: `${text(record)}, where the state of ${stack.name} was last, was not looked at: ${error.message}`,
      hint: "where a lock was left there, put back the STATE_ settings of that place and run the same command again",
    });
  }
  return { looked, held };
}

/** The settings may lead elsewhere by now. */
function checkAddress({ address }: StateRecord, { configuration }: LoadedStack): void {
  const given = new Map(configuration.values.map(({ key, value }) => [key, value]));
  for (const [argument, wanted] of Object.entries(address)) {
    const value = given.get(stateVariable(argument));
    const present = withoutCredentials(value instanceof Secret ? value.reveal() : (value ?? ""));
    if (present !== wanted)
      throw new AppError("state.credentials", `${stateVariable(argument)} does not lead there`, {
        hint: "put back its settings",
      });
  }
}

/** A call that takes the lock and changes nothing is told who has it. */
async function heldLock(store: StateStore, keys: StateKeys): Promise<StateLock | undefined> {
  try {
    await store.tryLock(keys);
    return undefined;
  } catch (error) {
    if (!(error instanceof AppError && error.code === "engine.stateLocked")) throw error;
    const lock = readLock(error.problems.map(({ message }) => message).join("\n"));
    if (lock === undefined) throw error;
    return lock;
  }
}

/** Undefined where the backend tells no id: such locks end with their holder's connection. */
function readLock(text: string): StateLock | undefined {
  const field = (name: string): string | undefined => new RegExp(`^\\s*${name}:[ \\t]*(\\S.*)$`, "m").exec(text)?.[1];
  const [id, who, created, operation] = [field("ID"), field("Who"), field("Created"), field("Operation")];
  if (id === undefined) return undefined;
  return {
    id: id.trim(),
    ...(who === undefined ? {} : { who }),
    ...(created === undefined ? {} : { created }),
    ...(operation === undefined ? {} : { operation }),
  };
}
