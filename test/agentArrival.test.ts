import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { succeed, type AgentOutcome } from "./support/agentBench.ts";
import { expectClean, makeBackupBench, rowsOfNow, type BackupBench } from "./support/backupBench.ts";

const timeout = 600_000;

interface Manifest {
  [key: string]: unknown;
  files: Record<string, unknown>[];
}

describe("a backup that comes from the operator", { concurrent: true, timeout }, () => {
  test("is restored on another server, which keeps nothing of it", async ({ onTestFinished }) => {
    const source = await makeBackupBench(onTestFinished);
    const { manifest, body } = await taken(source);
    const bench = await makeBackupBench(onTestFinished);
    await bench.write("another server's");
    await succeed(bench.call({ command: "restore", manifest }, { body }));
    expect(await bench.rows()).toBe(rowsOfNow);
    expect(await bench.uploads()).toEqual({ "deep/picture": "of now" });
    expect(await bench.kept()).toEqual([]);
    await expectClean(bench);
    await succeed(bench.call({ command: "verify", manifest }, { body }));
    expect(await bench.kept()).toEqual([]);
    await expectClean(bench);
  });

  test("and stops in the middle changes nothing", async ({ onTestFinished }) => {
    const bench = await makeBackupBench(onTestFinished);
    const { manifest, body } = await taken(bench);
    await bench.write("later");
    const run = bench.start({ command: "restore", manifest }, { body: body.subarray(0, 20), beats: false });
    run.hangUp();
    expect((await run.ended).problem?.code).toBe("agent.cut");
    expect(await bench.rows()).toBe("later");
    await expectClean(bench);
  });

  test("with another content than its manifest says is refused", async ({ onTestFinished }) => {
    const bench = await makeBackupBench(onTestFinished);
    const { manifest, body } = await taken(bench);
    await bench.write("later");
    body.writeUInt8(body.readUInt8(15) ^ 1, 15);
    expect((await bench.call({ command: "restore", manifest }, { body })).problem?.code).toBe("restore.damaged");
    expect(await bench.rows()).toBe("later");
    await expectClean(bench);
  });

  const hostile: [string, (manifest: Manifest) => unknown][] = [
    ["no manifest", () => "text"],
    ["another format", (manifest) => ({ ...manifest, backup: 2 })],
    ["an id that is a path", (manifest) => ({ ...manifest, id: "../../../etc" })],
    ["no files", (manifest) => ({ ...manifest, files: [] })],
    ...["../outside", "/etc/passwd", ".hidden", "manifest.json", "a b", ""].map((name): (typeof hostile)[number] => [
      `a file that is called ${JSON.stringify(name)}`,
      (manifest) => ({ ...manifest, files: [{ ...manifest.files[0], name }] }),
    ]),
    ["two dumps", (manifest) => ({ ...manifest, files: [manifest.files[0], { ...manifest.files[0], name: "other" }] })],
    ["a negative size", (manifest) => ({ ...manifest, files: [{ ...manifest.files[0], size: -1 }] })],
    ["a size that is text", (manifest) => ({ ...manifest, files: [{ ...manifest.files[0], size: "9" }] })],
  ];
  test("is refused where its manifest is hostile", async ({ onTestFinished }) => {
    const bench = await makeBackupBench(onTestFinished);
    const { manifest, body } = await taken(bench);
    for (const [what, change] of hostile) {
      const { problem, text } = await bench.call({ command: "restore", manifest: change(manifest) }, { body });
      expect(problem?.code, `${what}: ${text}`).toBe("restore.badManifest");
    }
    expect(await readdir(join(bench.root, "backups"))).toHaveLength(1);
    await expectClean(bench);
  });

  test("that is larger than the disk is refused before it is sent", async ({ onTestFinished }) => {
    const bench = await makeBackupBench(onTestFinished);
    const { manifest, body } = await taken(bench);
    const huge = { ...manifest, files: [{ ...manifest.files[0], size: 2 ** 52 }] };
    expect((await bench.call({ command: "restore", manifest: huge }, { body })).problem?.code).toBe("backup.noSpace");
    await expectClean(bench);
  });
});

test("copied files that are hostile change nothing", { timeout }, async ({ onTestFinished }) => {
  const hostile: [string, string][] = [
    ["a path outside", "add('../outside')"],
    ["an absolute path", "add('/tmp/outside')"],
    ["another data directory", "add('db/rows')"],
    ["a link, and a file through it", "add('uploads/link', tarfile.SYMTYPE, '/'); add('uploads/link/tmp/outside')"],
    ["a directory link under the root's name", "add('uploads', tarfile.SYMTYPE, '/tmp'); add('uploads/outside')"],
    ["another name of a file of the server", "add('uploads/name', tarfile.LNKTYPE, '/etc/shadow')"],
    [
      "another name through a link",
      "add('uploads/l', tarfile.SYMTYPE, '/etc/shadow'); add('uploads/n', tarfile.LNKTYPE, 'uploads/l')",
    ],
    ["nothing of a path", "pass"],
    ["a device", "add('uploads/disk', tarfile.BLKTYPE)"],
    ["the same file twice", "add('uploads/one'); add('uploads/one')"],
    ["half an archive", "add('uploads/one'); half = True"],
  ];
  const bench = await makeBackupBench(onTestFinished);
  const { manifest } = await taken(bench);
  const restore = (script: string): Promise<AgentOutcome> => {
    const archive = gzipSync(tar(script));
    const files = [
      {
        kind: "files",
        name: "files.tar.gz",
        paths: ["uploads"],
        size: archive.length,
        content: 10_240,
        sha256: createHash("sha256").update(archive).digest("hex"),
      },
    ];
    return bench.call({ command: "restore", manifest: { ...manifest, files } }, { body: archive });
  };
  for (const [what, script] of hostile) {
    const outcome = await restore(script);
    expect(outcome.problem?.code, `${what}: ${outcome.text}`).toBe("restore.badFiles");
  }
  expect(existsSync("/tmp/outside")).toBe(false);
  expect(await bench.uploads()).toEqual({ "deep/picture": "of now" });
  await expectClean(bench);
  // An application's own pipe is nothing hostile, and nothing to bring back.
  await succeed(restore("add('uploads/pipe', tarfile.FIFOTYPE); add('uploads/one')"));
  expect(await readdir(join(bench.root, "data", "uploads"))).toEqual(["one"]);
});

describe("a backup that is encrypted", { concurrent: true, timeout }, () => {
  test("can be read by those whose keys were given, and by nobody else", async ({ onTestFinished, skip }) => {
    if (!existsSync("/usr/bin/age")) return skip("age is not installed");
    const keys = [keyPair(), keyPair()];
    const bench = await makeBackupBench(onTestFinished, { recipients: keys.map(({ recipient }) => recipient) });
    const id = await bench.backup();
    const place = join(bench.root, "backups", id);
    expect((await readdir(place)).sort()).toEqual(["database.sql.gz.age", "files.tar.gz.age", "manifest.json"]);
    const manifest = JSON.parse(await readFile(join(place, "manifest.json"), "utf8")) as Manifest;
    for (const { identity } of keys) {
      for (const file of manifest.files) {
        const path = join(place, file["name"] as string);
        const plain = execFileSync("age", ["--decrypt", "--identity", "-", path], { input: identity });
        const { size, sha256 } = file["plain"] as { size: number; sha256: string };
        expect([plain.length, createHash("sha256").update(plain).digest("hex")]).toEqual([size, sha256]);
      }
    }
    const { identity } = keyPair();
    expect(() =>
      execFileSync("age", ["--decrypt", "--identity", "-", join(place, "database.sql.gz.age")], {
        input: identity,
        stdio: "pipe",
      }),
    ).toThrow(/no identity matched/);
    expect((await bench.call({ command: "restore" })).problem?.code).toBe("backup.encrypted");
    expect((await bench.call({ command: "verify" })).problem?.code).toBe("backup.encrypted");
    await expectClean(bench);
  });

  test("for a key that is none fails, and leaves nothing", async ({ onTestFinished, skip }) => {
    if (!existsSync("/usr/bin/age")) return skip("age is not installed");
    const bench = await makeBackupBench(onTestFinished, { recipients: ["age1nonsense"] });
    expect((await bench.call({ command: "backup" })).problem?.code).toBe("backup.encryption");
    expect(await bench.kept()).toEqual([]);
    await expectClean(bench);
  });
});

async function taken(bench: BackupBench): Promise<{ manifest: Manifest; body: Buffer }> {
  const place = join(bench.root, "backups", await bench.backup());
  const manifest = JSON.parse(await readFile(join(place, "manifest.json"), "utf8")) as Manifest;
  const body = Buffer.concat(
    await Promise.all(manifest.files.map((file) => readFile(join(place, file["name"] as string)))),
  );
  await rm(place, { recursive: true });
  await mkdir(join(bench.root, "backups"), { recursive: true });
  await writeFile(join(bench.root, "backups", "not-a-backup"), "");
  return { manifest, body };
}

function tar(script: string): Buffer {
  const program = `
import io, sys, tarfile
half = False
output = io.BytesIO()
archive = tarfile.open(fileobj=output, mode="w")
def add(name, kind=tarfile.REGTYPE, target=""):
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, target
    content = b"x" * 5000 if kind == tarfile.REGTYPE else b""
    member.size = len(content)
    archive.addfile(member, io.BytesIO(content))
${script}
archive.close()
content = output.getvalue()
sys.stdout.buffer.write(content[:3000] if half else content)
`;
  return execFileSync("python3", ["-c", program]);
}

function keyPair(): { identity: string; recipient: string } {
  const identity = execFileSync("age-keygen", { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  return { identity, recipient: /public key: (\S+)/.exec(identity)?.[1] ?? "" };
}
