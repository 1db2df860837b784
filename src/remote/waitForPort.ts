import type { ConnectionFailure } from "../ports/Network.ts";
import { describeSight, type PortSight } from "./describeSight.ts";
import type { SshTarget } from "./SshTarget.ts";
import { waitErrors } from "./waitErrors.ts";
import type { Wait } from "./Wait.ts";

const pollMs = 200;
/** Short, so that a machine that comes up is noticed at once and not at TCP's next doubled retry. */
const firstTryMs = 800;
/** A slow machine needs a while from accepting to its first words: do not hang up on it. */
const bannerMs = 8000;

/** Waits until something on the port introduces itself as an SSH server. */
export async function waitForPort(target: SshTarget, wait: Wait): Promise<void> {
  const { phases, ports } = wait;
  const port = target.port ?? 22;
  phases.start("port", wait.sshLeft());
  let tryMs = firstTryMs;
  for (;;) {
    const answer = await ports.network.connect(target.address, port, Math.max(pollMs, Math.min(tryMs, phases.left())));
    wait.checkInterrupted();
    const sight = sightOf(answer);
    if (sight === "ssh") return phases.finish();
    // A try that the budget cuts short would tell nothing.
    if (phases.left() < pollMs) throw waitErrors.noPort(target, phases.elapsed(), sight);
    phases.progress(describeSight(sight));
    tryMs = sight === "silent" ? bannerMs : firstTryMs;
    await wait.pause(sight === "timeout" ? 0 : pollMs);
  }
}

function sightOf(answer: { banner: string } | ConnectionFailure): PortSight | "ssh" {
  if (typeof answer === "string") return answer;
  if (answer.banner === "") return "silent";
  // A server may say other lines before its version.
  return /^SSH-/m.test(answer.banner) ? "ssh" : { banner: answer.banner.trim() };
}
