/** What registries and runtimes say of images. Rebuilt from public reports; the ending was decided from the documentation before it was tried. */
import { T, pending } from "./objects.ts";
import type { Row } from "./objects.ts";

export const images: readonly Row[] = [
  [
    "rate limit of the registry",
    pending(
      "ErrImagePull",
      'failed to pull and unpack image "docker.io/acme/claude:1": failed to copy: httpReadSeeker: failed open: unexpected status code https://registry-1.docker.io/v2/acme/claude/manifests/sha256:0: 429 Too Many Requests - Server message: toomanyrequests: You have reached your unauthenticated pull rate limit.',
    ),
    "k8s_image_pull_failed",
    T,
    /429|rate limit/,
  ],
  [
    "registry certificate",
    pending(
      "ImagePullBackOff",
      'Back-off pulling image "harbor.corp/claude:1": ErrImagePull: failed to resolve reference "harbor.corp/claude:1": failed to do request: Head "https://harbor.corp/v2/claude/manifests/1": tls: failed to verify certificate: x509: certificate signed by unknown authority',
    ),
    "k8s_image_pull_failed",
    null,
    /certificate/i,
  ],
  [
    "pull denied",
    pending(
      "ErrImagePull",
      'failed to resolve reference "ghcr.io/acme/private:1": failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://ghcr.io/token?scope=repository%3Aacme%2Fprivate%3Apull&service=ghcr.io: 401 Unauthorized',
    ),
    "k8s_image_pull_failed|k8s_image_invalid",
    null,
    /pull secret/i,
  ],
  [
    "tag is not there",
    pending(
      "ErrImagePull",
      'rpc error: code = NotFound desc = failed to pull and unpack image "ghcr.io/acme/claude:nope": failed to resolve reference "ghcr.io/acme/claude:nope": ghcr.io/acme/claude:nope: not found',
    ),
    "k8s_image_pull_failed|k8s_image_invalid",
    null,
    /nope/,
  ],
  [
    "no platform",
    pending(
      "ErrImagePull",
      'failed to pull and unpack image "docker.io/acme/claude:1": no match for platform in manifest: not found',
    ),
    "k8s_image_pull_failed|k8s_image_invalid",
    null,
    /processor|architecture|platform/i,
  ],
  [
    "form of images that the runtime has given up",
    pending(
      "ErrImagePull",
      'failed to pull and unpack image "registry.acme.io/claude:2.1": not implemented: media type "application/vnd.docker.distribution.manifest.v1+prettyjws" is no longer supported since containerd v2.1, please rebuild the image as "application/vnd.oci.image.manifest.v1+json"',
    ),
    "k8s_image_pull_failed",
    null,
    /rebuild/,
  ],
  [
    "a registry's policy on vulnerabilities",
    pending(
      "ErrImagePull",
      'failed to resolve reference "harbor.acme.io/agents/claude:2.1": unexpected status from HEAD request to https://harbor.acme.io/v2/agents/claude/manifests/2.1: 412 Precondition Failed: current image with 12 vulnerabilities cannot be pulled due to configured policy',
    ),
    "k8s_image_pull_failed",
    null,
    /policy/,
  ],
  [
    "a short name that the runtime does not complete",
    pending(
      "ErrImagePull",
      'short-name "claude:2.1" did not resolve to an alias and no unqualified-search registries are defined in "/etc/containers/registries.conf"',
    ),
    "k8s_image_pull_failed",
    null,
    /short-name/,
  ],
  [
    "disk of the node is full",
    pending(
      "ErrImagePull",
      'failed to pull and unpack image "docker.io/acme/claude:1": failed to extract layer sha256:1: write /var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/9/fs/usr/bin/node: no space left on device: unknown',
    ),
    "k8s_image_pull_failed",
    T,
    /no space|disk/i,
  ],
  [
    "DNS of the registry",
    pending(
      "ErrImagePull",
      'failed to resolve reference "registry.corp/claude:1": failed to do request: Head "https://registry.corp/v2/claude/manifests/1": dial tcp: lookup registry.corp on 10.0.0.10:53: no such host',
    ),
    "k8s_image_pull_failed",
    undefined,
    /no such host/,
  ],
  [
    "quay outage",
    pending(
      "ErrImagePull",
      "rpc error: code = Unknown desc = reading manifest 1 in quay.io/acme/claude: received unexpected HTTP status: 502 Bad Gateway",
    ),
    "k8s_image_pull_failed",
    T,
    /502/,
  ],
  [
    "403 of the registry",
    pending(
      "ErrImagePull",
      'failed to pull and unpack image "europe-docker.pkg.dev/p/r/c:1": failed to resolve reference "europe-docker.pkg.dev/p/r/c:1": unexpected status from HEAD request to https://europe-docker.pkg.dev/v2/p/r/c/manifests/1: 403 Forbidden',
    ),
    "k8s_image_pull_failed",
    null,
    /pull secret/,
  ],
  [
    "ECR without login",
    pending(
      "ErrImagePull",
      'rpc error: code = Unknown desc = failed to pull and unpack image "1.dkr.ecr.eu-west-1.amazonaws.com/claude:1": failed to resolve reference: pull access denied, repository does not exist or may require authorization: authorization failed: no basic auth credentials',
    ),
    "k8s_image_pull_failed",
    null,
    /pull secret/,
  ],
  [
    "plain http registry",
    pending(
      "ErrImagePull",
      'failed to resolve reference "registry.local:5000/claude:1": failed to do request: Head "https://registry.local:5000/v2/claude/manifests/1": http: server gave HTTP response to HTTPS client',
    ),
    "k8s_image_pull_failed",
    null,
    /HTTP response/,
  ],
  [
    "handshake timeout",
    pending(
      "ErrImagePull",
      'failed to do request: Head "https://ghcr.io/v2/acme/claude/manifests/1": net/http: TLS handshake timeout',
    ),
    "k8s_image_pull_failed",
    T,
    /handshake/,
  ],
  [
    "expired certificate",
    pending(
      "ErrImagePull",
      'failed to do request: Head "https://harbor.corp/v2/claude/manifests/1": tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-11-22T10:00:00Z is after 2026-11-01T00:00:00Z',
    ),
    "k8s_image_pull_failed",
    null,
    /certificate/,
  ],
  [
    "broken download",
    pending(
      "ErrImagePull",
      'failed to pull and unpack image "ghcr.io/acme/claude:1": failed commit on ref "layer-sha256:1": "layer-sha256:1" failed size validation: 100 != 200: failed precondition',
    ),
    "k8s_image_pull_failed",
    T,
    /size validation/,
  ],
  [
    "manifest unknown",
    pending(
      "ErrImagePull",
      "Error response from daemon: manifest for acme/claude:9 not found: manifest unknown: manifest unknown",
    ),
    "k8s_image_pull_failed",
    null,
    /name and tag/,
  ],
  [
    "upper case",
    pending(
      "InvalidImageName",
      'Failed to apply default image tag "Acme/Claude:1": couldn\'t parse image name "Acme/Claude:1": invalid reference format: repository name (Acme/Claude) must be lowercase',
    ),
    "k8s_image_invalid",
    null,
    /lower case/,
  ],
  [
    "proxy of the node",
    pending(
      "ErrImagePull",
      'failed to do request: Head "https://ghcr.io/v2/acme/claude/manifests/1": proxyconnect tcp: dial tcp: lookup proxy.corp on 10.0.0.10:53: no such host',
    ),
    "k8s_image_pull_failed",
    T,
    /proxy/,
  ],
  [
    "a web page for a manifest",
    pending(
      "ErrImagePull",
      'failed to pull and unpack image "mirror.corp/claude:1": failed to unpack image on snapshotter overlayfs: unexpected media type text/html for sha256:0: not found',
    ),
    "k8s_image_pull_failed",
    undefined,
    /text\/html/,
  ],
  [
    "quota of the registry's account",
    pending(
      "ErrImagePull",
      'failed to resolve reference "acme.jfrog.io/claude:1": unexpected status from HEAD request to https://acme.jfrog.io/v2/claude/manifests/1: 402 Payment Required',
    ),
    "k8s_image_pull_failed",
    null,
    /402/,
  ],
];
