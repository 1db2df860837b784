import type { WaitPhase } from "../events/Event.ts";
import { firstBootScript, loginScript } from "./firstBootScript.ts";
import { openSession, type Session } from "./openSession.ts";
import { readCloudInit, type CloudInitState } from "./readCloudInit.ts";
import { emptySshLog, type SshLog } from "./readSshLog.ts";
import type { SshTarget } from "./SshTarget.ts";
import { waitErrors } from "./waitErrors.ts";
import type { Wait } from "./Wait.ts";

const firstRetryMs = 250;
/** Refused logins count as attacks on many machines: ask seldom once the first answers were no. */
const slowestRetryMs = 5000;

/** How one connection ended, as far as the machine's own reports go. */
type Report = { kind: "none" } | { kind: "crashed"; units: string } | { kind: "finished"; state: CloudInitState };

/**
 * Host key, login and first boot, told apart while one connection lives; a connection that is refused or lost is made
 * again until the budget of the phase is used up.
 */
export async function enterMachine(target: SshTarget, wait: Wait): Promise<void> {
  const { request, phases } = wait;
  phases.start("host-key", wait.sshLeft());
  let known: CloudInitState | undefined;
  // Of the last connection that said why it failed: the one that the budget ends says nothing.
  let seen = emptySshLog;
  for (let retryMs = firstRetryMs; ;) {
    const { session, report } = await converse(target, wait, (state) => (known = state));
    wait.checkInterrupted();
    if (report !== undefined) return judge(report, wait);
    if (request.skipCloudInit === true && session.loggedIn) return;

    const { log } = session;
    if (session.missing) throw waitErrors.noSsh();
    if (log.hostKeyRefused) throw waitErrors.wrongHostKey(target, request.stack, log.fingerprint);
    if (log.denied && log.keyAccepted) throw waitErrors.unusableKey(target, log.last);
    if (log.last !== "") seen = log;
    if (phases.left() === 0) throw outOfTime(phases.current, target, wait, seen, known);

    phases.progress(log.last === "" ? "the connection was lost" : log.last);
    retryMs = session.loggedIn ? firstRetryMs : log.denied ? Math.min(retryMs * 1.6, slowestRetryMs) : firstRetryMs;
    await wait.pause(Math.min(retryMs, phases.left()));
  }
}

interface Entry {
  session: Session;
  report: Report | undefined;
}

async function converse(target: SshTarget, wait: Wait, learn: (state: CloudInitState) => void): Promise<Entry> {
  const { request, phases } = wait;
  let report: Report | undefined;
  let state: CloudInitState | undefined;
  const input = request.skipCloudInit === true ? loginScript : firstBootScript;
  const session = await openSession(target, wait, input, (word, rest, restartLimit) => {
    if (word === "login") {
      if (phases.current === "cloud-init") return;
      phases.finish();
      if (request.skipCloudInit === true) return;
      phases.start("cloud-init", request.budgets.cloudInitMs);
      restartLimit();
    } else if (word === "status" || word === "alive") {
      if (word === "status") learn((state = readCloudInit(rest)));
      phases.progress(state?.stage === undefined ? "" : `stage ${state.stage}`);
    } else if (word === "finished") report = { kind: "finished", state: readCloudInit(rest) };
    else if (word === "crashed") report = { kind: "crashed", units: rest.trim() };
    else if (word === "none") report = { kind: "none" };
  });
  return { session, report };
}

function judge(report: Report, { request, phases, ports }: Wait): void {
  if (report.kind === "crashed") throw waitErrors.crashedCloudInit(request.stack, report.units);
  if (report.kind === "none") {
    ports.emit({
      type: "notice",
      level: "info",
      code: "cloudInit.none",
      message: "the machine has no cloud-init, so there is no first boot to wait for",
    });
  } else if (report.state.errors.length > 0) throw waitErrors.failedCloudInit(request.stack, report.state.errors);
  else if (report.state.warnings.length > 0) {
    ports.emit({
      type: "notice",
      level: "warning",
      code: "cloudInit.degraded",
      message: `the first boot finished with warnings: ${report.state.warnings.join("; ")}`,
      hint: `read more: landfall ssh ${request.stack} -- cloud-init status --long`,
    });
  }
  phases.finish();
}

function outOfTime(
  phase: WaitPhase | undefined,
  target: SshTarget,
  { request, phases }: Wait,
  log: SshLog,
  known: CloudInitState | undefined,
): Error {
  const ms = phases.elapsed();
  if (phase === "cloud-init") return waitErrors.slowCloudInit(request.stack, ms, known);
  if (phase === "login") return waitErrors.noLogin(target, request.stack, ms, log);
  return waitErrors.noHostKey(target, request.stack, ms, log.last);
}
