import { type Concept, isClientStatus } from "./concept.ts";

/** A certificate that is not trusted; no retry and no status changes that. */
export const trustConcepts: readonly Concept[] = [
  {
    code: "claude_tls_untrusted",
    all: [
      /\b(?:certificates?|certs?|x ?509|pkix|trust anchors?|truststore|ca bundle|root ca|issuer)\b|证书/,
      /\bself ?signed\b|\buntrusted\b|\btrust(?:ed)?\b|\bverif|\binvalid\b|\bexpired\b|\bunknown\b|\bmismatch|\bn[o']t match|\baltname|\brevoked\b|\bunable to\b|\bauthority\b|\bbad\b|\brejected\b|\bnot yet valid\b|\bchain\b|\bhostname\b|\bfailed\b|\brefused\b|\bvalidation\b|\brequired\b|\bnot valid\b|\bproblem\b|\berror\b|\bcannot be\b|\bcould not\b|验证|过期|无效/,
    ],
    none: /\bapi keys?\b|\bdeath\b|\bprofessional\b|\bexam\b|\bjwt\b|\btoken\b/,
  },
  {
    code: "claude_tls_untrusted",
    all: [
      /\b(?:ssl|tls|tlsv1|https|openssl|boringssl)\b/,
      /\bverif(?:y|ication)\b|\btrust|\bunknown ca\b|\bself ?signed\b|\bpeer\b|\binspection\b|\bintercept|\bmitm\b|\bcert|\bissuer\b/,
    ],
    none: /reset by peer|closed by peer|peer (?:closed|reset|disconnected)/,
  },
];

/** What answers at the address is no API of models, or not this one. */
export const serviceConcepts: readonly Concept[] = [
  {
    code: "claude_wrong_service",
    all: [
      /\b(?:requested api|routes?|endpoints?|paths?|urls?|uri|method|handler|api version|v1 messages|\/v1\/messages|protocol)\b|\/v1\/messages/,
      /\b(?:not (?:be )?(?:found|allowed|implemented|exist|supported|available|matched|recogni[sz]ed)|unknown|invalid|unsupported|no such|cannot (?:get|post)|no matching|unrecogni[sz]ed|no route|undefined|does not exist|doesn't exist|isn't (?:supported|available)|unexpected|only supports?|no handler|couldn't find|could not find)\b/,
    ],
    none: /\bmodels?\b|@model|\bimages?\b|\btools?\b|payment|\bkey\b|\bparameter|\bregion|\bfile\b|\bmessages \d|\bproxy\b|authenti|\bno route to host\b/,
    status: (status) => isClientStatus(status) || status === 501,
  },
];
