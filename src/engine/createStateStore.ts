import { join } from "node:path";
import type { Secret } from "../configuration/Secret.ts";
import type { Ports } from "../ports/Ports.ts";
import { backendBlock } from "./backendBlock.ts";
import { createEngine, type EngineContext } from "./createEngine.ts";
import { stateEncryption, type StateKeys } from "./stateEncryption.ts";

/** One place where the engine keeps a state. */
export interface StatePlace {
  backend: string;
  /** Arguments of its block. */
  arguments: Readonly<Record<string, unknown>>;
  environment: Readonly<Record<string, string | Secret>>;
  passThrough: readonly string[];
}

/** Whole states at one place, read and written by the engine, which knows every backend. */
export interface StateStore {
  /** Decrypted JSON; undefined where there is no state. Throws AppError `engine.*`. */
  pull(keys: StateKeys): Promise<string | undefined>;
  /** Without force, throws AppError `engine.stateConflict` rather than overwrite what this state does not follow from. */
  push(state: string, keys: StateKeys, options?: { force?: boolean }): Promise<void>;
  /** Takes the lock for a moment and changes nothing. Throws AppError `engine.stateLocked` where somebody holds it. */
  tryLock(keys: StateKeys): Promise<void>;
  /** Removes a lock, whoever holds it. */
  forceUnlock(id: string, keys: StateKeys): Promise<void>;
}

/** @param call the engine, and a directory that is made for this place alone */
export function createStateStore(
  place: StatePlace,
  call: Pick<EngineContext, "program" | "directory" | "inherit" | "interrupt" | "lockTimeoutMs">,
  ports: Ports,
): StateStore {
  const { files } = ports;
  const engine = (keys: StateKeys): ReturnType<typeof createEngine> => {
    const encryption = stateEncryption(keys);
    return createEngine(
      {
        ...call,
        passThrough: place.passThrough,
        secrets: [keys.key, keys.previousKey].filter((key) => key !== undefined),
        environment: { ...place.environment, ...(encryption === undefined ? {} : { TF_ENCRYPTION: encryption }) },
      },
      // A first attempt may fail; what counts is said by whoever asks.
      { ...ports, emit: () => undefined },
    );
  };
  let made = false;
  const make = async (keys: StateKeys): Promise<void> => {
    if (made) return;
    await files.makeDirectory(call.directory);
    const { backend, arguments: settings } = place;
    if (backend === "local") {
      // Without a backend block the engine needs no init, and takes the file of this name.
      await files.link(String(settings["path"]), join(call.directory, "terraform.tfstate"));
    } else {
      // What is known of a former place is forgotten; plugins stay: init wants those of everything in the state.
      await files.remove(join(call.directory, ".terraform", "terraform.tfstate"));
      await files.write(join(call.directory, "backend.tf.json"), backendBlock(backend, settings));
      // Looks at the state, so it needs the key as well.
      await engine(keys).init();
    }
    made = true;
  };
  return {
    async pull(keys) {
      await make(keys);
      return engine(keys).statePull();
    },
    async push(state, keys, options) {
      await make(keys);
      await engine(keys).statePush(state, options);
    },
    async tryLock(keys) {
      await make(keys);
      await engine(keys).untaint("terraform_data.nothing_of_this_name");
    },
    async forceUnlock(id, keys) {
      await make(keys);
      await engine(keys).forceUnlock(id);
    },
  };
}
