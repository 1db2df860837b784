import { execFileSync, spawn } from "node:child_process";
import { chownSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { canary } from "./canary.ts";
import { freePort } from "./freePort.ts";

/** A PostgreSQL of this test's own, on a loopback port. */
export interface Postgres {
  port: number;
  /** A connection of one of the users, as STATE_CONN_STR takes it. */
  address(user: string, database?: string, password?: string): string;
  /** SQL as the administrator; rows of unaligned text. */
  query(sql: string, database?: string): string;
  /** Stops it, and starts it again. */
  stop(): Promise<void>;
  start(): Promise<void>;
  remove(): Promise<void>;
}

/** Users of the database `state`. What one of them makes belongs to the team, so that all can use it. */
export const passwords = {
  ana: canary("Ana's password"),
  ben: canary("Ben's password"),
  admin: canary("the administrator's password"),
};

/** Where its programs are; undefined, said loudly, where it is not installed. */
export async function findPostgres(): Promise<string | undefined> {
  const base = "/usr/lib/postgresql";
  const versions = await readdir(base).catch(() => []);
  const newest = versions.toSorted((a, b) => Number(b) - Number(a))[0];
  if (newest !== undefined) return join(base, newest, "bin");
  process.stderr.write("SKIPPED: no PostgreSQL for the tests of shared state: apt-get install postgresql\n");
  return undefined;
}

export async function startPostgres(programs: string): Promise<Postgres> {
  const directory = await mkdtemp(join(tmpdir(), "landfall-postgres-"));
  const data = join(directory, "data");
  const port = await freePort();
  // PostgreSQL refuses to run as root.
  const asUser = process.getuid?.() === 0 ? ["--reuid", "postgres", "--regid", "postgres", "--init-groups"] : [];
  const run = (program: string, ...args: string[]): string =>
    execFileSync("setpriv", [...asUser, join(programs, program), ...args], { encoding: "utf8", stdio: "pipe" });
  await mkdir(data);
  await writeFile(join(directory, "password.secret"), passwords.admin, { mode: 0o600 });
  if (asUser.length > 0) {
    const [uid, gid] = ["-u", "-g"].map((flag) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" })));
    for (const path of [directory, data, join(directory, "password.secret")]) chownSync(path, uid ?? 0, gid ?? 0);
  }
  run(
    "initdb",
    "-D",
    data,
    "-A",
    "scram-sha-256",
    "-U",
    "admin",
    `--pwfile=${join(directory, "password.secret")}`,
    "-N",
  );

  let server: ReturnType<typeof spawn> | undefined;
  const query: Postgres["query"] = (sql, database = "postgres") =>
    execFileSync(join(programs, "psql"), ["-XAtq", "-v", "ON_ERROR_STOP=1", "-f", "-"], {
      input: sql,
      encoding: "utf8",
      stdio: "pipe",
      env: {
        PGHOST: "127.0.0.1",
        PGPORT: String(port),
        PGUSER: "admin",
        PGPASSWORD: passwords.admin,
        PGDATABASE: database,
      },
    }).trim();
  const start: Postgres["start"] = async () => {
    // It ends with this process, whatever ends that.
    const settings = [`port=${port}`, "listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off"];
    server = spawn(
      "setpriv",
      [
        ...asUser,
        "--pdeathsig",
        "KILL",
        join(programs, "postgres"),
        "-D",
        data,
        ...settings.flatMap((one) => ["-c", one]),
      ],
      { stdio: "ignore" },
    );
    for (let attempt = 0; ; attempt += 1) {
      try {
        query("select 1");
        return;
      } catch (error) {
        if (attempt > 100) throw error;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  };
  const stop: Postgres["stop"] = async () => {
    const ended = new Promise((resolve) => server?.once("exit", resolve));
    server?.kill("SIGQUIT");
    await ended;
    server = undefined;
  };
  await start();
  makeTeam(query, "state");
  return {
    port,
    query,
    start,
    stop,
    address: (user, database = "state", password = passwords[user as keyof typeof passwords]) =>
      `postgres://${user}:${password}@127.0.0.1:${port}/${database}?sslmode=disable`,
    async remove() {
      if (server !== undefined) await stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** As docs/state.md says it. */
function makeTeam(query: Postgres["query"], database: string): void {
  query(`create database ${database}; create role team;`);
  query(`grant create on database ${database} to team; grant create on schema public to team;`, database);
  for (const user of ["ana", "ben"] as const) {
    query(`create role ${user} login password '${passwords[user]}' in role team;`);
    query(`alter role ${user} in database ${database} set role team;`);
  }
}
