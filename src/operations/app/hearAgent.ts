import type { Event } from "../../events/Event.ts";
import type { AgentEvent, CheckReport } from "../../remote/AgentCall.ts";
import type { Ports } from "../../ports/Ports.ts";

/** Turns what the agent says during a call into events. */
export function hearAgent({ clock, emit }: Pick<Ports, "clock" | "emit">): (event: AgentEvent) => void {
  const began = new Map<string, number>();
  return (heard) => {
    switch (heard.event) {
      case "progress": {
        const { step, title, state } = heard;
        if (state === "started") {
          began.set(step, clock.now());
          emit({ type: "step.started", step, title });
        } else {
          const durationMs = clock.now() - (began.get(step) ?? clock.now());
          emit({ type: "step.finished", step, title, durationMs });
        }
        return;
      }
      case "check":
        return emit(checked(heard));
      case "log":
        return emit({ type: "service.logged", service: heard.service, line: heard.line });
      case "notice": {
        const { code, message, hint } = heard;
        return emit({ type: "notice", level: "warning", code, message, ...(hint === undefined ? {} : { hint }) });
      }
      default:
        return;
    }
  };
}

export function checked({ name, outcome, message, from }: CheckReport): Event {
  return { type: "health.checked", check: name, outcome, message, from };
}
