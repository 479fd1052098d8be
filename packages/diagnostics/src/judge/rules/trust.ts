import type { TextRule } from "./rule.ts";

/** TLS: the connection was made, and the certificate at its other end is not trusted. No retry changes that. */
export const trustRules: readonly TextRule[] = [
  {
    code: "claude_tls_untrusted",
    pattern:
      /\b(?:SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_GET_ISSUER_CERT(?:_LOCALLY)?|UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_CRL|CERT_(?:HAS_EXPIRED|NOT_YET_VALID|UNTRUSTED|REJECTED|REVOKED|SIGNATURE_FAILURE|CHAIN_TOO_LONG)|INVALID_CA|HOSTNAME_MISMATCH|ERR_TLS_CERT_[A-Z_]{3,40}|ERR_CERT_[A-Z_]{3,40}|CERTIFICATE_VERIFY_FAILED)\b/,
    seenIn: "1.0.38 – 2.1.330 (codes of Node and Bun)",
    example: "API Error: Connection error. (SELF_SIGNED_CERT_IN_CHAIN)",
  },
  {
    code: "claude_tls_untrusted",
    pattern:
      /self[- ]signed certificate|unable to (?:get (?:local )?issuer certificate|verify the first certificate)|ssl certificate (?:error|verification failed|problem)|unknown certificate verification error|certificate (?:has expired|is not yet valid|is not trusted|signed by unknown authority|verify failed|verification failed)|corporate ssl certificates/i,
    seenIn: "2.0.77 – 2.1.330",
    example:
      "API Error: Unable to connect to API: SSL certificate verification failed. Check your proxy or corporate SSL certificates",
  },
  {
    code: "claude_tls_untrusted",
    pattern:
      /(?:hostname|ip)[^\n]{0,20} does ?n[o']t match certificate|certificate's altnames|x509: certificate|failed to verify certificate|pkix path (?:building|validation) failed|valid certification path|invalid peer certificate|\b(?:unknownissuer|untrustedroot)\b|certificate is (?:invalid|not valid)/i,
    seenIn: "1.0.60 (Node), gateways written in Go, Java and Rust",
    example:
      "API Error: Connection error. Hostname/IP does not match certificate's altnames: Host: gateway.internal. is not in the cert's altnames: DNS:*.corp.example",
  },
];
