import { appendFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { everyCloud } from "../support/cloudsOf.ts";
import { makeFaultBench, type FaultBench } from "../support/faultBench.ts";
import { caseText, everyCase, parseCase, sampleCases, type FaultCase } from "../support/faultCase.ts";
import { processesBelow } from "../support/processesBelow.ts";

/*
 * Whatever is struck at whatever call, the next run of the same command gets there: one server, nothing twice, nothing
 * left. FAULT_SEED and FAULT_CASES choose a sample, FAULT_CASE one case; FAULT_LOG is a file for the results.
 */
const seed = Number(process.env["FAULT_SEED"] ?? Math.floor(Date.now() / 1000));
const wanted = Number(process.env["FAULT_CASES"] ?? 200);
const only = process.env["FAULT_CASE"];
const cases = only === undefined ? sampleCases(everyCase(everyCloud), wanted, seed) : [parseCase(only)];

const small = ["--set", "RESERVE_ADDRESS=true"];
const larger = [...small, "--set", "DATA_DISK_SIZE=10", "--set", "OPEN_PORTS=80/tcp,8080/tcp"];

/** The command that is struck, and what has to be there before. */
const scenes: Record<FaultCase["operation"], { before: readonly string[][]; argv: readonly [string, ...string[]] }> = {
  create: { before: [], argv: ["apply", ...larger] },
  grow: { before: [["apply", ...small]], argv: ["apply", ...larger] },
  shrink: { before: [["apply", ...larger]], argv: ["apply", ...larger, "--set", "OPEN_PORTS=443/tcp"] },
  destroy: { before: [["apply", ...larger]], argv: ["destroy", ...larger] },
};

const idle: FaultBench[] = [];
/** A bench on which something is left is not used again: it would fail the others. */
async function onBench(provider: string, work: (bench: FaultBench) => Promise<void>): Promise<void> {
  const free = idle.findIndex((bench) => bench.provider === provider);
  const bench = free === -1 ? await makeFaultBench(provider) : (idle.splice(free, 1)[0] as FaultBench);
  try {
    await work(bench);
  } catch (error) {
    await bench.close();
    throw error;
  }
  if ((await bench.existing()).resources.length === 0) idle.push(bench);
  else await bench.close();
}

/**
 * The one thing that cannot be found again, as its README says: an address that was made and not yet given to a machine,
 * where the API keeps neither name nor label of it.
 */
function nameless({ provider }: FaultCase, { kind }: { kind: string }): boolean {
  return provider === "digitalocean" && kind === "reserved IP";
}
afterAll(async () => {
  process.stderr.write(`the same sample again: FAULT_SEED=${seed} FAULT_CASES=${cases.length} npm run test:faults\n`);
  for (const bench of idle) await bench.close();
});

describe("whatever is struck, the next run gets there", () => {
  test.concurrent.each(cases.map((one) => [caseText(one), one] as const))("%s", async (text, one) => {
    await onBench(one.provider, async (bench) => {
      const done = async (verb: string, ...more: readonly string[]): Promise<Record<string, unknown>> => {
        const { result, stdout } = await bench.run(verb, ...more);
        expect(result, `${verb}: ${stdout.slice(-3000)}${context}`).toMatchObject({ ok: true });
        return result;
      };
      let context = "";
      const { before, argv } = scenes[one.operation];
      const [verb, ...more] = argv;
      for (const [first = "", ...rest] of before) await done(first, ...rest);

      const { struck, said } = await bench.strike(one, argv);
      context = `\n-- struck: ${struck}\n${said.slice(-1500)}`;
      if (process.env["FAULT_LOG"] !== undefined) await appendFile(process.env["FAULT_LOG"], `${text} ${struck}\n`);

      if (one.next === "recover") await done("recover", ...more);
      const again = await bench.run(verb, ...more);
      if (again.status === 7) {
        // What cannot be decided without a word, such as which snapshot of a damaged state to take.
        await done("recover", ...more);
        await done(verb, ...more);
      } else expect(again.result, `${verb}: ${again.stdout.slice(-3000)}${context}`).toMatchObject({ ok: true });
      if (verb === "apply") {
        expect((await bench.existing()).servers, context).toHaveLength(1);
        expect(await done("plan", ...more), context).toMatchObject({ changes: false });
        await done("destroy", ...more);
      }
      const { resources: left } = await bench.existing();
      expect(
        left.filter((resource) => !nameless(one, resource)),
        context,
      ).toEqual([]);
      expect(await readFile(join(bench.directory, "run.lock"), "utf8"), "a lock").toBe("");
      expect(await processesBelow(bench.directory), "processes").toEqual([]);
    });
  });
});
