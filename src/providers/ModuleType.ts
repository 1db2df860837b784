/** A type as the engine writes it in JSON: "string", ["list", T], ["object", attributes, optional names]. Absent means any. */
export type ModuleType =
  | string
  | readonly [kind: "list" | "set" | "map", element: ModuleType]
  | readonly [kind: "tuple", elements: readonly ModuleType[]]
  | readonly [kind: "object", attributes: Readonly<Record<string, ModuleType>>, optional?: readonly string[]];
