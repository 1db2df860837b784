import type { WaitPhase } from "../events/Event.ts";
import type { Ports } from "../ports/Ports.ts";

export interface PhaseTiming {
  phase: WaitPhase;
  elapsedMs: number;
}

export interface Phases {
  /** The phase under way; undefined between phases. */
  readonly current: WaitPhase | undefined;
  readonly finished: readonly PhaseTiming[];
  start(phase: WaitPhase, budgetMs: number): void;
  /** What is known now. Repetitions are told once a second at most. */
  progress(detail: string): void;
  finish(): void;
  /** Milliseconds since the phase under way began. */
  elapsed(): number;
  /** Milliseconds until its budget is used up; 0 where it is. */
  left(): number;
}

const repeatMs = 1000;

/** Keeps time of the phases of one wait and tells of them as events. */
export function trackPhases({ clock, emit }: Pick<Ports, "clock" | "emit">): Phases {
  const finished: PhaseTiming[] = [];
  let current: { phase: WaitPhase; budgetMs: number; started: number } | undefined;
  let told = { detail: "", at: 0 };
  const elapsed = (): number => (current === undefined ? 0 : clock.now() - current.started);

  return {
    get current() {
      return current?.phase;
    },
    finished,
    start(phase, budgetMs) {
      current = { phase, budgetMs, started: clock.now() };
      told = { detail: "", at: current.started };
      emit({ type: "phase.started", phase, budgetMs });
    },
    progress(detail) {
      const now = clock.now();
      if (current === undefined || (detail === told.detail && now - told.at < repeatMs)) return;
      told = { detail, at: now };
      const { phase, budgetMs } = current;
      emit({ type: "phase.progress", phase, elapsedMs: elapsed(), budgetMs, ...(detail === "" ? {} : { detail }) });
    },
    finish() {
      if (current === undefined) return;
      const timing = { phase: current.phase, elapsedMs: elapsed() };
      finished.push(timing);
      emit({ type: "phase.finished", ...timing });
      current = undefined;
    },
    elapsed,
    left: () => Math.max(0, (current?.budgetMs ?? 0) - elapsed()),
  };
}
