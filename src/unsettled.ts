import type { AppError } from "./errors.ts";

/** Somebody who waits for work that may never end, or that may fail where nobody looks. */
interface Waiting {
  /** The error where nothing is left that could end the work. */
  stuck: () => AppError;
  /** The error where this one was thrown outside of every call and belongs to that work; undefined for one of somebody else's. */
  claim: (error: unknown) => AppError | undefined;
}

/** The innermost comes last. */
const waiting: (Waiting & { fail: (error: AppError) => void })[] = [];
const claims = new Map<string, Waiting["claim"]>();
const strays: AppError[] = [];

/**
 * Gives what the work gives, and ends also where it would not: Node ends with success as soon as nothing is left to do,
 * whatever is still awaited. `failInnermost` and `failStray` then reject this, so that everything around is let go as for any error.
 */
export async function settled<T>(work: () => T | Promise<T>, { stuck, claim }: Waiting): Promise<T> {
  let fail: (error: AppError) => void = () => undefined;
  const failed = new Promise<never>((_resolve, reject) => (fail = reject));
  const entry = { stuck, claim, fail };
  waiting.push(entry);
  try {
    return await Promise.race([work(), failed]);
  } finally {
    waiting.splice(waiting.indexOf(entry), 1);
  }
}

/** From now on errors that are thrown outside of every call are shown to `claim` as well, which knows those of one file. */
export function claimStrays(file: string, claim: Waiting["claim"]): void {
  claims.set(file, claim);
}

/** To be called where the process has nothing left to do: whoever waits innermost gets an error. False where nobody waits. */
export function failInnermost(): boolean {
  const last = waiting.at(-1);
  last?.fail(last.stuck());
  return last !== undefined;
}

/**
 * To be called for an error that was thrown outside of every call. Whoever waits for the code that it is from gets it; where
 * that code is not at work, it is kept for `takeStray`. An error of Landfall's own gets whoever waits outermost. False where
 * nobody is left to tell it.
 */
export function failStray(error: unknown): boolean {
  // What is no Error does not say where it is from.
  const isTold = error instanceof Error || claims.size === 1;
  const claimed = isTold
    ? [...claims.values()].map((claim) => claim(error)).find((one) => one !== undefined)
    : undefined;
  if (claimed === undefined) {
    const [first] = waiting;
    const own = first?.claim(error);
    if (own !== undefined) first?.fail(own);
    return own !== undefined;
  }
  const owner = waiting.slice(1).findLast(({ claim }) => claim(error) !== undefined);
  if (owner === undefined) strays.push(claimed);
  else owner.fail(claimed);
  return true;
}

/** The first error that was thrown outside of every call since it was asked last. */
export function takeStray(): AppError | undefined {
  const [first] = strays.splice(0);
  return first;
}
