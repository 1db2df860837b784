import type { ModuleDescription } from "../engine/engineJson.ts";
import type { GoRecipe } from "../engine/toolchain/goRecipe.ts";
import type { Problem } from "../errors.ts";
import type { FileStatus } from "../ports/Files.ts";
import type { Catalog, MachineNeed, Choice } from "../providers/catalog/Catalog.ts";
import type { Manifest } from "../providers/Manifest.ts";

export interface SubjectFile {
  /** Relative to the folder. */
  path: string;
  kind: FileStatus["kind"];
  size: number;
  mode: number;
  /** Absent where it is large, or no file. */
  text?: string;
  /** Of a link: whether what it leads to is in the folder. */
  inside?: boolean;
}

/** Everything that static rules look at, read once. */
export interface Subject {
  /** The folder's name. */
  name: string;
  folder: string;
  files: readonly SubjectFile[];
  manifest: {
    problems: readonly Problem[];
    /** As it is written, without defaults; undefined where it cannot be read. */
    data: unknown;
    /** Absent where there are problems. */
    value?: Manifest;
    /** `FILE:LINE` */
    where(path: readonly PropertyKey[]): string;
  };
  /** Names of what the root module passes, without `settings`. */
  standardInputs: readonly string[];
  /** Versions of the engine: the oldest that is used where it is there, and the one that is installed otherwise. */
  engines: readonly string[];
  /** What the engine reads in the module. */
  module: { description?: ModuleDescription; failure?: Problem; problems: readonly Problem[]; untested?: string };
  catalog: { value?: Catalog; problems: readonly Problem[]; choose(need: MachineNeed): Choice | undefined };
  recipe: { value?: GoRecipe; problem?: Problem };
  /** The provider's `.env.tpl`, in the tree or in its folder. */
  template?: {
    problems: readonly Problem[];
    /** Assignments, and those in comments. */
    keys: readonly { key: string; where: string; commented: boolean }[];
    /** Variables that the provider or every stack knows. */
    known(key: string): boolean;
    variable(setting: string): string;
  };
}
