import { describe, expect, test } from "vitest";
import { contentOf, prepare, site, told, values } from "./testing/applicationBench.ts";

const manifest = site["application.yaml"];
const compose = site["compose.yaml"];
const withManifest = (text: string): Record<string, string> => ({ ...site, "application.yaml": manifest + text });
const withCompose = (from: string, to: string): Record<string, string> => ({
  ...site,
  "compose.yaml": compose.replace(from, to),
});
const withTemplate = (text: string): Record<string, string> => ({ ...site, "templates/site.conf": text });

describe("a folder without faults", () => {
  test("becomes a release: rendered, with what compose refers to, and a digest of its content", async () => {
    const prepared = await prepare(site);
    expect(contentOf(prepared, "config/site.conf")).toBe("name a.example\n");
    expect(prepared.warnings).toEqual([]);
    expect(prepared.release).toMatchObject({
      application: "site",
      environment: { DATA: "/var/lib/torrust/data" },
      secrets: [values.TOKEN],
      data: [{ path: "web", owner: "0:0", mode: "0750" }],
      healthy_within: 180,
    });
    const again = await prepare(site);
    expect(again.release.digest).toBe(prepared.release.digest);
    const other = await prepare(site, { ...values, DOMAIN_NAME: "b.example" });
    expect(other.release.digest).not.toBe(prepared.release.digest);
  });

  test("secrets are in files of their owner, and in templates that not everybody reads", async () => {
    const { release, problems } = await prepare(
      {
        ...withTemplate("token {{ TOKEN | json }}"),
        "application.yaml": `${manifest}secrets: { token: TOKEN, other: { setting: TOKEN, owner: "472:0" } }\n`,
      },
      { ...values, USER_ID: "1234" },
    );
    expect(problems).toEqual([]);
    expect(release.files.map(({ path, mode, owner }) => [path, mode, owner])).toEqual([
      ["compose.yaml", "0600", "0:0"],
      ["config/site.conf", "0640", "0:0"],
      ["secrets/other", "0400", "472:0"],
      ["secrets/token", "0400", "0:0"],
    ]);
  });

  test.each([
    ["{{ TOKEN | url }}", "s3%2Fcr%20et%27"],
    ["{{ TOKEN | json }}{{ TOKEN | yaml }}{{ TOKEN | toml }}", '"s3/cr et\'"'.repeat(3)],
    ["{{ TOKEN | shell }}", `'s3/cr et'\\'''`],
    ["{% if ENABLE_SSL %}yes{% else %}no{% endif %} {{ ENABLE_SSL | toml }}", "no false"],
    ["[{{ NOTE }}]{% if NOTE %}x{% endif %}{{ DATA }}", "[]/var/lib/torrust/data"],
  ])("%s is rendered as %s", async (template, text) => {
    expect(contentOf(await prepare(withTemplate(template)), "config/site.conf")).toBe(text);
  });

  test("conditions choose files and checks, and checks have their values in place", async () => {
    const files = withManifest(`health:
  - { name: api, http: "http://127.0.0.1:1/?t={{ TOKEN | url }}" }
  - { name: tls, tls: 443, host: "{{ DOMAIN_NAME }}", when: ENABLE_SSL, verify: DOMAIN_NAME contains "." }
`);
    const off = await prepare(files);
    expect(off.problems).toEqual([]);
    expect(off.release.health).toMatchObject([{ http: "http://127.0.0.1:1/?t=s3%2Fcr%20et%27", from: ["server"] }]);
    const on = await prepare(files, { ...values, ENABLE_SSL: "true" });
    expect(on.release.health[1]).toMatchObject({ tls: "443", host: "a.example", verify: true });
  });
});

test("everything that is wrong is said at once, each at its place", async () => {
  const { problems } = await prepare(
    {
      ...withTemplate("a\n{{ NOPE }} {{ TOKEN }}\n"),
      "application.yaml": manifest
        .replace("destination: config/site.conf", 'destination: config/site.conf, mode: "0644"')
        .replace("80/tcp", "22/tcp"),
      "compose.yaml": compose.replace("web:1", "${MISSING}"),
    },
    { ENABLE_SSL: "maybe", DOMAIN_NAME: "UPPER" },
  );
  expect(told(problems)).toEqual([
    "application/application.yaml:9: 22/tcp is the port of SSH",
    "qa.env: TOKEN is not set, and the application needs it: A token",
    "qa.env ENABLE_SSL: ENABLE_SSL is neither true nor false",
    "qa.env DOMAIN_NAME: DOMAIN_NAME has not the form that the application takes",
    "application/templates/site.conf:2: NOPE is no setting of the application",
    "application/application.yaml:12: config/site.conf holds a secret, and 0644 lets everybody read it",
    "application/compose.yaml:3: MISSING is no setting of the application",
    "application/compose.yaml:6: web publishes 80/tcp to the world, and open_ports does not name it; docker opens it past the firewall",
    "application/compose.yaml:8: ./config/site.conf is not in the release",
  ]);
});

describe("what is missing", () => {
  test.each(["application.yaml", "compose.yaml", "templates/site.conf"])("%s", async (name) => {
    const others = Object.fromEntries(Object.entries(site).filter(([file]) => file !== name));
    expect(told((await prepare(others)).problems)).toEqual([`application/${name}: there is no such file`]);
  });
});

describe("the manifest refuses", () => {
  test.each([
    ["health: [{ name: a }]", "a asks nothing"],
    ["health: [{ name: a, tcp: 1, http: 'http://x' }]", "a asks http and tcp"],
    ["health: [{ name: a, tcp: 1, when: NOPE }]", "NOPE is no setting of the application"],
    ["health: [{ name: a, http: '{{ ' }]", "output"],
    ["health: [{ name: a, tcp: 1 }, { name: a, tcp: 2 }]", "a is the name of another check"],
    ["health: [{ name: a, tcp: 1, service: nope }]", "there is no service nope in compose.yaml"],
    ["secrets: { a: NOPE }", "NOPE is no setting of the application"],
    ["backup: { files: [other] }", "other is none of the directories in data"],
    ["files: [{ source: templates, destination: secrets/x }]", "secrets/x is written by Landfall itself"],
    ["files: [{ source: templates/site.conf, destination: config/site.conf }]", "config/site.conf is written twice"],
    ["files: [{ source: ../outside, destination: x }]", "source must be a relative path"],
    ["hooks: { after_switch: [{ service: nope, command: [x] }] }", "there is no service nope in compose.yaml"],
    ["nonsense: 1", 'unknown key "nonsense"'],
  ])("%s", async (text, message) => {
    const all = told((await prepare(withManifest(`${text}\n`))).problems).join("\n");
    expect(all).toContain(message);
    expect(all).toMatch(/^application\/application\.yaml:\d+: /);
  });

  test.each([
    ["COMPOSE_FILE: { description: x, optional: true }", "means something else to compose"],
    ["OTHER: { description: x, secret: true, default: y }", "its default is known to everybody"],
    ["OTHER: { description: x, optional: true, pattern: '(' }", "is no regular expression"],
  ])("the setting %s", async (text, message) => {
    const changed = { ...site, "application.yaml": manifest.replace("settings:\n", `settings:\n  ${text}\n`) };
    expect(told((await prepare(changed)).problems).join("\n")).toContain(message);
  });
});

describe("compose.yaml is refused where", () => {
  test.each([
    ['"80:80"', '"3306:3306"', "publishes 3306/tcp to the world"],
    ['"80:80"', '"0.0.0.0:8080:80"', "publishes 8080/tcp to the world"],
    ['"80:80"', '"[::]:8080:80"', "publishes 8080/tcp to the world"],
    ['"80:80"', '"79-81:79-81"', "publishes 79/tcp to the world"],
    ['"80:80"', '"80:80/udp"', "publishes 80/udp to the world"],
    ['"80:80"', '"80"', "which port that is cannot be told"],
    ['"80:80"', "{ target: 80, published: 8080 }", "publishes 8080/tcp to the world"],
    ['"80:80"', '"${DOMAIN_NAME}:80"', "which port that is cannot be told"],
    ["image: web:1", "build: .", "nothing is built on a server"],
    ["image: web:1", "image: ${NOPE:-web}:1", "NOPE is no setting"],
    ["${DATA}/web", "${DATA}/other", "is none of the directories in data"],
    ["${DATA}/web", "volume", "keeps data in the volume volume"],
    ["./config/site.conf", "./config/other", "./config/other is not in the release"],
    ["./config/site.conf", "../x", "../x leaves the release"],
    ["    image", "    env_file: ./x.env\n    image", "./x.env is not in the release"],
    ["services:", "secrets: { a: { file: ./secrets/a } }\nservices:", "./secrets/a is not in the release"],
    ["services:", "include: [x.yaml]\nservices:", "include names other files"],
    ["image: web:1", "image: [", "not valid YAML"],
  ])("%s is %s", async (from, to, message) => {
    const all = told((await prepare(withCompose(from, to))).problems).join("\n");
    expect(all).toContain(message);
    expect(all).toMatch(/^application\/compose\.yaml:\d+: /);
  });

  test.each([
    ['"80:80"', '"127.0.0.1:3306:3306"'],
    ['"80:80"', '"[::1]:3306:3306"'],
    ['"80:80"', "{ target: 80, published: 8080, host_ip: 127.0.0.1 }"],
    ["image: web:1", "image: web:1\n    environment: { PRICE: $$5, SSL: '${ENABLE_SSL:-x}' }"],
    ["./config/site.conf", "./config"],
    ["./config/site.conf", "/etc/localtime"],
  ])("but not where %s is %s", async (from, to) => {
    expect(told((await prepare(withCompose(from, to))).problems)).toEqual([]);
  });

  test.each([
    ["web:1", "web", "has no version"],
    ["web:1", "registry.example:5000/web:latest", "has no version"],
    ["    restart: always\n", "", "does not come back"],
    ["max-size: 10m", "x: y", "grows without limit"],
    ['"80:80", ', "", "no service publishes 80/tcp"],
  ])("%s in place of %s is allowed, and told", async (from, to, message) => {
    const { problems, warnings } = await prepare(withCompose(from, to));
    expect(problems).toEqual([]);
    expect(told(warnings).join("\n")).toContain(message);
  });
});
