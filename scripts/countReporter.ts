import type { SerializedError } from "vitest";
import type { Reporter, TestModule } from "vitest/node";

/** Ends a test run with one line that a person or a program can read: `N passed, N failed, N skipped`. */
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const count = (state: string): number => tests.filter((test) => test.result().state === state).length;
    // A file that could not be loaded has no tests; it must not pass for an empty one.
    const brokenFiles = modules.filter((module) => module.errors().length > 0).length;
    const failed = count("failed") + brokenFiles + unhandledErrors.length;
    const line = `${count("passed")} passed, ${failed} failed, ${count("skipped")} skipped\n`;
    // The other reporters write until the end.
    process.once("exit", () => process.stdout.write(line));
  }
}
