import type { Entries } from "./entry.ts";

/** What went wrong with the files that the agent works on. */
export const workspace = {
  workspace_clone_failed: {
    title: "The repository could not be cloned",
    when: "git could not fetch the repository, for another cause than credentials or the ref.",
    family: null,
    familyNote: "`transient_upstream` when the network or the git server failed",
    bootstrap: true,
    session: "keep",
    fix: [
      {
        when: "network",
        text: "Check that pods in namespace {namespace} reach the git server: network policies, egress proxy, DNS. Then run again.",
      },
      {
        when: "gitTools",
        text: "The image needs git 2.31 or newer, and what the cause names: an `ssh` client for SSH addresses (with an entry in `/etc/passwd` for the pod's user), `git-lfs` for LFS. Use an image that has it, or name one for git alone in {setting:repositoryImage}.",
      },
      "Check the repository's address: `git ls-remote {repository}` from a pod in the cluster.",
      "Read git's words in the cause and in the evidence.",
    ],
  },
  workspace_credentials_refused: {
    title: "The git server refused the credentials",
    when: "git was asked for a user name or key, or its credential was refused; a private repository without a credential is told as not found by most servers.",
    family: null,
    bootstrap: true,
    session: "keep",
    fix: [
      "Give the agent a token or key that may read the repository (and write to it, if its work is pushed). It may have expired, or may lack the organisation's single sign-on.",
      {
        when: "ssh",
        text: "For an SSH address: check the private key and `known_hosts`; deploy keys are for one repository each.",
      },
      "Check it: `git ls-remote {repository}` with the same credential.",
    ],
  },
  workspace_ref_not_found: {
    title: "The branch, tag or commit does not exist",
    when: "The repository was reached, but it has no such branch, tag or commit.",
    family: null,
    bootstrap: true,
    session: "keep",
    fix: [
      "Correct the ref, or create it: `git ls-remote {repository}` lists those that there are.",
      "A commit must lie on a branch that is cloned; a shallow clone knows only the newest ones.",
    ],
  },
  workspace_setup_failed: {
    title: "The workspace's set-up command failed",
    when: "The repository was cloned, and the set-up command ended with another exit than 0.",
    family: null,
    bootstrap: true,
    session: "keep",
    fix: [
      "Read the command's last words in the cause and in the evidence, and correct the command or the repository.",
      "Tools that the command needs must be in {setting:image}; what it downloads must be reachable from the pod.",
    ],
  },
  workspace_push_failed: {
    title: "The work could not be pushed",
    when: "The agent ended, and git could not push what it had done.",
    family: null,
    bootstrap: false,
    session: "keep",
    fix: [
      "Check that the credential may write, and that the branch is not protected.",
      "If somebody else pushed to the branch meanwhile: run again, and have the agent rebase before it ends.",
      "The work may be lost with its pod: look for it before the Job is removed (`kubectl get pods -n {namespace}`).",
    ],
  },
  workspace_copy_failed: {
    title: "The files did not reach the pod",
    when: "The pod ran and waited for its files, and they did not come: no exec, a full disk, or the program that takes them failed.",
    family: null,
    familyNote: "`transient_upstream` when the cluster answered with errors only",
    bootstrap: true,
    session: "keep",
    fix: [
      {
        when: "exec",
        text: "The API server, or a proxy before it, does not pass exec on. Check it: `kubectl exec {pod} -n {namespace} -c files -- true`. Where it cannot be had, let the agent work on a volume or on a cloned repository.",
      },
      {
        when: "podDisk",
        text: "Give the pod more scratch space: raise `resources.limits.ephemeral-storage`, or copy less.",
      },
      {
        when: "serverDisk",
        text: "Free space on the server, or correct the rights of the folder that the cause names.",
      },
      {
        when: "program",
        text: "The image needs Node.js 18 or newer, and memory for it: check {setting:image}.",
      },
      "See what it waited for: `kubectl describe pod {pod} -n {namespace}`.",
      "Read the words of the cluster or the disk in the cause.",
    ],
  },
  workspace_fill_failed: {
    title: "The agent's claim could not be filled",
    when: "At the first run on a volume claim, the files of the workspace folder reached the pod, and could not be written to the claim.",
    family: null,
    familyNote: "`transient_upstream` when the storage failed or did not answer",
    bootstrap: true,
    session: "keep",
    fix: [
      {
        when: "claimFull",
        text: "The claim is too small for the folder: enlarge it (`kubectl get pvc -n {namespace}`; its storage class must allow expansion), or remove it with `claude-k8s clean --claims --remove` and set {setting:workspaceClaimSize} for the next one.",
      },
      {
        when: "claimRights",
        text: "The pod's user may not write to the claim, or it is read-only: choose another {setting:workspaceClaimClass}, whose volumes follow the pod's `fsGroup`.",
      },
      {
        when: "claimStorage",
        text: "Look at the storage behind the claim: `kubectl describe pvc -n {namespace}`, and the events of pod {pod}.",
      },
      "Nothing is lost: the next run on the claim begins to fill it anew.",
      "Read the words of the copy in the cause and in the evidence.",
    ],
  },
  workspace_too_large: {
    title: "The workspace is larger than allowed",
    when: "What should be copied into or out of the pod exceeds the limit for it.",
    family: null,
    bootstrap: true,
    session: "keep",
    fix: [
      "Leave out what the agent does not need (build output, `node_modules`, dumps), or raise the limit that the cause names.",
      "Or let the agent clone a repository instead of copying a folder.",
    ],
  },
} satisfies Entries;
