import { expect, test } from "vitest";
import type { Secret } from "./Secret.ts";
import { environmentFile, problemsOf, shown, summary } from "./testing/inspect.ts";
import { acme, setting, temporaryWorkspace } from "./testing/temporaryWorkspace.ts";

const environment = (text: string, more: Record<string, string> = {}) =>
  temporaryWorkspace({ "environments/development.env": text, ...more });

test("secrets go to the plugin's environment only, what else declares a variable to both", async () => {
  const { load } = await environment("PROVIDER_ACME_TOKEN=abcd1234\nPROVIDER_ACME_ENDPOINT_URL=http://x");
  const { settings, pluginEnvironment, values } = await load();
  expect(settings).toEqual({ location: "north", endpoint_url: "http://x" });
  expect(pluginEnvironment["ACME_ENDPOINT"]).toBe("http://x");
  expect((pluginEnvironment["ACME_TOKEN"] as Secret).reveal()).toBe("abcd1234");
  expect(JSON.stringify({ settings, pluginEnvironment, values })).not.toContain("abcd1234");
});

test("older spellings and the plugin's own variable are understood and told", async () => {
  const { load, events } = await environment("ACME_API_TOKEN=abcd1234");
  expect(((await load()).pluginEnvironment["ACME_TOKEN"] as Secret).reveal()).toBe("abcd1234");
  const configuration = await load({ process: { ACME_TOKEN: "efgh5678" } });
  expect((configuration.pluginEnvironment["ACME_TOKEN"] as Secret).reveal()).toBe("efgh5678");
  expect(shown(configuration, "PROVIDER_ACME_TOKEN")).toMatchObject({
    spelling: "ACME_TOKEN",
    origin: { layer: "process environment" },
  });
  expect(events).toMatchObject([{ code: "configuration.old-spelling" }, { code: "configuration.plugin-variable" }]);
});

test("all that is wrong, with suggestions, without the value of a secret", async () => {
  const { load } = await environment(
    "PROVIDER_ACME_TOKEN=not-a-token\nPROVIDER_ACME_LOCATON=south\nPROVIDER_ACME_LOCATION=42\nPROVIDER_ACME_IMAGE=x\nPROVIDER_OTHER_X=y\nACME_API_TOKEN=other",
  );
  const problems = await problemsOf(load({ process: { PROVIDER_ACME_ENDPOINT_ULR: "x" } }));
  expect(problems.map(({ where, key }) => `${where} ${key}`)).toEqual([
    `${environmentFile}:1 PROVIDER_ACME_TOKEN`,
    `${environmentFile}:2 PROVIDER_ACME_LOCATON`,
    `${environmentFile}:3 PROVIDER_ACME_LOCATION`,
    `${environmentFile}:4 PROVIDER_ACME_IMAGE`,
    `${environmentFile}:6 ACME_API_TOKEN`,
    "environment variable PROVIDER_ACME_ENDPOINT_ULR PROVIDER_ACME_ENDPOINT_ULR",
  ]);
  expect(problems[1]?.hint).toBe("did you mean PROVIDER_ACME_LOCATION?");
  expect(problems[2]?.hint).toBe("write what matches [a-z]+, such as north, south");
  expect(JSON.stringify(problems)).not.toContain("not-a-token");
});

test("a required one says where to write it; an empty one counts as none", async () => {
  const manifest = acme({
    settings: {
      token: setting({ required: true, secret: true, environment: "T", description: "API token" }),
      place: setting({ default: "x" }),
    },
  });
  const { load } = await environment("PROVIDER_ACME_TOKEN=\nPROVIDER_ACME_PLACE=", { "providers/acme.env.tpl": "" });
  const [problem, ...more] = await problemsOf(load({ manifest }));
  expect(more).toEqual([]);
  expect(problem).toEqual({
    where: "infrastructure/config/providers/acme.env",
    key: "PROVIDER_ACME_TOKEN",
    message: "PROVIDER_ACME_TOKEN is required and not set (API token)",
    hint: "landfall configure development --provider acme asks for it; or set it in the environment of the command",
  });
  expect((await load({ manifest, process: { PROVIDER_ACME_TOKEN: "t" } })).settings).toEqual({ place: "x" });
});

test("dashes of a name become underscores, and a longer name is another provider", async () => {
  const manifest = acme({ name: "my", settings: { place: setting() } });
  const { load } = await environment("PROVIDER_MY_PLACE=a\nPROVIDER_MY_CLOUD_PLACE=b", {
    "providers/my-cloud.env.tpl": "",
  });
  expect((await load({ manifest })).settings).toEqual({ place: "a" });
  const longer = acme({ name: "my-cloud", settings: { place: setting() } });
  expect((await load({ manifest: longer })).settings).toEqual({ place: "b" });
});

test("a setting of another provider in this provider's own file is a mistake", async () => {
  const { load } = await environment("", { "providers/acme.env": "PROVIDER_AMCE_LOCATION=south" });
  expect(await problemsOf(load())).toMatchObject([
    { where: "infrastructure/config/providers/acme.env:1", hint: "did you mean PROVIDER_ACME_LOCATION?" },
  ]);
});

test("what is visible may not contain a secret", async () => {
  const { load } = await environment(
    "MYSQL_PASSWORD=canary\nPROVIDER_ACME_LOCATION=$MYSQL_PASSWORD\nVM_NAME=x-$MYSQL_PASSWORD",
  );
  const problems = await problemsOf(load());
  expect(problems.map(({ key }) => key)).toEqual(["PROVIDER_ACME_LOCATION", "VM_NAME"]);
  expect(JSON.stringify(problems)).not.toContain("canary");
});

test("what the provider cannot do is refused with its reason", async () => {
  const manifest = acme();
  manifest.capabilities.data_disk = "disks are soldered on";
  manifest.capabilities.reserve_address = "addresses rotate";
  const { load } = await environment("PERSISTENT_DATA_SIZE=5\nRESERVE_ADDRESS=true");
  expect(summary(await problemsOf(load({ manifest })))).toEqual([
    `${environmentFile}:1: DATA_DISK_SIZE asks for a data disk, which Acme Cloud does not offer: disks are soldered on`,
    `${environmentFile}:2: RESERVE_ADDRESS asks for a reserved address, which Acme Cloud does not offer: addresses rotate`,
  ]);
});
