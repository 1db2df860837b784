import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createReporter } from "./createReporter.ts";
import type { ReporterOptions } from "./Reporter.ts";
import { sampleError, sampleRun } from "./testing/sampleRun.ts";

let stdout: string;
let stderr: string[];
let options: ReporterOptions;

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 10, 23) });
  stdout = "";
  stderr = [];
  options = {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => stderr.push(text), columns: 60 },
    verbose: false,
    now: Date.now,
    environment: { TERM: "xterm", NO_COLOR: "1", LANG: "C.UTF-8" },
  };
});

afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

function play(kind: "live" | "plain"): void {
  const reporter = createReporter(kind, options);
  for (const [delay, event] of sampleRun) {
    vi.advanceTimersByTime(delay);
    reporter.emit(event);
  }
  reporter.error(sampleError);
  reporter.result({ command: "apply", ok: true, data: {}, text: "dev/acme is applied", exit: 0 });
  reporter.close();
}

const errorAtTheEnd = `error: the engine's apply failed
  dev.env:3 VM_MEMORY: must be a number
    not a word
    next: write 2048
next: mend it
`;

describe("plain", () => {
  it("tells every fact with its time, and of what lasts long every ten seconds", () => {
    play("plain");
    expect(stderr.join("")).toBe(
      `[   0.0s] apply dev/acme
[   1.1s] engine, built from source: 44 % (12 of 27 MB), 1 s
[  11.1s] engine, built from source: 44 % (12 of 27 MB), 11 s
[  21.1s] engine, built from source: 44 % (12 of 27 MB), 21 s
[  24.3s] engine, built from source: done in 24.2 s
[  24.4s] what will happen to dev/acme
  Machine: IT IS REPLACED. The present one is deleted with everything on its own disk; a new one is made.
  Data:    kept; its disk survives the machine.

    -/+ replace acme_server.vm (replaces the machine: image)
      ~ update acme_volume.data (size, labels.stack)

  1 to change, 1 to replace.
[  25.4s] acme_server.vm: creating: 1 s
[  27.4s] acme_server.vm: created in 3.0 s
[  27.4s] warning: be careful
  next: read the guide
[  28.4s] waiting for SSH port: connection refused, 1 s of 300 s
[  38.4s] waiting for SSH port: connection refused, 11 s of 300 s
[  38.6s] SSH port: done in 11.2 s
[  38.6s] error: no quota (main.tf:7)
  ask for more
${errorAtTheEnd}`,
    );
    expect(stdout).toBe("dev/acme is applied\n");
  });

  it("shows what child processes print when it is asked to, without their escape sequences", () => {
    options = { ...options, verbose: true };
    play("plain");
    expect(stderr.join("")).toContain("] go: downloading red\n");
    expect(stderr.join("")).toContain("] acme_address.ip: read in 0.0 s\n");
  });
});

describe("live", () => {
  it("leaves on the screen what is finished, and nothing of what went on", () => {
    play("live");
    expect(screen(stderr.join(""))).toBe(
      `· apply dev/acme
✓ engine, built from source: done in 24.2 s
· what will happen to dev/acme
  Machine: IT IS REPLACED. The present one is deleted with everything on its own disk; a new one is made.
  Data:    kept; its disk survives the machine.

    -/+ replace acme_server.vm (replaces the machine: image)
      ~ update acme_volume.data (size, labels.stack)

  1 to change, 1 to replace.
✓ acme_server.vm: created in 3.0 s
! warning: be careful
  next: read the guide
✓ SSH port: done in 11.2 s
✗ error: no quota (main.tf:7)
  ask for more
${errorAtTheEnd}`,
    );
    expect(stdout).toBe("dev/acme is applied\n");
  });

  it("paints ten times a second at most", () => {
    const reporter = createReporter("live", options);
    reporter.emit({ type: "step.started", step: "s", title: "image" });
    for (let done = 0; done < 1000; done += 1) {
      reporter.emit({ type: "step.progress", step: "s", title: "image", done, total: 1000, unit: "items" });
      vi.advanceTimersByTime(1);
    }
    expect(stderr.length).toBeLessThanOrEqual(11);
    expect(screen(stderr.join(""))).toMatch(/^. image: \d+ of 1000, \d s\n$/);
    reporter.close();
    expect(screen(stderr.join(""))).toBe("");
  });

  it("cuts what is wider than the terminal, and finds its way home after a resize", () => {
    const reporter = createReporter("live", options);
    reporter.emit({ type: "step.started", step: "s", title: "x".repeat(100) });
    expect(stderr.at(-1)?.trimEnd()).toHaveLength(59);
    options.stderr.columns = 30;
    vi.advanceTimersByTime(100);
    expect(stderr.at(-1)).toMatch(/^\u001b\[2A\r\u001b\[J. x{26}…\n$/);
    reporter.close();
  });

  it("counts what does not fit", () => {
    const reporter = createReporter("live", options);
    for (let index = 0; index < 12; index += 1) {
      reporter.emit({ type: "resource.started", address: `acme_thing.t${index}`, action: "create" });
    }
    vi.advanceTimersByTime(100);
    expect(screen(stderr.join(""))).toMatch(/t7: creating: 0 s\n {2}and 4 more\n$/);
    reporter.close();
  });

  it("uses colours and signs only where they are wanted and can be shown", () => {
    const done = { type: "step.finished", step: "s", title: "image", durationMs: 100 } as const;
    createReporter("live", options).emit(done);
    createReporter("live", { ...options, environment: { TERM: "xterm", LANG: "C" } }).emit(done);
    expect(stderr).toEqual(["✓ image: done in 0.1 s\n", "\u001b[32m+\u001b[0m image: done in 0.1 s\n"]);
  });

  it.each([{ TERM: "dumb" }, {}])("becomes plain where the cursor cannot be moved: %j", (environment) => {
    createReporter("live", { ...options, environment }).emit({
      type: "notice",
      level: "info",
      code: "c",
      message: "m",
    });
    expect(stderr).toEqual(["[   0.0s] note: m\n"]);
  });
});

it("silent says nothing but the result and the error", () => {
  const reporter = createReporter("silent", options);
  for (const [, event] of sampleRun) reporter.emit(event);
  reporter.result({ command: "output", ok: true, data: {}, text: "", exit: 0 });
  expect([stdout, ...stderr]).toEqual([""]);
  reporter.error(sampleError);
  expect(stderr.join("")).toMatch(/^error: the engine's apply failed\n {2}no quota: ask for more\n/);
});

/** What a terminal that obeys "up" and "erase below" shows in the end. */
function screen(output: string): string {
  const lines = [""];
  for (const [, up, text] of output.matchAll(/(?:\u001b\[(\d+)A\r\u001b\[J)?([^\u001b]*)/g)) {
    if (up !== undefined) lines.splice(lines.length - 1 - Number(up), Number(up));
    for (const [index, part] of (text ?? "").split("\n").entries()) {
      if (index > 0) lines.push("");
      lines[lines.length - 1] += part;
    }
  }
  return lines.join("\n");
}
