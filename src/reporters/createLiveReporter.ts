import { cleanText } from "./cleanText.ts";
import { describeActivity } from "./describeActivity.ts";
import { errorText } from "./errorText.ts";
import { foldEvent } from "./foldEvent.ts";
import type { Reporter, ReporterOptions } from "./Reporter.ts";
import { terminalRegion, type RegionLine } from "./terminalRegion.ts";
import { terminalStyle } from "./terminalStyle.ts";
import { emptyView, type Fact } from "./View.ts";

const frameMs = 100;
/** More would push what is said above out of a small window. */
const mostLines = 8;

/** For a person at a terminal: what is finished stays, what goes on is drawn in place below it. */
export function createLiveReporter({ stdout, stderr, verbose, now, environment }: ReporterOptions): Reporter {
  const style = terminalStyle(environment);
  const region = terminalRegion(stderr);
  let view = emptyView;
  let timer: NodeJS.Timeout | undefined;
  let drawnMs = Number.NEGATIVE_INFINITY;

  const activities = (): RegionLine[] => {
    const frame = style.spinner[Math.floor(now() / frameMs) % style.spinner.length] ?? "";
    const shown = view.active.slice(0, mostLines);
    const more = view.active.length - shown.length;
    return [
      ...shown.map((activity) => ({
        lead: style.paint("good", frame),
        text: cleanText(describeActivity(activity, now())).replaceAll("\n", " "),
      })),
      ...(more > 0 ? [{ lead: " ", text: `and ${more} more` }] : []),
    ];
  };
  const draw = (facts: readonly Fact[] = []): void => {
    if (facts.length === 0 && now() - drawnMs < frameMs && view.active.length > 0) return;
    drawnMs = now();
    region.draw(facts.flatMap(factLines), activities());
  };
  const factLines = ({ tone, text }: Fact): string[] => {
    const [first = "", ...more] = cleanText(text).trimEnd().split("\n");
    const head = tone === "dim" ? style.dim(first) : first;
    return [`${style.mark(tone)} ${head}`, ...more.map((line) => `  ${line}`.trimEnd())];
  };
  const stop = (): void => {
    clearInterval(timer);
    timer = undefined;
    region.draw([], []);
  };

  return {
    emit(event) {
      const folded = foldEvent(view, event, now(), verbose);
      view = folded.view;
      draw(folded.facts);
      if (view.active.length === 0) stop();
      else timer ??= setInterval(draw, frameMs).unref();
    },
    result({ text }) {
      stop();
      if (text !== "") stdout.write(`${cleanText(text)}\n`);
    },
    error(error) {
      stop();
      const text = cleanText(errorText(error, view.told));
      stderr.write(`${text.replace(/^error:/, style.paint("bad", "error:"))}\n`);
    },
    close: stop,
  };
}
