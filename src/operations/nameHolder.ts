import type { StackConfiguration } from "../configuration/StackConfiguration.ts";
import { childEnvironment } from "../engine/childEnvironment.ts";
import { AppError } from "../errors.ts";
import type { Ports } from "../ports/Ports.ts";
import { ageText } from "../stacks/ageText.ts";

/**
 * Adds to the error of a locked state for how long the lock has been held, and by whom where the engine cannot say it:
 * PostgreSQL knows its sessions, and every run of Landfall names its own. Any other error stays as it is.
 */
export async function nameHolder(
  error: unknown,
  { configuration }: { configuration?: Pick<StackConfiguration, "state"> },
  { processes, machine, clock }: Pick<Ports, "processes" | "machine" | "clock">,
): Promise<unknown> {
  if (!(error instanceof AppError && error.code === "engine.stateLocked")) return error;
  const told = withAge(error, clock.now());
  const state = configuration?.state;
  const connection = state?.environment["PG_CONN_STR"];
  if (told !== error || state === undefined || connection === undefined) return told;
  const own = connectionVariables(typeof connection === "string" ? connection : connection.reveal());
  const schema = String(state.arguments["schema_name"]);
  const table = String(state.arguments["table_name"] ?? "states");
  const settings = ["ON_ERROR_STOP=1", `schema=${schema}`, `table=${table}`, `creation=${creationLock(schema, table)}`];
  const outcome = await processes.run({
    program: "psql",
    arguments: ["-XAtq", ...settings.flatMap((setting) => ["-v", setting])],
    environment: childEnvironment(machine.environment, { HOME: machine.home, ...own }, state.passThrough),
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

/** The session that holds this state, or the right to make it. The engine locks by the number of the state's row. */
const query = `
select coalesce(nullif(application_name, ''), usename::text)
from pg_locks join pg_stat_activity using (pid)
where locktype = 'advisory' and granted
  and database = (select oid from pg_database where datname = current_database())
  and ((classid::bigint << 32) | objid::bigint) in (select id from :"schema".:"table" union all select :creation)
limit 1;
`;

/** The engine's number for the making of the first state of a table: FNV-1 of 32 bits, negative. */
function creationLock(schema: string, table: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(`${schema}\0${table}`)) hash = (Math.imul(hash, 0x01000193) ^ byte) >>> 0;
  return -hash;
}

/** The password travels in the environment of psql, as everything else of the connection does. */
function connectionVariables(text: string): Record<string, string> {
  if (!/^[a-z]+:\/\//i.test(text)) {
    const words = [...text.matchAll(/(\w+)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|(\S+))/g)];
    return variables(words.map(([, key = "", quoted, plain]) => [key, quoted?.replace(/\\(.)/g, "$1") ?? plain ?? ""]));
  }
  // What the engine takes and this does not, such as several hosts, is left to the user's own variables.
  if (!URL.canParse(text)) return {};
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
