/** `application.yaml` with every default filled in. */
export interface Application {
  application: 1;
  /** Also the name of the compose project. */
  name: string;
  title: string;
  settings: Record<string, ApplicationSetting>;
  templates: ApplicationTemplate[];
  files: ApplicationFiles[];
  /** PORT/tcp or PORT/udp. */
  open_ports: string[];
  data: DataDirectory[];
  secrets: Record<string, SecretFile>;
  health: HealthCheck[];
  /** Seconds. */
  healthy_within: number;
  backup?: Backup;
  hooks: { before_switch: Hook[]; after_switch: Hook[] };
}

/** One variable that the application takes from the environment. */
export interface ApplicationSetting {
  description: string;
  secret: boolean;
  type: "text" | "boolean" | "number";
  default?: string;
  optional: boolean;
  /** A regular expression that the whole value matches. */
  pattern?: string;
  examples: string[];
}

export interface ApplicationTemplate {
  /** Below the application's folder. */
  source: string;
  /** Below the release. */
  destination: string;
  mode?: string;
  owner: string;
  /** A condition of the template language; without it always. */
  when?: string;
}

export interface ApplicationFiles {
  source: string;
  destination: string;
  when?: string;
}

export interface DataDirectory {
  /** Below /var/lib/torrust/data. */
  path: string;
  owner: string;
  mode: string;
}

/** A file for `secrets:` of the compose file. */
export interface SecretFile {
  setting: string;
  owner: string;
}

export interface HealthCheck {
  name: string;
  /** Exactly one of these four says what is asked. */
  http?: string;
  tcp?: string;
  udp_tracker?: string;
  tls?: string;
  status?: number;
  contains?: string;
  /** The name that the certificate has to be for. */
  host?: string;
  /** How long the certificate still has to be good. */
  days?: number;
  /** Whether who issued the certificate is checked: true, false, or a condition. */
  verify?: string;
  /** A file on the server with the root that is trusted besides the usual ones. */
  ca?: string;
  timeout: number;
  /** Whether a deploy, rollback or restore is undone where it fails. */
  decides: boolean;
  from: ("server" | "outside")[];
  when?: string;
  /** Whose log tells more where the check fails. */
  service?: string;
}

export interface Backup {
  dump?: { service: string; command: string[]; restore: string[]; file: string };
  /** Data directories. */
  files: string[];
  /** As systemd's OnCalendar. */
  schedule: string;
}

export interface Hook {
  service: string;
  command: string[];
  /** In a container of its own (run), or in the one that serves (exec). */
  in: "run" | "exec";
}
