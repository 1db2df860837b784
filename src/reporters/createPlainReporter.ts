import { cleanText } from "./cleanText.ts";
import { describeActivity } from "./describeActivity.ts";
import { errorText } from "./errorText.ts";
import { foldEvent } from "./foldEvent.ts";
import type { Reporter, ReporterOptions } from "./Reporter.ts";
import { emptyView, type Activity } from "./View.ts";

/** What takes longer than this is told of while it goes on. */
const announceMs = 1000;
const repeatMs = 10_000;
const tickMs = 500;

/** Lines with the time since the beginning, for logs and pipes. Nothing that goes on is silent for ten seconds. */
export function createPlainReporter({ stdout, stderr, verbose, now }: ReporterOptions): Reporter {
  const began = now();
  const told = new Map<string, number>();
  let view = emptyView;
  let timer: NodeJS.Timeout | undefined;

  const line = (text: string): void => {
    const prefix = `[${((now() - began) / 1000).toFixed(1).padStart(6)}s] `;
    const indented = cleanText(text)
      .trimEnd()
      .split("\n")
      .map((part, index) => (index === 0 ? part : `  ${part}`.trimEnd()));
    stderr.write(`${prefix}${indented.join("\n")}\n`);
  };
  const tick = (): void => {
    for (const activity of view.active) {
      const last = told.get(activity.key);
      if (last === undefined ? age(activity) < announceMs : now() - last < repeatMs) continue;
      told.set(activity.key, now());
      line(describeActivity(activity, now()));
    }
  };
  const age = ({ startedMs }: Activity): number => now() - startedMs;
  const stop = (): void => {
    clearInterval(timer);
    timer = undefined;
  };

  return {
    emit(event) {
      const folded = foldEvent(view, event, now(), verbose);
      view = folded.view;
      for (const { text } of folded.facts) line(text);
      for (const key of told.keys()) if (!view.active.some((activity) => activity.key === key)) told.delete(key);
      if (view.active.length === 0) stop();
      else timer ??= setInterval(tick, tickMs).unref();
    },
    result({ text }) {
      if (text !== "") stdout.write(`${cleanText(text)}\n`);
    },
    error(error) {
      stderr.write(`${cleanText(errorText(error, view.told))}\n`);
    },
    close: stop,
  };
}
