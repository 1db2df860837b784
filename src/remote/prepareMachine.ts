import { lookScript, preparationScript } from "./preparationScripts.ts";
import { loginScript } from "./firstBootScript.ts";
import { readHostFacts, type HostFacts } from "./HostFacts.ts";
import { openSession } from "./openSession.ts";
import type { SshTarget } from "./SshTarget.ts";
import { waitErrors } from "./waitErrors.ts";
import type { Preparation, Wait } from "./Wait.ts";

const pauseMs = 1000;

/**
 * Prepares a host over SSH: looks at it, starts the script there and follows it, over as many connections as it takes.
 * `target` is who logs in for that, `prepared` who has to be able to log in afterwards.
 */
export async function prepareMachine(
  target: SshTarget,
  prepared: SshTarget,
  preparation: Preparation,
  wait: Wait,
): Promise<void> {
  const { phases, request } = wait;
  phases.start("preparation", request.budgets.cloudInitMs);
  const facts = await converse<HostFacts>(target, lookScript, wait, (word, rest) =>
    word === "facts" ? readHostFacts(rest) : undefined,
  );
  preparation.judge(facts);
  const log: string[] = [];
  let doing = "";
  const end = await converse<string>(target, preparationScript(preparation), wait, (word, rest) => {
    if (word === "progress") phases.progress((doing = rest));
    if (word === "log") log.push(rest);
    if (word === "prepared") return "";
    return word === "failed" ? rest : undefined;
  }).catch((error: unknown) => {
    throw phases.left() === 0 ? waitErrors.slowPreparation(request.stack, phases.elapsed(), doing) : error;
  });
  if (end !== "") throw waitErrors.failedPreparation(request.stack, end, log);
  await converse(prepared, loginScript, wait, (word) => (word === "login" ? true : undefined));
  phases.finish();
}

/** Runs a script there until it has given its answer; a lost connection is made again. */
async function converse<Answer>(
  target: SshTarget,
  script: string,
  wait: Wait,
  answerIn: (word: string, rest: string) => Answer | undefined,
): Promise<Answer> {
  const { phases, request } = wait;
  for (;;) {
    let answer: Answer | undefined;
    const { log } = await openSession(target, wait, script, (word, rest) => {
      answer ??= answerIn(word, rest);
    });
    wait.checkInterrupted();
    if (answer !== undefined) return answer;
    if (log.hostKeyRefused) throw waitErrors.wrongHostKey(target, request.stack, log.fingerprint);
    if (log.denied || phases.left() === 0) throw waitErrors.noLogin(target, request.stack, phases.elapsed(), log);
    phases.progress(log.last === "" ? "the connection was lost; the host goes on" : log.last);
    await wait.pause(Math.min(pauseMs, phases.left()));
  }
}
