/** A form of secret that is known by its looks. */
interface SecretPattern {
  readonly name: string;
  /** At least one of these is in every text that the pattern matches: a cheap test before the costly one. */
  readonly anchors: readonly string[];
  /** Group `keep` stays in front of the mask. Every repetition is bounded or of one class, so that time is linear. */
  readonly pattern: RegExp;
}

/** A token begins where no word goes on; behind `\n` and the like, inside JSON, the letter belongs to the escape. */
const begin = String.raw`(?:(?<![A-Za-z0-9])|(?<=\\[nrtbf]))`;
const word = "[A-Za-z0-9_-]";
/** Keeps names of variables and sentences out: a value has letters and digits. */
const mixed = String.raw`(?=[^\s"'\\]{0,200}\d)(?=[^\s"'\\]{0,200}[A-Za-z])`;
const separator = String.raw`(?:\\?["'])?[ \t]{0,8}[:=][ \t]{0,8}(?:\\?["'])?`;

function token(name: string, anchors: readonly string[], body: string): SecretPattern {
  return { name, anchors, pattern: new RegExp(`${begin}(?:${body})`, "g") };
}

function after(
  name: string,
  anchors: readonly string[],
  keep: string,
  body: string,
  flags = "g",
): SecretPattern {
  return {
    name,
    anchors,
    pattern: new RegExp(String.raw`(?<keep>${keep})(?!\[redacted )(?:${body})`, flags),
  };
}

const secretPatterns: readonly SecretPattern[] = [
  token("anthropic-key", ["sk-ant-"], `sk-ant-${word}{20,}`),
  token("openai-key", ["sk-"], `sk-(?:proj|svcacct|admin|or-v1)-${word}{20,}|sk-[A-Za-z0-9]{32,}`),
  token("github-token", ["gh", "github_pat_"], `gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{22,}`),
  token("gitlab-token", ["gl"], `gl(?:pat|dt|rt|ptt|ft|soat|cbt|agent)-${word}{20,}`),
  token("slack-token", ["xox", "xapp-"], `xox[abeoprs]-[A-Za-z0-9-]{10,}|xapp-[A-Za-z0-9-]{20,}`),
  token("aws-key-id", ["AKIA", "ASIA"], `(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])`),
  token(
    "google-key",
    ["AIza", "ya29.", "GOCSPX-"],
    String.raw`AIza${word}{35}|ya29\.${word}{20,}|GOCSPX-${word}{20,}`,
  ),
  token("npm-token", ["npm_"], `npm_[A-Za-z0-9]{36,}`),
  token("pypi-token", ["pypi-"], `pypi-AgE${word}{40,}`),
  token("huggingface-token", ["hf_"], `hf_[A-Za-z0-9]{30,}`),
  token("docker-token", ["dckr_"], `dckr_(?:pat|oat)_${word}{20,}`),
  token(
    "stripe-key",
    ["k_live_", "k_test_", "whsec_"],
    `[sr]k_(?:live|test)_[A-Za-z0-9]{16,}|whsec_[A-Za-z0-9+/=]{24,}`,
  ),
  token("sendgrid-key", ["SG."], String.raw`SG\.${word}{16,}\.${word}{16,}`),
  token("digitalocean-token", ["do"], `do[opr]_v1_[a-f0-9]{64}`),
  token("vault-token", ["hvs.", "hvb."], String.raw`hv[sb]\.${word}{20,}`),
  token("linear-key", ["lin_api_"], `lin_api_[A-Za-z0-9]{30,}`),
  // Stricter at its beginning than the others: without, a run of "-eyJ" would be read to its end from each of them.
  {
    name: "jwt",
    anchors: ["eyJ"],
    pattern: new RegExp(
      String.raw`(?:(?<![A-Za-z0-9_-])|(?<=\\[nrtbf]))eyJ${word}{12,}\.${word}{8,}\.${word}{8,}`,
      "g",
    ),
  },
  after(
    "authorization",
    ["earer", "EARER"],
    String.raw`\b[Bb](?:earer|EARER)[ \t]{1,4}`,
    `${mixed}[A-Za-z0-9._~+/=-]{16,}`,
  ),
  after(
    "authorization",
    ["asic "],
    String.raw`\bauthorization${separator}basic[ \t]{1,4}`,
    String.raw`[A-Za-z0-9+/=]{8,}`,
    "gi",
  ),
  after(
    "header",
    ["-key", "-Key", "-KEY", "-token", "-Token", "-TOKEN"],
    String.raw`\b(?:x-api-key|api-key|x-goog-api-key|private-token|x-auth-token|x-amz-security-token)${separator}`,
    `${mixed}[A-Za-z0-9._+/=-]{16,}`,
    "gi",
  ),
  after(
    "cookie",
    ["ookie"],
    String.raw`\b(?:set-)?cookie${separator}[A-Za-z0-9_.-]{1,64}=`,
    String.raw`[^\s;"'\\]{8,}`,
    "gi",
  ),
  after(
    "aws-secret",
    ["ecret", "ECRET", "oken", "OKEN"],
    String.raw`\b(?:aws_secret_access_key|aws_session_token|SecretAccessKey|SessionToken)${separator}`,
    `[A-Za-z0-9/+=]{30,}`,
    "gi",
  ),
  after(
    "kubeconfig-credential",
    ["client-key-data", "token", "client-secret"],
    String.raw`\b(?:client-key-data|token|id-token|refresh-token|access-token|client-secret)(?:\\?["'])?[ \t]{0,8}:[ \t]{1,8}(?:\\?["'])?`,
    `${mixed}[A-Za-z0-9+/=._-]{20,}`,
  ),
  after(
    "password",
    ["password", "passwd"],
    String.raw`(?:^|\n|\\n)[ \t]{1,40}(?:password|passwd):[ \t]{1,8}(?:\\?["'])?`,
    String.raw`${mixed}[^\s"'\\<{$(]{8,}`,
  ),
  after(
    "secret-field",
    ["ecret", "oken", "assword", "pi_key", "piKey", "rivate"],
    String.raw`\\?"(?:password|secret|client_?[sS]ecret|access_?[tT]oken|refresh_?[tT]oken|id_?[tT]oken|api_?[kK]ey|auth_?[tT]oken|private_?[kK]ey)\\?"[ \t]{0,4}:[ \t]{0,4}\\?"`,
    String.raw`${mixed}[^\s"'\\<{$(]{12,}`,
  ),
  after(
    "environment",
    ["TOKEN", "SECRET", "PASSW", "_KEY", "CREDENTIAL"],
    String.raw`\b[A-Z][A-Z0-9_]{0,60}(?:TOKEN|SECRET|PASSWORD|PASSWD|API_KEY|ACCESS_KEY|PRIVATE_KEY|SECRET_KEY|CREDENTIALS?)(?:=|\\?"[ \t]{0,4}:[ \t]{0,4})(?:\\?["'])?`,
    String.raw`${mixed}[^\s"'\\<{$(]{8,}`,
  ),
  after(
    "url-password",
    ["://"],
    String.raw`\b[A-Za-z][A-Za-z0-9+.-]{1,20}:\/\/[^\s/:@"'\\<>]{0,128}:`,
    String.raw`(?!\*{3}|\$\{|<)[^\s/:@"'\\<>]{1,256}(?=@[A-Za-z0-9[])`,
  ),
  after(
    "url-parameter",
    ["=", "%"],
    String.raw`[?&](?:token|access_token|refresh_token|api_key|apikey|key|sig|signature|client_secret|password|X-Amz-Signature|X-Amz-Security-Token)=`,
    String.raw`(?=[^&\s"'\\]{0,200}\d)[A-Za-z0-9%._~+/=-]{16,}`,
    "gi",
  ),
];

export function maskPatterns(text: string): string {
  let masked = text;
  for (const { name, anchors, pattern } of secretPatterns) {
    if (!anchors.some((anchor) => masked.includes(anchor))) continue;
    masked = masked.replaceAll(pattern, (...match: unknown[]) => {
      const groups = match.at(-1) as { readonly keep?: string } | string | undefined;
      const keep = typeof groups === "object" ? (groups.keep ?? "") : "";
      return `${keep}[redacted ${name}]`;
    });
  }
  return masked;
}
