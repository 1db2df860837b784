import type { StateContent } from "./StateContent.ts";

const output = "landfall_moved";

/** What is left of a state that was carried to another place, so that nobody goes on with the old one. */
export function movedState(state: string, to: string): string {
  const before = JSON.parse(state) as { serial: number };
  return JSON.stringify({
    ...before,
    serial: before.serial + 1,
    outputs: { [output]: { value: to, type: "string" } },
    resources: [],
  });
}

/** Where a state was carried to; undefined where it is in force. */
export function movedTo({ outputs }: StateContent): string | undefined {
  const value = outputs[output]?.value;
  return typeof value === "string" ? value : undefined;
}
