import type { generate as Generate } from "selfsigned";

/** A key and the certificate for it, which is its own authority. PEM. */
export interface ServingCertificate {
  readonly key: string;
  readonly certificate: string;
}

/** A certificate for loopback, valid for a year. The key never leaves this process. */
export async function createServingCertificate(commonName: string): Promise<ServingCertificate> {
  // The library costs 0.2 s to load: whoever only imports the types or the clock must not pay for it.
  const { generate }: { generate: typeof Generate } = await import("selfsigned");
  const now = Date.now();
  const made = await generate([{ name: "commonName", value: commonName }], {
    keyType: "ec",
    curve: "P-256",
    algorithm: "sha256",
    // Clients in virtual machines lag behind: a certificate from "now" is "not yet valid" for them.
    notBeforeDate: new Date(now - 86_400_000),
    notAfterDate: new Date(now + 365 * 86_400_000),
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", digitalSignature: true, keyCertSign: true, critical: true },
      { name: "extKeyUsage", serverAuth: true },
      {
        name: "subjectAltName",
        altNames: [
          { type: 2, value: "localhost" },
          { type: 2, value: "kubernetes.default.svc" },
          { type: 7, ip: "127.0.0.1" },
          { type: 7, ip: "::1" },
        ],
      },
    ],
  });
  return { key: made.private, certificate: made.cert };
}
