/** What a cluster's process and the one that started it tell each other. */
export type Command =
  | { type: "setHost"; id: number; name: string; address?: string }
  | { type: "pid"; id: number; namespace: string; pod: string; container?: string }
  | { type: "setApiServer"; id: number; up: boolean }
  | { type: "stop"; id: number };

export interface Facts {
  kubeconfig: string;
  folder: string;
  logFolder: string;
  /** `host:port` of the name server. */
  nameServer: string;
  /** Address of the node on this machine. */
  node: string;
}

export type Message =
  | { type: "log"; line: string }
  | ({ type: "ready" } & Facts)
  | { type: "failed"; reason: string }
  | { type: "done"; id: number; value?: number; error?: string };
