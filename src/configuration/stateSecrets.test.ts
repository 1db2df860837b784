import { expect, test } from "vitest";
import { neededByRun } from "./neededByRun.ts";
import { fakePrograms } from "./testing/fakePrograms.ts";
import { environmentFile, problemsOf, summary } from "./testing/inspect.ts";
import { temporaryWorkspace } from "./testing/temporaryWorkspace.ts";

const path = () => ({ PATH: process.env["PATH"] ?? "" });

test("key and credentials of state may be kept elsewhere: a run has them, nothing else asks for them", async () => {
  const { calls } = await fakePrograms({ pass: 'echo "postgres://u:$2-0123456789@db/x"' });
  const { load } = await temporaryWorkspace({
    "state.env": "STATE_BACKEND=pg\nSTATE_CONN_STR=${secret:command:pass show place}",
    "environments/development.env":
      "PROTECTED=true\nSTATE_ENCRYPTION_KEY=${secret:command:pass show key}\nMYSQL_PASSWORD=${secret:command:pass show other}",
  });
  const unneeded = await load();
  expect(await calls()).toEqual([]);
  expect(() => unneeded.state.key?.reveal()).toThrow("was not fetched");
  expect(unneeded.state.environment).toEqual({});

  const { state } = await load({ needs: neededByRun, process: path() });
  expect(state.key?.reveal()).toBe("postgres://u:key-0123456789@db/x");
  expect(Object.values(state.environment).map(String)).toEqual(["***"]);
  expect(state.address["conn_str"]).toContain("db");
  expect(JSON.stringify(state)).not.toContain("0123456789");
  expect((await calls()).map(([, , name]) => name).sort()).toEqual(["key", "place"]);
});

test("a key that turns out to be too short is refused with its place", async () => {
  await fakePrograms({ pass: "echo short" });
  const { load } = await temporaryWorkspace({
    "environments/development.env": "\nSTATE_ENCRYPTION_KEY=${secret:command:pass show key}",
  });
  expect(summary(await problemsOf(load({ needs: neededByRun, process: path() })))).toEqual([
    `${environmentFile}:2: STATE_ENCRYPTION_KEY has 5 characters`,
  ]);
});
