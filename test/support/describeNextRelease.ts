import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { ApplicationBench } from "./applicationBench.ts";
import { expectDeployed } from "./expectDeployed.ts";
import { findEncryption } from "./findEncryption.ts";
import type { Finished } from "./startLandfall.ts";

interface Served {
  bench: ApplicationBench;
  sql: (statement: string) => Promise<Finished>;
  address: string;
}

/** A table of proof outlives another release and a rollback; and then a server where nothing is left but the packages. */
export function describeNextRelease(served: () => Served): void {
  const place = (name: string): string => join(served().bench.tree.root, name);
  let encrypting: string[] = [];

  test("serve the next release, whose backups are encrypted, and the one before after a rollback; the data stays", async () => {
    const { bench, sql, address } = served();
    if ((await findEncryption()).age) {
      execFileSync("age-keygen", ["-o", place("identity")], { stdio: "ignore" });
      const recipient = execFileSync("age-keygen", ["-y", place("identity")], { encoding: "utf8" }).trim();
      encrypting = ["--set", `BACKUP_RECIPIENT=${recipient}`];
      // Where there is internet, the deploy installs the package.
      await bench.copyProgram("age");
    }
    expectDeployed(await bench.run("deploy", "--set", "GREETING=second", ...encrypting));
    expect(await bench.page(address)).toBe("second");
    const made = await bench.run("app backup", "--copy", place("encrypted"));
    expect(made.result, made.stdout.slice(-3000)).toMatchObject({
      ok: true,
      backup: { encrypted: encrypting.length > 0 },
    });
    // As if an archive had brought another image of the same name: the proxy is not a database now.
    await bench.onServer("sudo docker tag landfall-test/database:1 landfall-test/proxy:1");
    const back = await bench.run("app rollback");
    expect(back.result, back.stdout.slice(-3000)).toMatchObject({ ok: true });
    await expect.poll(() => bench.page(address), { timeout: 60_000, interval: 1000 }).toBe("first");
    await bench.onServer(
      "sudo docker tag $(sudo docker image ls --format '{{.Repository}}:{{.Tag}}' landfall-kept/proxy | head -n 1) landfall-test/proxy:1",
    );
    const read = await sql("SELECT word FROM proof");
    expect(read.result["stdout"]).toBe("kept\n");
    const { result } = await bench.run("app status");
    expect(result).toMatchObject({ ok: true });
  });

  test("are brought back on an emptied server, from an encrypted copy on this computer", async (context) => {
    if (encrypting.length === 0) return context.skip();
    const { bench, sql } = served();
    await bench.onServer(
      "sudo docker rm -f $(sudo docker ps -aq) >/dev/null; sudo find /var/lib/torrust -mindepth 1 -delete; ls -A /var/lib/torrust",
    );
    expectDeployed(await bench.run("deploy", ...encrypting));
    expect((await sql("SELECT word FROM proof")).status).toBe(1);
    const copy = ["--from", place("encrypted"), "--identity", place("identity")];
    const restored = await bench.run("app restore", ...copy, "--yes");
    expect(restored.result, restored.stdout.slice(-3000)).toMatchObject({ ok: true });
    expect((await sql("SELECT word FROM proof")).result["stdout"]).toBe("kept\n");
  });
}
