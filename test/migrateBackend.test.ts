import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { findTestEngine } from "./support/findTestEngine.ts";
import { addImportable, oldServer, writeImportable } from "./support/importable.ts";
import { landfall, userState, type Outcome } from "./support/landfall.ts";
import { makeTree } from "./support/makeTree.ts";
import { writeOldState } from "./support/oldState.ts";

const engine = await findTestEngine();

test.skipIf(engine === undefined)(
  "an old state goes where the configuration keeps states, and never over another one",
  async () => {
    const tree = await makeTree();
    const old = await mkdtemp(join(tmpdir(), "landfall-old-"));
    onTestFinished(async () => {
      await tree.remove();
      await rm(old, { recursive: true, force: true });
    });
    await addImportable(tree);
    const migrate = (): Promise<Outcome> => landfall(tree.root, ["migrate", "--from", old, "--yes", "--json"]);
    const states = new Map<string, string>();
    const backend = createServer((request, response) => {
      const path = request.url ?? "";
      if (request.method === "GET") {
        const text = states.get(path);
        return void response.writeHead(text === undefined ? 404 : 200).end(text);
      }
      let text = "";
      request.on("data", (piece: Buffer) => (text += piece.toString()));
      request.on("end", () => void (states.set(path, text), response.writeHead(200).end()));
    });
    await new Promise<void>((resolve) => backend.listen(0, "127.0.0.1", resolve));
    const { port } = backend.address() as AddressInfo;
    try {
      const place = ["STATE_BACKEND=http", `STATE_ADDRESS=http://127.0.0.1:${port}/{stack}`];
      await tree.environment("qa", ["ENVIRONMENT=qa", "VM_NAME=qa-box", ...place]);
      await writeOldState(old, [oldServer]);
      const { result, stdout } = await migrate();
      expect(result, stdout).toMatchObject({ ok: true, adoption: { stack: "qa/acme", differences: [] } });
      const kept = states.get("/qa/acme") ?? "";
      expect(kept).toContain("m-17");
      expect((await landfall(tree.root, ["plan", "qa/acme", "--json"])).result).toMatchObject({ changes: false });
      expect((await migrate()).result).toMatchObject({ ok: true, state: { action: "adopted" } });

      await rm(join(tree.root, "infrastructure", "stacks"), { recursive: true });
      const other = await migrate();
      expect([other.status, other.stdout]).toEqual([5, expect.stringContaining("has a state of its own")]);
      expect(states.get("/qa/acme")).toBe(kept);
    } finally {
      backend.closeAllConnections();
      backend.close();
    }
  },
);

test.skipIf(engine === undefined).each(["", "terraform.tfstate"])(
  "a state that was taken over and is lost before the first apply is missed, and comes back (%j)",
  async (lost) => {
    const tree = await makeTree();
    const old = await mkdtemp(join(tmpdir(), "landfall-old-"));
    onTestFinished(async () => {
      await tree.remove();
      await rm(old, { recursive: true, force: true });
    });
    const run = (...argv: string[]): Promise<Outcome> => landfall(tree.root, [...argv, "--yes", "--json"]);
    await addImportable(tree);
    await writeImportable(tree, "  input = var.vm_memory");
    await writeOldState(old, [oldServer]);
    const migrate = ["migrate", "--from", old, "--accept-changes"];
    const migrated = await run(...migrate);
    expect(migrated.result, migrated.stdout).toMatchObject({ ok: true, adoption: { stack: "qa/acme" } });

    await rm(join(tree.root, "infrastructure", "stacks", "qa", "acme", lost), { recursive: true });
    const refused = { error: { code: "state.gone", exit: 7 } };
    expect((await run("apply", "qa/acme")).result).toMatchObject(refused);
    const recovered = await run("recover", "qa/acme");
    expect(recovered.result, recovered.stdout).toMatchObject({
      ok: true,
      state: { from: expect.stringContaining(lost === "" ? userState(tree.root) : "snapshots") },
      changes: true,
      summary: { counts: { create: 0, update: 1 } },
    });
  },
);
