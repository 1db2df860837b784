import type { WaitPhase } from "../events/Event.ts";
import { firstBootScript, loginScript, reportMark } from "./firstBootScript.ts";
import { readCloudInit, type CloudInitState } from "./readCloudInit.ts";
import { emptySshLog, readSshLog, type SshLog } from "./readSshLog.ts";
import { sshArguments } from "./sshArguments.ts";
import type { SshTarget } from "./SshTarget.ts";
import { waitErrors } from "./waitErrors.ts";
import type { Wait } from "./Wait.ts";

/** Nothing at all for so long: the connection is dead. The script says something every two seconds. */
const silenceMs = 25_000;
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
    const session = await openSession(target, wait, (state) => (known = state));
    wait.checkInterrupted();
    if (session.report !== undefined) return judge(session.report, wait);
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

interface Session {
  log: SshLog;
  loggedIn: boolean;
  report: Report | undefined;
  /** There is no program `ssh`. */
  missing: boolean;
}

async function openSession(target: SshTarget, wait: Wait, learn: (state: CloudInitState) => void): Promise<Session> {
  const { request, phases, ports } = wait;
  const session: Session = { log: emptySshLog, loggedIn: false, report: undefined, missing: false };
  const limit = deadline(wait);
  let state: CloudInitState | undefined;

  const onReport = (word: string, rest: string): void => {
    if (word === "login") {
      session.loggedIn = true;
      if (phases.current === "cloud-init") return;
      phases.finish();
      if (request.skipCloudInit === true) return;
      phases.start("cloud-init", request.budgets.cloudInitMs);
      limit.restart();
    } else if (word === "status" || word === "alive") {
      if (word === "status") learn((state = readCloudInit(rest)));
      phases.progress(state?.stage === undefined ? "" : `stage ${state.stage}`);
    } else if (word === "finished") session.report = { kind: "finished", state: readCloudInit(rest) };
    else if (word === "crashed") session.report = { kind: "crashed", units: rest.trim() };
    else if (word === "none") session.report = { kind: "none" };
  };

  const outcome = await ports.processes.run({
    program: "ssh",
    arguments: sshArguments(target, ["sh", "-s"], { batch: true, logLevel: "DEBUG1", connectTimeoutSeconds: 10 }),
    input: request.skipCloudInit === true ? loginScript : firstBootScript,
    // Ctrl-C in the terminal must not reach ssh before it has reached us.
    ownSession: true,
    interrupt: request.signal === undefined ? limit.signal : AbortSignal.any([limit.signal, request.signal]),
    interruptSignal: "SIGTERM",
    idleTimeoutMs: silenceMs,
    onOutput(line, stream) {
      if (stream === "stderr") {
        session.log = readSshLog(session.log, line);
        if (session.log.hostKeyAccepted && phases.current === "host-key") {
          phases.finish();
          phases.start("login", wait.sshLeft());
        }
      } else if (line.startsWith(reportMark)) {
        const [word = "", ...rest] = line.slice(reportMark.length).split(" ");
        onReport(word, rest.join(" "));
      }
    },
  });
  limit.stop();
  session.missing = outcome.status === 127 && !session.loggedIn && session.log.last.endsWith("not found");
  return session;
}

/** Fires when the budget of the phase under way is used up. */
function deadline({ ports, phases }: Wait): { signal: AbortSignal; restart(): void; stop(): void } {
  const fire = new AbortController();
  let timer = new AbortController();
  const begin = (): void => {
    const own = (timer = new AbortController());
    ports.clock.sleep(phases.left(), own.signal).then(
      () => fire.abort(),
      () => undefined,
    );
  };
  begin();
  return {
    signal: fire.signal,
    restart() {
      timer.abort();
      begin();
    },
    stop: () => timer.abort(),
  };
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
