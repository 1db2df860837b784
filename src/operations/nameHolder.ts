import type { StackConfiguration } from "../configuration/StackConfiguration.ts";
import { AppError } from "../errors.ts";
import type { Ports } from "../ports/Ports.ts";
import { ageText } from "../stacks/ageText.ts";
import type { LoadedStack } from "./loadStack.ts";

/**
 * Adds to the error of a locked state for how long the lock has been held, and by whom where the engine cannot say it:
 * PostgreSQL knows its sessions, and every run of Landfall names its own. Any other error stays as it is.
 */
export async function nameHolder(
  error: unknown,
  { stack, configuration }: Pick<LoadedStack, "stack"> & { configuration?: Pick<StackConfiguration, "state"> },
  { processes, machine, clock }: Pick<Ports, "processes" | "machine" | "clock">,
): Promise<unknown> {
  if (!(error instanceof AppError && error.code === "engine.stateLocked")) return error;
  const connection = configuration?.state.environment["PG_CONN_STR"];
  if (connection === undefined) return withAge(error, clock.now());
  const text = typeof connection === "string" ? connection : connection.reveal();
  const outcome = await processes.run({
    program: "psql",
    arguments: ["-XAtq", "-v", `stack=${stack.name}`],
    environment: { PATH: machine.environment["PATH"] ?? "", HOME: machine.home, ...connectionVariables(text) },
    input: query,
    timeoutMs: 10_000,
  });
  if (outcome.status === 127) return said(error, "", "install postgresql-client to be told who holds it; ");
  const name = outcome.stdout.trim();
  if (outcome.status !== 0 || name === "") return error;
  const [, started, who] = /^landfall (\d+) (.*)$/.exec(name) ?? [undefined, undefined, name];
  const age = started === undefined ? "" : `, for ${ageText(clock.now() - Number(started) * 1000)}`;
  return said(error, `: ${who}${age}`, "");
}

/** The engine says when the lock was taken. */
function withAge(error: AppError, now: number): AppError {
  const since = /, since ([\d-]+) ([\d:]+) UTC$/.exec(error.message);
  if (since === null) return error;
  const age = `, for ${ageText(now - Date.parse(`${since[1]}T${since[2]}Z`))}`;
  const { code, message, hint, exit, problems } = error;
  return new AppError(code, message.slice(0, since.index) + age, { hint, exit, problems, cause: error });
}

function said(error: AppError, holder: string, advice: string): AppError {
  const { code, message, hint, exit, problems } = error;
  return new AppError(code, message + holder, { hint: advice + hint, exit, problems, cause: error });
}

/** Sessions that hold a lock of this database, runs on this stack first. */
const query = `
select coalesce(nullif(application_name, ''), usename::text)
from pg_locks join pg_stat_activity using (pid)
where locktype = 'advisory' and granted
  and database = (select oid from pg_database where datname = current_database())
order by position(' ' || :'stack' || ' ' in application_name) > 0 desc
limit 1;
`;

/** The password travels in the environment of psql, as everything else of the connection does. */
function connectionVariables(text: string): Record<string, string> {
  if (!/^[a-z]+:\/\//i.test(text)) {
    const words = [...text.matchAll(/(\w+)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|(\S+))/g)];
    return variables(words.map(([, key = "", quoted, plain]) => [key, quoted?.replace(/\\(.)/g, "$1") ?? plain ?? ""]));
  }
  const { hostname, port, username, password, pathname, searchParams } = new URL(text);
  return variables([
    ["host", hostname.replace(/^\[(.*)\]$/, "$1")],
    ["port", port],
    ["user", decodeURIComponent(username)],
    ["password", decodeURIComponent(password)],
    ["dbname", decodeURIComponent(pathname.slice(1))],
    ...searchParams,
  ]);
}

function variables(pairs: Iterable<readonly [key: string, value: string]>): Record<string, string> {
  const names: Record<string, string> = {
    host: "PGHOST",
    port: "PGPORT",
    user: "PGUSER",
    password: "PGPASSWORD",
    dbname: "PGDATABASE",
    sslmode: "PGSSLMODE",
    sslrootcert: "PGSSLROOTCERT",
    sslcert: "PGSSLCERT",
    sslkey: "PGSSLKEY",
  };
  const known = [...pairs].flatMap(([key, value]) => (key in names && value !== "" ? [[names[key] ?? "", value]] : []));
  return Object.fromEntries(known) as Record<string, string>;
}
