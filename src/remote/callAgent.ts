import { AppError, type Problem } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import type { Ports } from "../ports/Ports.ts";
import { agentCommand } from "./agentBootstrap.ts";
import type { AgentCall, AgentEvent, AgentProblem } from "./AgentCall.ts";
import { emptySshLog, readSshLog } from "./readSshLog.ts";
import { sshArguments } from "./sshArguments.ts";
import { waitErrors } from "./waitErrors.ts";

/** What both sides have to speak. */
const protocol = 1;
/** The agent ends what nobody has waited for in the last 30 s. */
const beatMs = 5000;

/**
 * Brings the agent to a server and lets it do one thing, over one connection. Gives what its result says; throws the
 * AppError that its problem is, or that says why there was no answer.
 */
export async function callAgent<Answer = Record<string, unknown>>(
  call: AgentCall,
  { processes, clock }: Pick<Ports, "processes" | "clock">,
): Promise<Answer> {
  let log = emptySshLog;
  let greeted = false;
  let end: AgentEvent | undefined;
  const ended = new AbortController();
  const outcome = await processes
    .run({
      program: "ssh",
      arguments: sshArguments(call.target, [agentCommand()], {
        batch: true,
        logLevel: "DEBUG1",
        connectTimeoutSeconds: 15,
      }),
      input: feed(call, clock, ended.signal),
      // Ctrl-C in the terminal must not reach ssh: the agent is asked to stop, and says what it undid.
      ownSession: true,
      onOutput(line, stream) {
        if (stream === "stderr") log = readSshLog(log, line);
        else {
          const event = parse(line);
          if (event === undefined) return;
          if (event.event === "hello") greeted = true;
          else if (event.event === "result" || event.event === "problem") end = event;
          else call.hear?.(event);
        }
      },
    })
    .finally(() => ended.abort());
  if (end?.event === "result") return end.answer as Answer;
  if (end?.event === "problem") throw problemOf(end, call);
  if (outcome.status === 127 && log.last === "ssh: not found") throw waitErrors.noSsh();
  if (log.hostKeyRefused) throw waitErrors.wrongHostKey(call.target, call.stack, log.fingerprint);
  if (log.denied) throw waitErrors.noLogin(call.target, call.stack, outcome.durationMs, log);
  throw greeted ? cut(call, log.last) : silent(call, log.last);
}

async function* feed(
  { agent, request, body, lease = false, interrupt }: AgentCall,
  clock: Ports["clock"],
  ended: AbortSignal,
): AsyncGenerator<Uint8Array> {
  yield agent;
  yield Buffer.from(`${JSON.stringify({ protocol, ...request })}\n`);
  const stop = interrupt === undefined ? ended : AbortSignal.any([ended, interrupt]);
  for await (const piece of body ?? []) {
    if (stop.aborted) return;
    yield piece;
  }
  if (!lease) return;
  while (!stop.aborted) {
    yield Buffer.from("\n");
    await clock.sleep(beatMs, stop).catch(() => undefined);
  }
}

function parse(line: string): AgentEvent | undefined {
  try {
    const event = JSON.parse(line) as AgentEvent;
    return typeof event === "object" && event !== null && "event" in event ? event : undefined;
  } catch {
    return undefined;
  }
}

function problemOf(problem: AgentProblem, { stack }: AgentCall): AppError {
  const { code, message, checks = [], logs = [], problems = [] } = problem;
  const hint = problem.hint.replaceAll("STACK", stack);
  const details: Problem[] = [
    ...problems.map((text) => ({ message: text })),
    ...checks
      .filter(({ outcome }) => outcome === "bad")
      .map(({ name, message: text }) => ({ key: name, message: text })),
    ...logs.map(({ service, lines }) => ({ key: service, message: ["its last lines:", ...lines].join("\n") })),
  ];
  const exit =
    code === "deploy.locked" ? exitCodes.locked : code === "deploy.refused" ? exitCodes.refused : exitCodes.failed;
  return new AppError(code, message, { hint, exit, problems: details });
}

function cut({ stack, request, lease }: AgentCall, last: string): AppError {
  const what = last === "" ? "" : ` (${last})`;
  return new AppError(
    "agent.cut",
    `the connection to the server of ${stack} was lost during ${request.command}${what}`,
    {
      hint:
        lease === true
          ? `what was not finished is undone on the server within 30 s; look: landfall app status ${stack}`
          : "run the same command again",
    },
  );
}

function silent({ stack }: AgentCall, last: string): AppError {
  return new AppError("agent.silent", `nothing answered on the server of ${stack}: ${last || "it went silent"}`, {
    hint: `look whether it runs: landfall status ${stack}; it needs python3 and sudo without a password`,
  });
}
