import { setTimeout as delay } from "node:timers/promises";
import type { Clock } from "../ports/Clock.ts";

export const realClock: Clock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    await delay(ms, undefined, signal === undefined ? {} : { signal });
  },
};
