/** What the story was asked for. */
export interface DemoOptions {
  /** Absolute or relative path; `null`: the local cluster in this process. */
  readonly kubeconfig: string | null;
  readonly context: string | null;
  readonly namespace: string | null;
  readonly image: string | null;
  readonly seed: number;
  readonly speed: number;
  /** TCP port of the local cluster; 0: any free one. */
  readonly port: number;
  readonly json: boolean;
}
