import { expect, test } from "vitest";
import { Secret } from "../configuration/Secret.ts";
import { localState } from "../configuration/StateSettings.ts";
import { AppError } from "../errors.ts";
import type { Command } from "../ports/Processes.ts";
import { makeStack } from "../stacks/makeStack.ts";
import { realPorts } from "../system/realPorts.ts";
import { nameHolder } from "./nameHolder.ts";

const locked = new AppError("engine.stateLocked", "it is locked", { hint: "wait", exit: 6 });
const ports = realPorts();

/** What is said where psql ends so; and how it was called. */
async function said(connection: string, outcome: { status: number; stdout?: string }, error: unknown = locked) {
  const calls: Command[] = [];
  const processes = {
    ...ports.processes,
    run: async (command: Command) => {
      calls.push(command);
      return { signal: null, stderr: "", stdout: "", durationMs: 1, ...outcome };
    },
  };
  const state = { ...localState, backend: "pg", environment: { PG_CONN_STR: new Secret(connection) } };
  const clock = { ...ports.clock, now: () => 1_000_090_000 };
  const loaded = { stack: makeStack("qa", "acme"), configuration: { state } };
  const named = (await nameHolder(error, loaded, { processes, clock, machine: ports.machine })) as AppError;
  return { named, call: calls[0] };
}

test("the run that holds it, and for how long", async () => {
  const { named } = await said("postgres://h/db", { status: 0, stdout: "landfall 1000000 apply qa/acme ana@desk 7\n" });
  expect(named).toMatchObject({ message: "it is locked: apply qa/acme ana@desk 7, for 90 s", hint: "wait", exit: 6 });
  const other = await said("postgres://h/db", { status: 0, stdout: "backup-tool\n" });
  expect(other.named.message).toBe("it is locked: backup-tool");
});

test.each([
  "postgres://ana:s3%20cret@db.example:5433/state?sslmode=require",
  "host=db.example port=5433 user=ana password='s3 cret' dbname=state sslmode=require",
])("the password travels in the environment: %s", async (connection) => {
  const { call } = await said(connection, { status: 0 });
  expect(JSON.stringify(call?.arguments)).not.toContain("cret");
  expect(call?.environment).toMatchObject({
    PGHOST: "db.example",
    PGPORT: "5433",
    PGUSER: "ana",
    PGPASSWORD: "s3 cret",
    PGDATABASE: "state",
    PGSSLMODE: "require",
  });
});

test("where the engine says since when, it is said for how long", async () => {
  const told = new AppError("engine.stateLocked", "it is locked: ben@desk, since 1970-01-12 13:46:30 UTC", {
    hint: "wait",
    exit: 6,
  });
  const { named, call } = await said("postgres://h/db", { status: 0 }, told);
  expect(named).toMatchObject({ message: "it is locked: ben@desk, for 100 s", hint: "wait", exit: 6 });
  expect(call).toBeUndefined();
});

test("a connection that cannot be taken apart is left to the user's own variables", async () => {
  const { named } = await said("postgres://one:1,two:2/db", { status: 2 });
  expect(named).toBe(locked);
});

test("without psql the error says what to install; where it fails, and for other errors, nothing is added", async () => {
  expect((await said("postgres://h/db", { status: 127 })).named.hint).toContain("postgresql-client");
  expect((await said("postgres://h/db", { status: 2 })).named).toBe(locked);
  const other = new AppError("engine.failed", "it failed", { hint: "see" });
  const { named, call } = await said("postgres://h/db", { status: 0, stdout: "x" }, other);
  expect(named).toBe(other);
  expect(call).toBeUndefined();
});
