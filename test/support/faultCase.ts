import { seededRandom } from "./seededRandom.ts";

/** One case of the matrix: what is under way, who is struck, how, and at which call to the API. */
export interface FaultCase {
  provider: string;
  operation: (typeof operations)[number];
  victim: (typeof victims)[number];
  how: (typeof signals)[number] | (typeof spoils)[number];
  when: "before" | "after";
  /** Of the calls that change something. */
  call: number;
  /** What is run next: the same command, or `landfall recover` before it. */
  next: "same" | "recover";
}

export const operations = ["create", "grow", "shrink", "destroy"] as const;
/** A process, all of them, or the answer of the API. */
export const victims = ["landfall", "engine", "plugin", "all", "answer"] as const;
export const signals = ["SIGINT", "SIGTERM", "SIGHUP", "SIGKILL"] as const;
export const spoils = ["reset", "429", "500"] as const;
/** How many calls that change something are struck at; few clouds need more. */
const mostCalls: Record<(typeof operations)[number], number> = { create: 8, grow: 4, shrink: 2, destroy: 8 };

/** All that there are. */
export function everyCase(providers: readonly string[]): FaultCase[] {
  return providers.flatMap((provider) =>
    operations.flatMap((operation) =>
      victims.flatMap((victim) =>
        (victim === "answer" ? spoils : signals).flatMap((how) =>
          (["before", "after"] as const).flatMap((when) =>
            Array.from({ length: mostCalls[operation] }, (_none, index) => index + 1).flatMap((call) =>
              (["same", "recover"] as const).map((next) => ({
                ...{ provider, operation, victim, how, when, call, next },
              })),
            ),
          ),
        ),
      ),
    ),
  );
}

/**
 * `count` cases that a seed chooses, the same ones every time. Each cloud has its share: all go through the same core, and
 * a case of aws, whose plugin is the largest, takes as long as four of hetzner.
 */
export function sampleCases(all: readonly FaultCase[], count: number, seed: number): FaultCase[] {
  const random = seededRandom(seed);
  // The lowest numbers are in; a share divides them.
  const drawn = all.map((one) => ({ one, number: random() / (shares[one.provider] ?? 1) }));
  return drawn
    .toSorted((a, b) => a.number - b.number)
    .slice(0, count)
    .map(({ one }) => one);
}

/** How many cases of a cloud come for one of the slowest. */
const shares: Record<string, number> = { hetzner: 6, digitalocean: 5, gcp: 3 };

/** So that the next case of a provider mostly finds what the one before has left, and the providers take turns. */
export function inTurns(cases: readonly FaultCase[]): FaultCase[] {
  const chains = [...Map.groupBy(cases, ({ provider }) => provider).values()].map((own) => {
    const [builds, takes] = [own.filter(isBuild), own.filter((one) => !isBuild(one))];
    return alternate([builds, takes]);
  });
  return alternate(chains);
}

function isBuild({ operation }: FaultCase): boolean {
  return operation === "create" || operation === "grow";
}

function alternate<T>(rows: readonly (readonly T[])[]): T[] {
  const length = Math.max(0, ...rows.map((row) => row.length));
  return Array.from({ length }, (_none, at) => rows.flatMap((row) => row.slice(at, at + 1))).flat();
}

/** As it stands in a command line that replays it: `FAULT_CASE="..."`. */
export function caseText({ provider, operation, victim, how, when, call, next }: FaultCase): string {
  return [provider, operation, victim, how, when, call, next].join(" ");
}

export function parseCase(text: string): FaultCase {
  const [provider = "", operation, victim, how, when, call, next] = text.split(" ");
  return { provider, operation, victim, how, when, call: Number(call), next } as FaultCase;
}
