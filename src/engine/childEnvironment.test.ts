import { expect, test } from "vitest";
import { Secret } from "../configuration/Secret.ts";
import { childEnvironment, inheritedSecrets } from "./childEnvironment.ts";

test("nothing of the shell steers the engine", () => {
  const inherited = {
    PATH: "/bin",
    HOME: "/home/u",
    LC_ALL: "C",
    https_proxy: "http://p",
    TF_TOKEN_example_org: "t",
    GOMEMLIMIT: "1GiB",
    GODEBUG: "http2client=0",
    TF_CLI_ARGS: "-destroy",
    TF_CLI_ARGS_plan: "-destroy",
    TF_WORKSPACE: "other",
    TF_VAR_vm_name: "x",
    TF_LOG: "trace",
    TF_DATA_DIR: "/elsewhere",
    LD_PRELOAD: "x.so",
    BASH_ENV: "/x",
    ACME_TOKEN: "t",
    EMPTY: undefined,
  };
  expect(childEnvironment(inherited)).toEqual({
    PATH: "/bin",
    HOME: "/home/u",
    LC_ALL: "C",
    https_proxy: "http://p",
    TF_TOKEN_example_org: "t",
    GOMEMLIMIT: "1GiB",
  });
});

test("takes over what is named, and what is given wins", () => {
  const inherited = { ACME_TOKEN: "shell", ACME_REGION: "r", OTHER: "o", PATH: "/bin" };
  expect(childEnvironment(inherited, { ACME_TOKEN: new Secret("given"), TF_INPUT: "0" }, ["ACME_*"])).toEqual({
    PATH: "/bin",
    ACME_TOKEN: "given",
    ACME_REGION: "r",
    TF_INPUT: "0",
  });
});

test("credentials that come from the user's own environment are known for secrets", () => {
  const environment = {
    ACME_SECRET_ACCESS_KEY: "one",
    ACME_SESSION_TOKEN: "two",
    TF_TOKEN_registry_example: "three",
    https_proxy: "http://me:fo%20ur@proxy:1",
    PGPASSWORD: "five",
    ACME_TOKEN: "given",
  };
  const plain = { ACME_ACCESS_KEY_ID: "a", ACME_TOKEN_FILE: "/b", SSH_AUTH_SOCK: "/c", PATH: "/bin", NO_PROXY: "x" };
  const secrets = inheritedSecrets({ ...environment, ...plain }, { ACME_TOKEN: "given" });
  expect(secrets.filter((secret) => secret !== "")).toEqual(["one", "two", "three", "fo ur", "five"]);
});
