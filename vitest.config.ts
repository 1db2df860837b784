import { defineConfig } from "vitest/config";

/** Whatever shows a secret of the tests fails them. */
const setupFiles = ["test/support/watchLeaks.ts"];

export default defineConfig({
  test: {
    reporters: ["default", "./scripts/countReporter.ts"],
    projects: [
      {
        test: {
          name: "unit",
          setupFiles,
          include: [
            "src/**/*.test.ts",
            "test/**/*.test.ts",
            "scripts/**/*.test.ts",
            "infrastructure/terraform/providers/**/*.test.ts",
          ],
          // A second suite, with a virtual machine, may run beside this one.
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        // The properties of the unit tests, with as many inputs as scripts/test.sh says.
        test: { name: "fuzz", include: ["test/fuzz/**/*.test.ts"], testTimeout: 600_000 },
      },
      {
        // Shared state, on a real PostgreSQL.
        test: {
          name: "state",
          setupFiles,
          include: ["test/state/**/*.state.ts"],
          testTimeout: 240_000,
          hookTimeout: 120_000,
        },
      },
      {
        // Disks that refuse, processes that are killed, APIs that fail.
        test: {
          name: "faults",
          setupFiles,
          include: ["test/faults/**/*.faults.ts"],
          // They mostly wait for their clouds.
          maxConcurrency: 10,
          fileParallelism: false,
          testTimeout: 1_200_000,
          hookTimeout: 1_200_000,
        },
      },
      {
        // Genuine plugins against simulated clouds.
        test: {
          name: "rehearsal",
          setupFiles,
          include: ["test/rehearsal/**/*.rehearsal.ts"],
          // The first that needs a plugin builds it, and a virtual machine may be at work beside this.
          testTimeout: 2_400_000,
          hookTimeout: 2_400_000,
        },
      },
      {
        // One real machine at a time.
        test: {
          name: "e2e",
          setupFiles,
          include: ["test/e2e/**/*.e2e.ts"],
          fileParallelism: false,
          testTimeout: 1_200_000,
          hookTimeout: 1_200_000,
        },
      },
    ],
  },
});
