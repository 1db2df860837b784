/** Facts about the computer and the user that run Landfall. */
export interface Machine {
  hostname: string;
  user: string;
  userId: number;
  home: string;
  pid: number;
  /** As Go and Debian name it. */
  architecture: "amd64" | "arm64";
  /** As Go names it. */
  system: "linux" | "darwin";
  processors: number;
  environment: Readonly<Record<string, string | undefined>>;
}
