import { reportMark } from "./firstBootScript.ts";
import { emptySshLog, readSshLog, type SshLog } from "./readSshLog.ts";
import { sshArguments } from "./sshArguments.ts";
import type { SshTarget } from "./SshTarget.ts";
import type { Wait } from "./Wait.ts";

/** Nothing at all for so long: the connection is dead. Every script says something each few seconds. */
const silenceMs = 25_000;

/** How one connection went. */
export interface Session {
  log: SshLog;
  loggedIn: boolean;
  /** There is no program `ssh`. */
  missing: boolean;
}

/**
 * One connection in which `sh -s` runs a script there, until that ends, the connection is lost, or the budget of the
 * phase under way is used up. Never throws. `hear` gets each line that the script reports.
 */
export async function openSession(
  target: SshTarget,
  wait: Wait,
  script: string,
  hear: (word: string, rest: string, restartLimit: () => void) => void,
): Promise<Session> {
  const { request, phases, ports } = wait;
  const session: Session = { log: emptySshLog, loggedIn: false, missing: false };
  const limit = deadline(wait);
  const outcome = await ports.processes.run({
    program: "ssh",
    arguments: sshArguments(target, ["sh", "-s"], { batch: true, logLevel: "DEBUG1", connectTimeoutSeconds: 10 }),
    input: script,
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
        if (word === "login") session.loggedIn = true;
        hear(word, rest.join(" "), limit.restart);
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
