import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { canary } from "../support/canary.ts";
import { freePort } from "../support/freePort.ts";
import { cache, landfall, type Outcome } from "../support/landfall.ts";
import { makeTree, type Tree } from "../support/makeTree.ts";

const python = await findMoto();

/** The simulation of the cloud that invented S3: its rehearsal installs it. */
async function findMoto(): Promise<string | undefined> {
  const folder = join(cache, "providers", "aws");
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.startsWith("moto-moto"));
  const found = names.map((name) => join(folder, name, "bin", "python")).find((path) => existsSync(path));
  if (found === undefined)
    process.stderr.write("SKIPPED: no moto for the tests of S3: make test-rehearsal installs it\n");
  return found;
}

describe.skipIf(python === undefined)("a state in S3", () => {
  let tree: Tree;
  let server: ChildProcess;
  let endpoint: string;
  const key = canary("the access key of S3", 20);
  const secret = canary("the secret key of S3", 40);

  beforeAll(async () => {
    const port = await freePort();
    endpoint = `http://127.0.0.1:${port}`;
    const start = `from moto.server import main; main(["-p", "${port}"])`;
    // It ends with this process, whatever ends that.
    server = spawn("setpriv", ["--pdeathsig", "KILL", python ?? "", "-c", start], { stdio: "ignore" });
    for (let attempt = 0; attempt < 200; attempt += 1) {
      if (await fetch(endpoint).catch(() => undefined)) break;
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    bucket("create_bucket(Bucket='states')");
    tree = await makeTree();
    await tree.addProvider("acme");
    await tree.environment("qa", [
      "ENVIRONMENT=qa",
      "VM_NAME=qa",
      `STATE_ENCRYPTION_KEY=${canary("the key of a state in S3")}`,
      "STATE_BACKEND=s3",
      "STATE_BUCKET=states",
      "STATE_REGION=us-east-1",
      `STATE_ACCESS_KEY=${key}`,
      `STATE_SECRET_KEY=${secret}`,
      `STATE_ENDPOINTS='{"s3":"${endpoint}"}'`,
      ...["USE_PATH_STYLE", "SKIP_CREDENTIALS_VALIDATION", "SKIP_REQUESTING_ACCOUNT_ID"].map(on),
      ...["SKIP_REGION_VALIDATION", "SKIP_METADATA_API_CHECK", "SKIP_S3_CHECKSUM"].map(on),
    ]);
  });
  afterAll(async () => {
    server?.kill("SIGKILL");
    await tree?.remove();
  });

  const on = (name: string): string => `STATE_${name}=true`;
  const run = (...argv: string[]): Promise<Outcome> => landfall(tree.root, [...argv, "--json"], { SKIP_WAIT: "true" });
  const bucket = (call: string): string =>
    execFileSync(
      python ?? "",
      [
        "-c",
        `import boto3; s = boto3.client("s3", endpoint_url="${endpoint}", region_name="us-east-1"); print(s.${call})`,
      ],
      { encoding: "utf8", env: { AWS_ACCESS_KEY_ID: "x", AWS_SECRET_ACCESS_KEY: "x" } },
    );

  test("apply, nothing to do, a lock that is seen, destroy", async () => {
    const applied = await run("apply", "qa/acme", "--yes");
    expect(applied.result, applied.stdout).toMatchObject({ ok: true, changed: true });
    expect((await run("apply", "qa/acme", "--yes")).result).toMatchObject({ ok: true, changed: false });
    expect(bucket("list_objects_v2(Bucket='states')")).toContain("torrust-tracker/qa/acme.tfstate");
    expect(bucket("get_object(Bucket='states', Key='torrust-tracker/qa/acme.tfstate')['Body'].read()")).toContain(
      "encrypted_data",
    );

    const lock = { ID: "4711", Operation: "OperationTypeApply", Who: "ben@desk", Created: new Date().toISOString() };
    const name = "Bucket='states', Key='torrust-tracker/qa/acme.tfstate.tflock'";
    bucket(`put_object(${name}, Body='${JSON.stringify(lock)}')`);
    const refused = await run("plan", "qa/acme");
    expect(refused.status).toBe(6);
    expect(refused.result["error"]).toMatchObject({
      message: expect.stringMatching(/: ben@desk, for \d+ s$/) as string,
    });
    bucket(`delete_object(${name})`);
    expect((await run("destroy", "qa/acme", "--yes")).result).toMatchObject({ ok: true });
  });
});
