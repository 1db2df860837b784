import type { Prerequisite } from "../providers/behaviour.ts";

/** Performs what is missing: side by side where nothing says otherwise, after its predecessors where something does. */
export async function performFixes(missing: readonly Prerequisite[]): Promise<void> {
  const byId = new Map(missing.map((prerequisite) => [prerequisite.id, prerequisite]));
  const started = new Map<string, Promise<void>>();

  const start = (prerequisite: Prerequisite): Promise<void> => {
    const running = started.get(prerequisite.id);
    if (running !== undefined) return running;
    const before = (prerequisite.after ?? []).flatMap((id) => byId.get(id) ?? []);
    const promise = Promise.all(before.map(start)).then(() => prerequisite.perform?.());
    started.set(prerequisite.id, promise);
    return promise;
  };

  const outcomes = await Promise.allSettled(missing.map(start));
  const failed = outcomes.find((outcome) => outcome.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}
