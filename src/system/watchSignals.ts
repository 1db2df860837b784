/**
 * The first SIGINT or SIGTERM fires the signal that is returned; the second only warns; the third ends
 * this process with status 7, and the engine goes on alone until it has saved its state.
 * SIGHUP stops nothing: a closed terminal does not end a run.
 */
export function watchSignals(say: (message: string) => void): AbortSignal {
  const interrupt = new AbortController();
  let count = 0;
  const onSignal = (): void => {
    count += 1;
    if (count === 1) {
      say("Stopping: waiting until what is under way is saved.");
      interrupt.abort();
    } else if (count === 2) {
      say("Still saving. A third Ctrl-C ends Landfall and leaves the engine to finish alone.");
    } else {
      process.exit(7);
    }
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  process.on("SIGHUP", () => undefined);
  return interrupt.signal;
}
