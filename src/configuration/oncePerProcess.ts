import type { Machine } from "../ports/Machine.ts";

/** By the computer that the ports describe: there is one in a process. */
const done = new WeakMap<Machine, Map<string, Promise<unknown>>>();

/** Does what may ask the user something, or is slow, once; whoever asks again gets the same, a failure too. */
export function oncePerProcess<T>(machine: Machine, name: string, work: () => Promise<T>): Promise<T> {
  const own = done.get(machine) ?? new Map<string, Promise<unknown>>();
  done.set(machine, own);
  const begun = own.get(name) ?? work();
  own.set(name, begun);
  return begun as Promise<T>;
}
