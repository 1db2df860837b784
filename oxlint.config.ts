import { defineConfig, type OxlintOverride } from "oxlint";

const features = [
  "configuration",
  "providers",
  "stacks",
  "engine",
  "host",
  "remote",
  "rehearsal",
  "conformance",
  "application",
];

/** What reaches the machine. Where a module also has pure functions, these stay allowed. */
const effects = [
  ...["fs", "fs/promises", "child_process", "http", "https", "process", "os", "dns", "dns/promises"],
  ...["readline", "readline/promises"],
].map((name) => ({ name: `node:${name}`, message: "Effects come through the ports." }));
const network = {
  name: "node:net",
  allowImportNames: ["isIP", "isIPv4", "isIPv6"],
  message: "Effects come through the ports.",
};

/** The folders that code in `files` may not import; with `types`, their types are allowed all the same. */
function arrows(files: string[], ...forbidden: { folders: string[]; types?: true; reason: string }[]): OxlintOverride {
  return {
    files,
    excludeFiles: ["**/*.test.ts", "**/testing/**", "**/*Fixture.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          // host is about this machine: files of the system it reads directly.
          paths: files.includes("src/host/**")
            ? [...effects, network].filter(({ name }) => !isFiles(name))
            : [...effects, network],
          patterns: forbidden.map(({ folders, types, reason }) => ({
            group: folders.map((folder) => `**/${folder}/**`),
            allowTypeImports: types ?? false,
            message: reason,
          })),
        },
      ],
      "no-restricted-globals": [
        "error",
        { name: "process", message: "Only src/system and src/main.ts know the process." },
      ],
    },
  };
}

function isFiles(name: string): boolean {
  return name === "node:fs" || name === "node:fs/promises";
}

export default defineConfig({
  plugins: ["typescript", "unicorn", "oxc", "import", "promise"],
  categories: { correctness: "error", suspicious: "error" },
  ignorePatterns: [
    "node_modules/**",
    "dist/**",
    "coverage/**",
    "infrastructure/stacks/**",
    "infrastructure/rehearsal/**",
  ],
  rules: {
    "max-lines": ["error", { max: 250 }],
    "no-console": "error",
    "no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
    eqeqeq: "error",
    "import/no-cycle": "error",
    "typescript/consistent-type-imports": "error",
    "typescript/no-explicit-any": "error",
    "typescript/no-non-null-assertion": "error",
    "eslint/no-shadow": "off",
    "no-control-regex": "off",
    "promise/no-callback-in-promise": "off",
    "unicorn/consistent-function-scoping": "off",
    "unicorn/no-array-reverse": "off",
    "unicorn/no-array-sort": "off",
    // Groups the words of one option in a list of arguments.
    "unicorn/no-useless-spread": "off",
  },
  overrides: [
    { files: ["scripts/**", "bench/**"], rules: { "no-console": "off" } },
    // A provider's behaviour is one file, so that it runs outside of this repository as well.
    { files: ["infrastructure/terraform/providers/**"], rules: { "max-lines": "off" } },
    arrows(["src/cli/**"], {
      folders: [...features, "system"],
      types: true,
      reason: "Commands translate and call one operation.",
    }),
    arrows(["src/operations/**"], {
      folders: ["cli", "reporters", "system"],
      types: true,
      reason: "Operations know neither commands nor reporters nor this machine.",
    }),
    ...features.map((feature) =>
      arrows(
        [`src/${feature}/**`],
        {
          folders: features.filter((other) => other !== feature),
          types: true,
          reason: "Feature folders know each other's types only; operations joins them.",
        },
        { folders: ["cli", "operations", "reporters", "system"], reason: "The arrow points the other way." },
      ),
    ),
    arrows(["src/reporters/**"], {
      folders: [...features, "cli", "operations", "system"],
      types: true,
      reason: "Reporters fold events and results.",
    }),
    arrows(
      [
        "src/events/**",
        "src/ports/**",
        "src/documents/**",
        "src/errors.ts",
        "src/refusedBySystem.ts",
        "src/explainError.ts",
        "src/unsettled.ts",
        "src/exitCodes.ts",
        "src/Workspace.ts",
      ],
      {
        folders: [...features, "cli", "operations", "reporters", "system"],
        types: true,
        reason: "This is the ground that the rest stands on.",
      },
    ),
  ],
});
