import { lockStack } from "../../src/stacks/lockStack.ts";
import type { StackPaths } from "../../src/stacks/stackPaths.ts";
import { realPorts } from "../../src/system/realPorts.ts";

/*
 * contendForLock.ts FILE: waits for a byte, tries to take the lock, says `won` or the code of the refusal, and holds it
 * until standard input ends.
 */
const ports = realPorts(() => undefined);
process.stdout.write("ready\n");
process.stdin.once("data", () => void contend());
process.stdin.on("end", () => process.exit());

async function contend(): Promise<void> {
  const { pid, hostname: host, user } = ports.machine;
  const holder = { command: "race", pid, host, user, started: new Date().toISOString() };
  try {
    await lockStack({ runLock: process.argv[2] ?? "" } as StackPaths, holder, ports);
    process.stdout.write("won\n");
  } catch (error) {
    process.stdout.write(`${(error as { code?: string }).code ?? String(error)}\n`);
  }
}
