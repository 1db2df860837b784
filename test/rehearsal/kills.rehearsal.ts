import { expect, test } from "vitest";
import { makeRecoveryBench } from "../support/recoveryBench.ts";
import { seededRandom } from "../support/seededRandom.ts";

/** How many, and where the sequence begins: `KILLS=100 KILLS_SEED=7 npx vitest run --project rehearsal kills`. */
const kills = Number(process.env["KILLS"] ?? 3);
const seed = Number(process.env["KILLS_SEED"] ?? 20261124);
/** A first apply takes about as long on a machine that has nothing else to do. */
const longestMs = Number(process.env["KILLS_WITHIN"] ?? 7000);

test(
  `${kills} kills at random moments (seed ${seed}) leave nothing that the state does not know`,
  { timeout: kills * 120_000 },
  async () => {
    const random = seededRandom(seed);
    const bench = await makeRecoveryBench("hetzner");
    try {
      for (let kill = 1; kill <= kills; kill += 1) {
        const size = random() < 0.5 ? 0 : 10;
        const more = ["--set", `DATA_DISK_SIZE=${size}`, "--set", "RESERVE_ADDRESS=true"];
        const afterMs = Math.round(500 + random() * longestMs);
        const what = `kill ${kill} of seed ${seed}, disk ${size}, after ${afterMs} ms`;
        await bench.cut(["apply", ...more], afterMs);
        await bench.good("recover", ...more);
        const [things, known] = [await bench.things(), await bench.known()];
        // An address that is a server's own is no resource of a stack: it comes and goes with the server.
        const ours = things.filter(({ name }) => !name.startsWith("primary_ip-"));
        expect(known, what).toEqual(expect.arrayContaining(ours.map(({ id }) => id)));
        expect(things.filter(({ kind }) => kind === "server").length, what).toBeLessThanOrEqual(1);
        if (random() < 0.3) {
          await bench.good("destroy", ...more);
          expect(await bench.things(), what).toEqual([]);
        }
      }
      await bench.good("apply", "--set", "RESERVE_ADDRESS=true");
      await bench.good("destroy", "--set", "RESERVE_ADDRESS=true");
      expect(await bench.things()).toEqual([]);
    } finally {
      await bench.remove();
    }
  },
);
