import type { TextRule } from "./rule.ts";

/** TLS: the connection was made, and the certificate at its other end is not trusted. No retry changes that. */
export const trustRules: readonly TextRule[] = [
  {
    code: "claude_tls_untrusted",
    // The other names and words that OpenSSL has for what its verification found.
    pattern:
      /\b(?:UNABLE_TO_(?:DECRYPT|DECODE|GET)_[A-Z_]{3,40}|CRL_[A-Z_]{3,30}|ERROR_IN_(?:CERT|CRL)_[A-Z_]{3,30}|PATH_LENGTH_EXCEEDED|INVALID_PURPOSE|(?:CA|EE)_(?:KEY_TOO_SMALL|MD_TOO_WEAK)|(?:SUBJECT_ISSUER|AKID_SKID|AKID_ISSUER_SERIAL|IP_ADDRESS|EMAIL)_MISMATCH)\b|\bcertificate signature failure|\bCRL (?:has expired|is not yet valid)|path length constraint|certificate purpose\b|\b(?:CA|EE) (?:certificate|md|signature digest)\b[^\n]{0,30}too (?:weak|small)|\b(?:hostname|ip address|email address|subject issuer|key identifier) mismatch|unhandled critical extension|subtree violation|authority key identifier|subject alternative\b[^\n]{0,20}names? (?:matching|present)|\bx509: /i,
    seenIn: "OpenSSL, BoringSSL, Go, Java",
    example: "API Error: Connection error. path length constraint exceeded",
  },
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
