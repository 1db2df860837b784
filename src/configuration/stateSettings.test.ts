import { describe, expect, test } from "vitest";
import { environmentFile, problemsOf, summary } from "./testing/inspect.ts";
import { acme, setting, temporaryWorkspace } from "./testing/temporaryWorkspace.ts";

const stateFile = "infrastructure/config/state.env";
const pg = "STATE_BACKEND=pg\nSTATE_CONN_STR='postgres://ana:s3cr3t-pass@db.example/state?sslmode=require'";

async function load(files: Record<string, string>) {
  const { load: loadIn } = await temporaryWorkspace({ "environments/development.env": "", ...files });
  return loadIn();
}

async function problems(files: Record<string, string>): Promise<string[]> {
  const { load: loadIn } = await temporaryWorkspace({ "environments/development.env": "", ...files });
  return summary(await problemsOf(loadIn()));
}

test("without a word about it, states are kept in the clone, in plain text", async () => {
  const { state } = await load({});
  expect(state).toMatchObject({ backend: "local", arguments: {}, key: undefined });
});

test("every STATE_X is the argument x; secret ones travel as variables, the others in the block", async () => {
  const { state } = await load({
    "state.env": `${pg}\nSTATE_SKIP_TABLE_CREATION=true\nSTATE_TABLE_NAME='{project}-{stack}'`,
  });
  expect(state.arguments).toEqual({
    schema_name: "landfall_development_acme",
    skip_table_creation: "true",
    table_name: "landfall-development/acme",
  });
  expect(state.address).toEqual({ conn_str: "postgres://db.example/state" });
  expect(String(state.environment["PG_CONN_STR"])).toBe("***");
  expect(JSON.stringify(state)).not.toContain("s3cr3t");
});

test("lists and maps are JSON", async () => {
  const { state } = await load({
    "state.env": `STATE_BACKEND=s3\nSTATE_BUCKET=b\nSTATE_ENDPOINTS='{"s3":"http://127.0.0.1:9"}'`,
  });
  expect(state.arguments).toEqual({
    bucket: "b",
    key: "landfall/development/acme.tfstate",
    use_lockfile: "true",
    endpoints: { s3: "http://127.0.0.1:9" },
  });
});

test("an environment that names another backend takes nothing of the shared one's arguments", async () => {
  const { state } = await load({
    "state.env": pg,
    "environments/development.env": "STATE_BACKEND=consul\nSTATE_ADDRESS=consul.example",
  });
  expect(state).toMatchObject({ backend: "consul", environment: {} });
  expect(state.arguments).toEqual({ address: "consul.example", path: "landfall/development/acme" });
  const kept = await load({ "state.env": pg, "environments/development.env": "STATE_BACKEND=local" });
  expect(kept.state).toMatchObject({ backend: "local", arguments: {} });
});

describe("what is refused, with its line", () => {
  test.each<[name: string, text: string, expected: string]>([
    ["an unknown backend", "STATE_BACKEND=Pg!", ":1: STATE_BACKEND names no backend of the engine"],
    ["a slip", "STATE_BACKEND=gsc", ":1: STATE_BACKEND names no backend of the engine"],
    ["one without a state per stack", "STATE_BACKEND=cloud", ":1: STATE_BACKEND is cloud, which has no state for one"],
    ["a setting of a backend that is not named", "STATE_BUCKET=b", ":1: STATE_BUCKET is set, but no STATE_BACKEND"],
    [
      "one place for all stacks",
      "STATE_BACKEND=http\nSTATE_ADDRESS=http://h/state",
      ":2: STATE_ADDRESS is the same for every stack",
    ],
    [
      "a user in an address",
      "STATE_BACKEND=http\nSTATE_ADDRESS='http://ana:pw@h/{stack}'",
      ":2: STATE_ADDRESS contains a user and perhaps a password",
    ],
    [
      "a token in an address",
      "STATE_BACKEND=http\nSTATE_ADDRESS='http://h/{stack}?private-token=abc'",
      ":2: STATE_ADDRESS contains private-token, and would stand in a file in plain text",
    ],
    [
      "a token in a map",
      `STATE_BACKEND=http\nSTATE_ADDRESS=http://h/{stack}\nSTATE_HEADERS='{"Authorization":"Bearer x"}'`,
      ":3: STATE_HEADERS contains Authorization, and would stand in a file in plain text",
    ],
    [
      "a secret deep inside",
      `STATE_BACKEND=s3\nSTATE_BUCKET=b\nSTATE_ASSUME_ROLE_WITH_WEB_IDENTITY='{"web_identity_token":"x"}'`,
      ":3: STATE_ASSUME_ROLE_WITH_WEB_IDENTITY contains web_identity_token",
    ],
    [
      "no JSON",
      "STATE_BACKEND=s3\nSTATE_BUCKET=b\nSTATE_ENDPOINTS={s3}",
      ":3: STATE_ENDPOINTS begins like a list or a map, but is no JSON",
    ],
    [
      "a secret that the backend does not have",
      "STATE_BACKEND=pg\nSTATE_CONN_STR=postgres://h/d\nSTATE_VAULT_TOKEN=abcdefgh12",
      ":3: STATE_VAULT_TOKEN is secret, and backend pg takes no such argument from there",
    ],
    [
      "a password that is not percent-encoded",
      "STATE_BACKEND=pg\nSTATE_CONN_STR='postgres://ana:pa/ss@h/d'",
      ":2: STATE_CONN_STR has an @ behind a /, ? or #, as in a password with such characters",
    ],
    [
      "a name that would be cut",
      `STATE_BACKEND=pg\nSTATE_CONN_STR=postgres://h/d\nSTATE_SCHEMA_NAME=${"x".repeat(50)}_{environment}_{provider}`,
      ":3: schema_name of pg would be 67 bytes long, and is cut after 63",
    ],
    ["a setting of another thing", "VM_MEMORY=1024", ":1: VM_MEMORY is no setting of the state"],
  ])("%s", async (_name, text, expected) => {
    const found = await problems({ "state.env": text });
    expect(found.join("\n")).toContain(`${stateFile}${expected}`);
    expect(found.join("\n")).not.toContain("pa/ss");
  });

  test("what a backend needs", async () => {
    expect(await problems({ "state.env": "STATE_BACKEND=azurerm" })).toEqual([
      expect.stringContaining("STATE_STORAGE_ACCOUNT_NAME is not set, and STATE_BACKEND=azurerm needs it"),
      expect.stringContaining("STATE_CONTAINER_NAME is not set, and STATE_BACKEND=azurerm needs it"),
    ]);
  });

  test("a key that is too short, and none where the environment is protected", async () => {
    expect(await problems({ "environments/development.env": "STATE_ENCRYPTION_KEY=aB3dE6" })).toEqual([
      `${environmentFile}:1: STATE_ENCRYPTION_KEY has 6 characters`,
    ]);
    expect(await problems({ "environments/development.env": "PROTECTED=true" })).toEqual([
      expect.stringContaining("STATE_ENCRYPTION_KEY is not set: the state of a protected environment is encrypted"),
    ]);
    const { state } = await load({ "environments/development.env": "PROTECTED=true\nSTATE_ENCRYPTION_KEY=" });
    expect(state.key).toBeUndefined();
  });

  test("two accounts in one variable", async () => {
    const account = setting({ environment: "CONSUL_HTTP_TOKEN" });
    const { load: loadIn } = await temporaryWorkspace({
      "environments/development.env": "PROVIDER_ACME_ACCOUNT=one-account",
      "state.env": "STATE_BACKEND=consul\nSTATE_ACCESS_TOKEN=another-account",
    });
    const manifest = acme({ settings: { account } });
    const [problem] = await problemsOf(loadIn({ manifest }));
    expect(problem?.message).toContain("both take CONSUL_HTTP_TOKEN, and their values differ");
  });
});
