import type { TextRule } from "./rule.ts";

/** A login that is over or was never there, of clouds above all: they tell it with any status, and mostly before a request is made. */
export const credentialRules: readonly TextRule[] = [
  {
    code: "claude_auth_required",
    pattern:
      /\binvalid_(?:grant|rapt)\b|reauth(?:entication)? (?:related error|is (?:needed|required)|failed)|could not refresh (?:the )?access token|metadata server[^\n]{0,80}(?:token|credential)|insufficient authentication scopes/i,
    seenIn: "Vertex, 0.2.64 – 2.1.330",
    example:
      'API Error: 400 {"error":"invalid_grant","error_description":"reauth related error (invalid_rapt)","error_subtype":"invalid_rapt"}',
    conditions: ["cloudLogin"],
  },
  {
    code: "claude_auth_required",
    pattern:
      /\bsso (?:session|token)\b[^\n]{0,100}(?:expired|invalid|not (?:found|valid)|refresh)|\b(?:aws sso login|gcloud auth (?:application-default )?login|az login)\b|expired_?token(?:_?exception)?\b|unrecognizedclient(?:exception)?|security token included in the request is (?:expired|invalid)|credentialsprovidererror|request signature we calculated does not match|signature ?does ?not ?match|invalidsignatureexception|\bincompletesignature(?:exception)?\b|\bsignature (?:has )?expired\b|bearer token (?:has |is )?(?:expired|invalid)|token (?:has |is )?expired and refresh failed/i,
    seenIn: "Bedrock, 0.2.76 – 2.1.330",
    example:
      "API Error: The SSO session associated with this profile has expired. To refresh this SSO session run aws sso login with the corresponding profile.",
    conditions: ["cloudLogin"],
  },
  {
    code: "claude_auth_required",
    pattern:
      /could not load (?:the default |aws |google cloud )?credentials|(?:unable to|could not|couldn't|cannot|failed to|error when|error) (?:locate|detect|find|load|get|resolve|retrieve|retrieving|refresh|read) (?:(?:the|any|aws|google|default|your) ){0,2}credentials|profile\b[^\n]{0,80} could not be (?:found|parsed)|config profile \([^)\n]{1,60}\) could not|metadata token request|(?:container|instance) metadata\b|unable to detect a project id|\bGOOGLE_APPLICATION_CREDENTIALS\b|DECODER routines::unsupported|(?:defaultazure|managedidentity|environment|azurecli)credential\b[^\n]{0,80}(?:failed|unavailable|error|retrieve)|\bAADSTS\d{5,7}\b/i,
    seenIn: "Bedrock, Vertex, Foundry",
    example:
      "API Error: Could not load the default credentials. Browse to https://cloud.google.com/docs/authentication/getting-started for more information.",
    conditions: ["cloudLogin"],
  },
  {
    code: "claude_auth_required",
    // A new login gives a token that may do it.
    pattern:
      /does not meet scope requirement|(?:token|key) (?:is )?missing (?:the )?(?:required )?scopes?\b/i,
    seenIn: "2.1.330",
    example: "OAuth token does not meet scope requirement user:profile",
  },
  {
    code: "claude_auth_required",
    // A key with a line end or a letter that no header can carry never leaves the process.
    pattern:
      /(?:invalid character in header|ERR_INVALID_CHAR|invalid header value|has invalid value|to a ByteString|ERR_HTTP_INVALID_HEADER)[^\n]{0,160}(?:x-api-key|authorization|bearer|api.?key)|(?:x-api-key|authorization|bearer)\b[\s\S]{0,80}(?:invalid (?:header )?value|has invalid value)/i,
    seenIn: "Node, Bun",
    example: 'API Error: Connection error. Invalid character in header content ["x-api-key"]',
  },
];
