import type { Fault, FaultName } from "./Fault.ts";

/** How long a rate limit holds once it struck: longer than plugins try again by themselves. */
const rateLimitMs = 25_000;

export interface Call {
  /** From 1. */
  number: number;
  name: string;
  creates: boolean;
}

export interface Faults {
  /** What strikes this request. Each fault strikes once; a rate limit holds for a while. */
  strike(call: Call): FaultName | undefined;
  /** Seconds until the rate limit ends. */
  retryAfter(): number;
  /** As `RehearsalKit.actionFails`. */
  actionFails(): boolean;
  /** Whether every fault has struck. */
  spent(): boolean;
}

/** @param serverRuns whether a server has finished being made: only then it can disappear */
export function createFaults(faults: readonly Fault[], now: () => number, serverRuns: () => boolean): Faults {
  const armed = new Set(faults.filter(({ name }) => name !== "action-fails"));
  const failing = new Set(faults.filter(({ name }) => name === "action-fails"));
  let limitedUntil = 0;
  return {
    strike(call) {
      if (now() < limitedUntil) return "rate-limit";
      const fault = [...armed].find((candidate) => isDue(candidate, call, serverRuns));
      if (fault === undefined) return undefined;
      armed.delete(fault);
      if (fault.name === "rate-limit") limitedUntil = now() + rateLimitMs;
      return fault.name;
    },
    retryAfter: () => Math.max(1, Math.ceil((limitedUntil - now()) / 1000)),
    actionFails() {
      const [fault] = failing;
      return fault !== undefined && failing.delete(fault);
    },
    spent: () => armed.size === 0 && failing.size === 0,
  };
}

function isDue({ name, call }: Fault, request: Call, serverRuns: () => boolean): boolean {
  if (typeof call === "number") return request.number >= call;
  if (call !== undefined) return request.name.toLowerCase() === call.toLowerCase();
  return name === "server-disappears" ? !request.creates && serverRuns() : request.creates;
}
