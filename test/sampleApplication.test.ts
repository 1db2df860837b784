import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { prepareRelease, type PreparedRelease } from "../src/application/prepareRelease.ts";
import { readApplicationFolder } from "../src/application/readApplicationFolder.ts";
import { realPorts } from "../src/system/realPorts.ts";
import { repository } from "./support/makeTree.ts";

/** What the sample application makes of an environment: nothing here needs a server. */
const awkward = `p/a+s:s@w%o"r'd \\$`;
const secrets = {
  TRACKER_ADMIN_TOKEN: `t&k=${awkward}`,
  MYSQL_ROOT_PASSWORD: `root ${awkward}`,
  MYSQL_PASSWORD: awkward,
  GF_SECURITY_ADMIN_PASSWORD: `grafana ${awkward}`,
};
const plain = { DOMAIN_NAME: "tracker.torrust.dev", CERTBOT_EMAIL: "admin@torrust.dev", ENABLE_SSL: "true" };

async function prepare(folder: string, values: Record<string, string> = {}): Promise<PreparedRelease> {
  const read = await readApplicationFolder(join(repository, folder), repository, realPorts().files);
  expect(read.problems).toEqual([]);
  if (read.folder === undefined) throw new Error("no folder");
  const given = Object.entries({ ...plain, ...secrets, ...values }).map(
    ([name, text]) => [name, { text, secret: name in secrets, where: "test.env:1" }] as const,
  );
  return prepareRelease(read.folder, new Map(given), { missingWhere: "test.env" });
}

function fileOf({ release }: PreparedRelease, path: string): string {
  const found = release.files.find((file) => file.path === path);
  return Buffer.from(found?.content ?? "", "base64").toString();
}

describe.each(["application", "test/fixtures/applications/tracker", "test/fixtures/applications/static-site"])(
  "%s",
  (folder) => {
    test("can be deployed, without a word", async () => {
      const { problems, warnings } = await prepare(folder);
      expect([...problems, ...warnings]).toEqual([]);
    });

    test("has secrets in files only that not everybody reads", async () => {
      const { release } = await prepare(folder);
      for (const { path, mode, content } of release.files) {
        const text = Buffer.from(content, "base64").toString();
        // In whatever way it is written there.
        const holds = /p(\/|%2F)a(\+|%2B)s/i.test(text);
        expect(`${path} ${holds ? mode.at(-1) : ""}`).toBe(`${path} ${holds ? "0" : ""}`);
      }
      expect(JSON.stringify(release.environment)).not.toContain("p/a");
    });
  },
);

describe("the sample", () => {
  test("compatibility 16: an awkward password is percent-encoded in the database's address", async () => {
    expect(fileOf(await prepare("application"), "config/tracker.toml")).toContain(
      `path = "mysql://torrust:p%2Fa%2Bs%3As%40w%25o%22r%27d%20%5C%24@mysql:3306/torrust_tracker"`,
    );
  });

  test("compatibility 15: database, metrics and API are not published to the world, and data is below the data directory", async () => {
    const prepared = await prepare("application");
    const compose = fileOf(prepared, "compose.yaml");
    const published = [...compose.matchAll(/"([\d.]+:)?(\d+):\d+(\/udp)?"/g)];
    const world = published
      .filter(([, host]) => host === undefined)
      .map(([, , port, udp]) => `${port}${udp ?? "/tcp"}`);
    expect(world.sort()).toEqual(["443/tcp", "6868/udp", "6969/udp", "7070/tcp", "80/tcp"]);
    expect(published.filter(([, host]) => host === "127.0.0.1:").map(([, , port]) => port)).toEqual(
      expect.arrayContaining(["1212", "3306", "9090", "3000"]),
    );
    expect(prepared.release.data.map(({ path }) => path)).toEqual(expect.arrayContaining(["mysql", "caddy/data"]));
  });

  test("the token of the health check is the configured one", async () => {
    const { release } = await prepare("application");
    const api = release.health.find(({ name }) => name === "api")?.http ?? "";
    expect(new URL(api).searchParams.get("token")).toBe(secrets.TRACKER_ADMIN_TOKEN);
  });

  test("the metrics get the statistics without knowing the token, which Prometheus would show to every user of the server", async () => {
    const prepared = await prepare("application");
    const statistics = /:9180 \{\n\trewrite \* "(.*)"\n\treverse_proxy tracker:1212\n\}/.exec(
      fileOf(prepared, "config/Caddyfile"),
    );
    const address = new URL(statistics?.[1] ?? "", "http://tracker:1212");
    expect(address.pathname).toBe("/api/v1/stats");
    expect(address.searchParams.get("token")).toBe(secrets.TRACKER_ADMIN_TOKEN);
    expect(fileOf(prepared, "config/prometheus.yml")).toContain('target: ["http://proxy:9180/"]');
    expect(fileOf(prepared, "config/prometheus.yml")).not.toContain("token");
    expect(fileOf(prepared, "compose.yaml")).not.toContain("9180");
  });

  test.each([
    ["Let's Encrypt", {}, /acme_ca https:\/\/acme-v02\.api\.letsencrypt\.org\/directory/, [[14, true]]],
    [
      "its staging",
      { ACME_DIRECTORY: "https://acme-staging-v02.api.letsencrypt.org/directory" },
      /acme_ca .*staging/,
      [[14, false]],
    ],
    ["the proxy itself", { ACME_DIRECTORY: "internal" }, /local_certs/, [[0, false]]],
    [
      "a private authority",
      { ACME_DIRECTORY: "https://ca.lan/dir", ACME_CA_CERTIFICATE: "PEM" },
      /acme_ca_root/,
      [[14, false]],
    ],
    ["nobody", { ENABLE_SSL: "false" }, /^:80 \{/m, []],
  ])("certificates of %s", async (_name, values, expected, checked) => {
    const prepared = await prepare("application", values);
    expect(fileOf(prepared, "config/Caddyfile")).toMatch(expected);
    const checks = prepared.release.health.filter(({ tls }) => tls !== undefined);
    expect(checks.map(({ days, verify }) => [days, verify])).toEqual(checked);
  });

  test("what would break out of the proxy's configuration is refused", async () => {
    const { problems } = await prepare("application", {
      DOMAIN_NAME: "a {\n respond evil\n}",
      ACME_DIRECTORY: "http://a b",
    });
    expect(problems.map(({ key }) => key).sort()).toEqual(["ACME_DIRECTORY", "DOMAIN_NAME"]);
  });
});
