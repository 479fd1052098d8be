/** A git repository that the command works in. */

import type { V1Volume } from "../cluster/kubernetes-types.ts";

/**
 * It is cloned by an init container, and after the command has ended a second container looks at what is in it, and pushes that where
 * it is wished. Both need `/bin/sh` and git 2.31 or newer in their image.
 */
export interface RepositoryCheckout {
  /** `https://…`, `http://…`, `ssh://…`, `user@host:path` or `file://…`, without a password. */
  readonly url: string;
  /** Branch, tag or commit. Default: the repository's own default branch. */
  readonly ref?: string;
  /** The branch to work on: gone on with where the repository has it, else begun at `ref`. Default: what `ref` is. */
  readonly branch?: string;
  /** Where the command finds it: an absolute path at least two folders deep, whose parent is a volume of the run's own. */
  readonly path: string;
  /** So many commits of the history. Default: all. */
  readonly depth?: number;
  readonly submodules?: boolean;
  /** Files of git LFS, which the image must have. */
  readonly lfs?: boolean;
  readonly credential?: RepositoryCredential;
  /** A command of `/bin/sh` that is run in the repository before the run's own, in its image, without the credential. */
  readonly setUp?: { readonly command: string; /** Default 600. */ readonly seconds?: number };
  /** What was committed, and what was not in one more commit, goes to `branch` of the repository, which must be given. */
  readonly push?: {
    /** Of the commit that takes what was not committed. */
    readonly message: string;
    readonly authorName: string;
    readonly authorEmail: string;
  };
  /** How long the second container may take after the command has ended. Default 300. */
  readonly closingSeconds?: number;
  /** Of the containers that call git. Default: the image of the run. */
  readonly image?: string;
  /** A volume that keeps objects from one run to the next, so that only what is new is fetched. */
  readonly cache?: V1Volume;
}

export type RepositoryCredential =
  /** Of a Secret in the namespace: a password or token for HTTP. `userName` default `x-access-token`. */
  | {
      readonly kind: "token";
      readonly secretName: string;
      readonly key: string;
      readonly userName?: string;
    }
  /** Of a Secret in the namespace: a private key. Without `knownHostsKey` a host is believed when it is first met. */
  | {
      readonly kind: "ssh";
      readonly secretName: string;
      readonly key: string;
      readonly knownHostsKey?: string;
    }
  /** Travels in a Secret that the run owns. */
  | { readonly kind: "given"; readonly userName: string; readonly password: string };

/** What was in the repository after the command had ended. */
export interface RepositoryEvidence {
  readonly url: string;
  readonly branch: string | null;
  /** The commit that the command left checked out; `null`: it cannot be read. */
  readonly head: string | null;
  /** Made since the clone. */
  readonly commits: number;
  /** Files that were changed, new or gone and not committed. */
  readonly dirty: number;
  readonly pushed: boolean;
  /** What git said, where something went wrong. */
  readonly message: string | null;
}
