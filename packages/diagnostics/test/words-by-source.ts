import type { FailureCode } from "../src/index.ts";
import type { Wording } from "./words.ts";

/**
 * What the programs between Claude Code and a model can say at all, source by source: the errors of Node, Bun and undici, of
 * OpenSSL's verification, of Go's and Python's HTTP clients, of clouds' SDKs and of gateways. What each must be was decided from
 * its source before the first run.
 */
type Bodies = readonly string[];
type More = Pick<Wording, "error" | "session" | "notBefore" | "now">;

/** As releases without a class or status write a connection's error. */
const bare = (code: FailureCode, from: string, bodies: Bodies, more: More = {}): readonly Wording[] =>
  bodies.map((body) => ({ text: `API Error: ${body}`, code, from, ...more }));

const http = (
  status: number,
  code: FailureCode,
  from: string,
  bodies: Bodies,
  more: More = {},
): readonly Wording[] =>
  bodies.map((body) => ({ text: `API Error: ${status} ${body}`, status, code, from, ...more }));

const body = (type: string, message: string): string =>
  JSON.stringify({ type: "error", error: { type, message } });

const google = (code: number, status: string, message: string): string =>
  JSON.stringify({ error: { code, message, status } });

const transient = "claude_transient_upstream";
const untrusted = "claude_tls_untrusted";
const wrong = "claude_wrong_service";
const denied = "claude_access_denied";
const login = "claude_auth_required";
const invalid = "claude_invalid_request";

export const transportWords: Readonly<Record<string, readonly Wording[]>> = {
  "codes of Node, Bun and undici": [
    ...bare(transient, "Node's system errors", [
      "Connection error. (ECONNREFUSED)",
      "connect ENETRESET 160.79.104.10:443",
      "connect EADDRNOTAVAIL 10.0.0.9:443 - Local (0.0.0.0:0)",
      "read ENOTCONN",
      "getaddrinfo EAI_NODATA api.anthropic.com",
      "getaddrinfo EAI_SYSTEM api.anthropic.com",
      "queryA ESERVFAIL api.anthropic.com",
      "queryA ETIMEOUT api.anthropic.com",
      "Connection error. (EALREADY)",
      "write ECANCELED",
      "connect ENOBUFS 160.79.104.10:443",
    ]),
    ...bare(transient, "Node's streams and HTTP/2", [
      "Premature close",
      "Connection error. (ERR_STREAM_PREMATURE_CLOSE)",
      "Client network socket disconnected before secure TLS connection was established",
      "Stream closed with error code NGHTTP2_INTERNAL_ERROR",
      "Session closed with error code NGHTTP2_ENHANCE_YOUR_CALM",
      "New streams cannot be created after receiving a GOAWAY",
      "The pending stream has been canceled (caused by: )",
      "Cannot call write after a stream was destroyed",
      "aborted",
    ]),
    ...bare(transient, "undici", [
      "TypeError: terminated",
      "other side closed",
      "Connection error. SocketError: other side closed",
      "Headers Timeout Error",
      "Body Timeout Error",
      "Connect Timeout Error (attempted addresses: 160.79.104.10:443, timeout: 10000ms)",
      "Response body's length does not match content-length header",
      "The client is destroyed",
    ]),
    ...bare(transient, "Bun", [
      "ConnectionRefused",
      "Unable to connect to API (ConnectionResetByPeer)",
      "Unable to connect to API (ConnectionClosed)",
      "Unable to connect to API (Timeout)",
      "The operation timed out.",
      "The socket connection was closed unexpectedly. For more information, pass `verbose: true` in the second argument to fetch()",
      "DNS_ENOTFOUND: getaddrinfo api.anthropic.com",
      "Unable to connect to API (HTTP2StreamReset)",
    ]),
    ...bare("llm_api_error", "bodies that cannot be unpacked or parsed", [
      'ZlibError fetching "https://gateway.example/v1/messages"',
      "Decompression error: ZlibError",
      "BrotliDecompressionError",
      "incorrect header check",
      "unexpected end of file",
      'JSON Parse error: Unexpected identifier "upstream"',
      "Unexpected non-whitespace character after JSON at position 4",
      "Expected ',' or '}' after property value in JSON at position 311",
      "Bad control character in string literal in JSON at position 20",
      'Unexpected event order, got message_start before receiving "message_stop"',
    ]),
    ...bare(wrong, "another protocol behind the address", [
      "Parse Error: Expected HTTP/, RTSP/ or ICE/",
      "Connection error. (HPE_INVALID_CONSTANT)",
      "write EPROTO 139872:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:ssl/record/ssl3_record.c:354:",
      "Connection error. (ERR_SSL_PACKET_LENGTH_TOO_LONG)",
      "error:0A0000C6:SSL routines:tls_get_more_records:packet length too long",
      "error:0A00009C:SSL routines:ssl3_get_record:http request",
      'Malformed_HTTP_Response fetching "https://gateway.example/v1/messages"',
      "unsupported protocol gateway.example:",
      "Failed to parse URL from gateway.example/v1/messages",
      "fetch() URL is invalid",
    ]),
    ...bare(login, "a key that no header can carry", [
      'Connection error. TypeError [ERR_INVALID_CHAR]: Invalid character in header content ["x-api-key"]',
      "Header 'authorization' has invalid value: 'Bearer \n'",
      'Headers.append: "Bearer \n" is an invalid header value.',
      "Cannot convert argument to a ByteString because the character at index 7 has a value of 8230 which is greater than 255. (x-api-key)",
    ]),
  ],
  "what is not trusted, by OpenSSL, Node and BoringSSL": [
    ...bare(untrusted, "results of OpenSSL's verification", [
      "Connection error. (unable to get certificate CRL)",
      "Connection error. certificate signature failure",
      "Connection error. CRL has expired",
      "Connection error. invalid CA certificate",
      "Connection error. path length constraint exceeded",
      "Connection error. unsuitable certificate purpose",
      "Connection error. certificate rejected",
      "Connection error. certificate not trusted",
      "Connection error. EE certificate key too weak",
      "Connection error. CA certificate key too weak",
      "Connection error. CA signature digest algorithm too weak",
      "Connection error. Hostname mismatch",
      "Connection error. IP address mismatch",
      "Connection error. unhandled critical extension",
      "Connection error. permitted subtree violation",
      "Connection error. Missing Authority Key Identifier",
      "Connection error. format error in certificate's notBefore field",
      "Connection error. self-signed certificate; if the root CA is installed locally, try running Node.js with --use-system-ca",
    ]),
    ...bare(untrusted, "codes of Node and Bun", [
      "Unable to connect to API (UNABLE_TO_DECRYPT_CERT_SIGNATURE)",
      "Unable to connect to API (UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY)",
      "Unable to connect to API (CRL_HAS_EXPIRED)",
      "Unable to connect to API (CRL_NOT_YET_VALID)",
      "Unable to connect to API (ERROR_IN_CERT_NOT_AFTER_FIELD)",
      "Unable to connect to API (PATH_LENGTH_EXCEEDED)",
      "Unable to connect to API (INVALID_PURPOSE)",
      "Unable to connect to API (CA_KEY_TOO_SMALL)",
      "Unable to connect to API (EE_KEY_TOO_SMALL)",
      "Unable to connect to API (CA_MD_TOO_WEAK)",
      "Unable to connect to API (ERR_TLS_CERT_ALTNAME_INVALID)",
      "Unable to connect to API (CERT_SIGNATURE_FAILURE)",
      "Connection error. (ERR_SSL_TLSV1_ALERT_UNKNOWN_CA)",
      "Connection error. error:0A000418:SSL routines:ssl3_read_bytes:tlsv1 alert unknown ca",
      "Connection error. error:0A00045C:SSL routines:ssl3_read_bytes:tlsv13 alert certificate required",
      "Connection error. (ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED)",
      "Connection error. (ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE)",
      "Connection error. error:0A000086:SSL routines:tls_post_process_server_certificate:certificate verify failed",
      "Connection error. dh key too small: EE_KEY_TOO_SMALL",
    ]),
    ...http(502, untrusted, "Go's x509", [
      body(
        "api_error",
        'Post "https://api.anthropic.com/v1/messages": x509: certificate signed by unknown authority',
      ),
      body(
        "api_error",
        "tls: failed to verify certificate: x509: cannot validate certificate for 10.2.0.4 because it doesn't contain any IP SANs",
      ),
      body("api_error", "x509: certificate is valid for ingress.local, not gateway.example"),
      body("api_error", "x509: negative serial number"),
      body("api_error", "remote error: tls: unknown certificate authority"),
      body("api_error", "remote error: tls: bad certificate"),
      body("api_error", "remote error: tls: certificate required"),
    ]),
    ...http(500, untrusted, "Python, Java, Rust, .NET and curl", [
      body(
        "api_error",
        "Cannot connect to host api.anthropic.com:443 ssl:True [SSLCertVerificationError: (1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: unable to get local issuer certificate (_ssl.c:1000)')]",
      ),
      body(
        "api_error",
        "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: Missing Authority Key Identifier (_ssl.c:1028)",
      ),
      body(
        "api_error",
        "javax.net.ssl.SSLHandshakeException: PKIX path building failed: unable to find valid certification path to requested target",
      ),
      body(
        "api_error",
        "java.security.cert.CertificateException: No subject alternative DNS name matching gateway.example found.",
      ),
      body("api_error", "error sending request: invalid peer certificate: UnknownIssuer"),
      body(
        "api_error",
        "The SSL connection could not be established, see inner exception. The remote certificate is invalid because of errors in the certificate chain: UntrustedRoot",
      ),
      body("api_error", "curl: (60) SSL certificate problem: unable to get local issuer certificate"),
      body(
        "api_error",
        "curl: (77) error setting certificate verify locations: CAfile: /etc/ssl/certs/ca-certificates.crt",
      ),
    ]),
  ],
  "connections, by Go's, Python's and curl's words": [
    ...http(502, transient, "Go's net/http", [
      body("api_error", "dial tcp 160.79.104.10:443: connect: connection refused"),
      body("api_error", "dial tcp: lookup api.anthropic.com on 10.96.0.10:53: no such host"),
      body("api_error", "dial tcp: lookup api.anthropic.com on 10.96.0.10:53: server misbehaving"),
      body(
        "api_error",
        'Post "https://api.anthropic.com/v1/messages": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
      ),
    ]),
    ...bare(transient, "Go's net/http, without a status", [
      "dial tcp 160.79.104.10:443: i/o timeout",
      "dial tcp 160.79.104.10:443: connect: no route to host",
      "dial tcp 160.79.104.10:443: connect: network is unreachable",
      "dial tcp 160.79.104.10:443: connect: cannot assign requested address",
      "dial tcp: lookup api.anthropic.com: server misbehaving",
      "dial tcp: lookup api.anthropic.com on 127.0.0.11:53: no such host",
      'Post "https://api.anthropic.com/v1/messages": EOF',
      "unexpected EOF",
      "net/http: TLS handshake timeout",
      "context deadline exceeded",
      "read tcp 10.0.0.2:5231->160.79.104.10:443: read: connection reset by peer",
      "write tcp 10.0.0.2:5231->160.79.104.10:443: write: broken pipe",
      "http2: server sent GOAWAY and closed the connection; LastStreamID=1999, ErrCode=NO_ERROR",
      "http2: client connection lost",
      "stream error: stream ID 15; INTERNAL_ERROR; received from peer",
      "readfrom tcp 10.0.0.2:5231: use of closed network connection",
      "net/http: HTTP/1.x transport connection broken: unexpected EOF",
      "proxyconnect tcp: dial tcp 10.0.0.3:3128: connect: connection refused",
    ]),
    ...bare(transient, "Python's httpx, aiohttp and requests", [
      "httpx.ConnectError: [Errno -2] Name or service not known",
      "httpx.ConnectError: [Errno -3] Temporary failure in name resolution",
      "httpx.ReadTimeout",
      "httpcore.ReadError",
      "httpx.RemoteProtocolError: peer closed connection without sending complete message body (incomplete chunked read)",
      "aiohttp.client_exceptions.ServerDisconnectedError: Server disconnected",
      "Cannot connect to host api.anthropic.com:443 ssl:default [Name or service not known]",
      "Cannot connect to host api.anthropic.com:443 ssl:default [Connect call failed ('160.79.104.10', 443)]",
      "HTTPSConnectionPool(host='api.anthropic.com', port=443): Max retries exceeded with url: /v1/messages",
      "('Connection aborted.', RemoteDisconnected('Remote end closed connection without response'))",
      "[Errno 111] Connection refused",
      "[Errno 104] Connection reset by peer",
      "litellm.Timeout: APITimeoutError - Request timed out. Error_str: Request timed out.",
      "litellm.APIConnectionError: AnthropicException - Server disconnected without sending a response.",
    ]),
    ...bare(transient, "curl, Rust and Java", [
      "curl: (6) Could not resolve host: api.anthropic.com",
      "curl: (7) Failed to connect to api.anthropic.com port 443 after 2 ms: Couldn't connect to server",
      "curl: (28) Operation timed out after 30001 milliseconds with 0 bytes received",
      "curl: (52) Empty reply from server",
      "curl: (56) Recv failure: Connection reset by peer",
      "curl: (92) HTTP/2 stream 1 was not closed cleanly: INTERNAL_ERROR (err 2)",
      "error sending request for url (https://api.anthropic.com/v1/messages): operation timed out",
      "hyper::Error(IncompleteMessage): connection closed before message completed",
      "dns error: failed to lookup address information: Try again",
      "java.net.UnknownHostException: api.anthropic.com",
      "java.net.ConnectException: Connection refused",
      "java.net.SocketTimeoutException: Read timed out",
      "io.netty.channel.AbstractChannel$AnnotatedConnectException: finishConnect(..) failed: Connection refused",
      "reactor.netty.http.client.PrematureCloseException: Connection prematurely closed DURING response",
    ]),
    ...bare(wrong, "another protocol, in Go's words", [
      "tls: first record does not look like a TLS handshake",
      "http: server gave HTTP response to HTTPS client",
      'net/http: HTTP/1.x transport connection broken: malformed HTTP response "\\x15\\x03\\x01\\x00\\x02\\x02"',
      'Post "gateway.example/v1/messages": unsupported protocol scheme ""',
    ]),
  ],
};

export const cloudWords: Readonly<Record<string, readonly Wording[]>> = {
  "Bedrock's errors by their names": [
    ...http(429, transient, "ThrottlingException and its relatives", [
      "ThrottlingException: Too many requests, please wait before trying again. You have sent too many requests. Wait before trying again.",
      "Too many tokens, please wait before trying again.",
      "ThrottlingException: Rate exceeded",
      "ModelNotReadyException: Model is not ready for inference. Wait and try your request again. The SDK will automatically retry the operation up to 5 times.",
      "Too many connections, please wait before trying again.",
      "Too many tokens per minute, please wait before trying again.",
    ]),
    ...http(429, "provider_quota", "a limit of the day", [
      "Too many tokens per day, please wait before trying again.",
      "ThrottlingException: Too many tokens per day, please wait before trying again.",
    ]),
    ...http(408, transient, "ModelTimeoutException", [
      "ModelTimeoutException: The request took too long to process. Processing time exceeded the model timeout length.",
      "Model has timed out in processing the request. Try your request again.",
    ]),
    ...http(424, transient, "ModelErrorException", [
      "ModelErrorException: The request failed due to an error while processing the model.",
      "ModelStreamErrorException: An error occurred while streaming the response. Retry your request.",
      "The system encountered an unexpected error during processing. Try your request again.",
    ]),
    ...http(503, transient, "ServiceUnavailableException", [
      "ServiceUnavailableException: Bedrock is unable to process your request.",
      "The service isn't currently available. Try again later.",
    ]),
    ...http(500, transient, "InternalServerException", [
      "InternalServerException: An internal server error occurred. Retry your request.",
      "The system encountered an unexpected error during processing. Try your request again.",
    ]),
    ...bare(transient, "names without a status, as a stream's events give them", [
      'modelStreamErrorException: {"message":"Model produced invalid sequence as part of ToolUse. Please refer to the model tool use troubleshooting guide."}',
      'internalServerException: {"message":"The system encountered an unexpected error during processing. Try your request again."}',
      'throttlingException: {"message":"Too many tokens, please wait before trying again."}',
      "serviceUnavailableException: Bedrock is unable to process your request.",
      "ModelTimeoutException: Model has timed out in processing the request. Try your request again.",
      "ModelNotReadyException: Model is not ready for inference.",
    ]),
    ...http(403, denied, "AccessDeniedException", [
      "You don't have access to the model with the specified model ID.",
      "AccessDeniedException: User: arn:aws:sts::111122223333:assumed-role/agent/s is not authorized to perform: bedrock:InvokeModelWithResponseStream on resource: arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.anthropic.claude-sonnet-4-5-20250929-v1:0 because no identity-based policy allows the bedrock:InvokeModelWithResponseStream action",
      "User: arn:aws:iam::111122223333:user/a is not authorized to perform: bedrock:InvokeModel on resource: arn:aws:bedrock:eu-west-1::foundation-model/anthropic.claude-opus-4-5 with an explicit deny in a service control policy",
      "Model access is denied due to IAM user or service role is not authorized to perform the required AWS Marketplace actions (aws-marketplace:ViewSubscriptions, aws-marketplace:Subscribe) to enable access to this model. Refer to the Amazon Bedrock documentation for further details. Your AWS Marketplace subscription for this model cannot be completed at this time. If you recently fixed this issue, try again after 2 minutes.",
      "Your account is not authorized to invoke this API operation.",
      "You are not authorized to access this resource.",
    ]),
    ...http(403, login, "tokens and keys", [
      "UnrecognizedClientException: The security token included in the request is invalid.",
      "ExpiredTokenException: The security token included in the request is expired",
      "InvalidSignatureException: Signature expired: 20260610T150000Z is now earlier than 20260610T151000Z (20260610T151500Z - 5 min.)",
      "IncompleteSignatureException: Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter.",
      "Missing Authentication Token",
      "InvalidClientTokenId: The security token included in the request is invalid",
      "Authentication failed: Please make sure your API Key is valid.",
      "Invalid API Key format: Must start with pre-defined prefix",
      "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.",
      "Bearer Token has expired",
    ]),
    ...bare(login, "credentials that the SDK does not find", [
      "CredentialsProviderError: Could not load credentials from any providers",
      "Could not load credentials from any providers",
      "Token is expired. To refresh this SSO session run 'aws sso login' with the corresponding profile.",
      "The SSO session token associated with profile=dev was not found or is invalid. To refresh this SSO session run aws sso login with the corresponding profile.",
      "Could not resolve credentials using profile: [dev] in configuration/credentials file(s).",
      "Profile dev could not be found or parsed in shared credentials file.",
      "ExpiredToken: The provided token has expired.",
      "Resolved credential object is not valid",
      "Error when retrieving credentials from process: exit status 1",
      "EC2 Metadata token request returned error",
      "Could not retrieve container metadata: [ECONNREFUSED]",
      "InvalidIdentityToken: No OpenIDConnect provider found in your account for https://oidc.eks.us-east-1.amazonaws.com/id/X",
    ]),
    ...http(400, "model_not_found", "models by a wrong name", [
      "Invocation of model ID anthropic.claude-sonnet-4-5-20250929-v1:0 with on-demand throughput isn't supported. Retry your request with the ID or ARN of an inference profile that contains this model.",
      "The provided model identifier is invalid.",
      "1 validation error detected: Value 'claude sonnet' at 'modelId' failed to satisfy constraint: Member must satisfy regular expression pattern: (arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}:.*)",
      "The provided ARN is invalid for the service region.",
      "Could not resolve the foundation model from the provided model identifier.",
      "The model arn provided is not supported for this operation",
      "This model doesn't support the streaming API with an imported model ARN: model not found",
    ]),
    ...http(404, "model_not_found", "models that are over", [
      "ResourceNotFoundException: This model version has reached the end of its life. Please refer to the AWS documentation for more details.",
      "Access denied. This Model is marked by provider as Legacy and you have not been actively using the model in the last 30 days. Please upgrade to an active model on Amazon Bedrock",
      "ResourceNotFoundException: Could not find the model with the specified model ID.",
      "The model ID provided does not exist in this region.",
    ]),
    ...http(404, denied, "a form that nobody filled in", [
      "Model use case details have not been submitted for this account. Fill out the Anthropic use case details form before using the model. If you have already filled out the form, try again in 15 minutes.",
    ]),
    ...http(400, invalid, "requests that it does not take", [
      "ValidationException: Malformed input request: #: extraneous key [context_management] is not permitted, please reformat your input and try again.",
      "Malformed input request: #: required key [max_tokens] not found, please reformat your input and try again.",
      "invalid beta flag",
      "The maximum tokens you requested exceeds the model limit of 8192. Try again with a maximum tokens value that is lower than 8192.",
      "tools.0.custom.defer_loading: Extra inputs are not permitted",
      "output_config: Extra inputs are not permitted",
    ]),
    ...http(400, "claude_prompt_too_long", "the window", [
      "Input is too long for requested model.",
      "ValidationException: Input is too long for requested model.",
      "The model returned the following errors: input length and `max_tokens` exceed context limit: 190000 + 32000 > 200000, decrease input length or `max_tokens` and try again",
    ]),
  ],
  "Google's statuses": [
    ...http(429, transient, "RESOURCE_EXHAUSTED of a minute", [
      google(
        429,
        "RESOURCE_EXHAUSTED",
        "Quota exceeded for aiplatform.googleapis.com/online_prediction_input_tokens_per_minute_per_base_model with base model: anthropic-claude-opus-4. Please submit a quota increase request. https://cloud.google.com/vertex-ai/docs/generative-ai/quotas-genai.",
      ),
      google(
        429,
        "RESOURCE_EXHAUSTED",
        "Resource exhausted. Please try again later. Please refer to https://cloud.google.com/vertex-ai/generative-ai/docs/error-code-429 for more details.",
      ),
      google(429, "RESOURCE_EXHAUSTED", "Resource has been exhausted (e.g. check quota)."),
      google(
        429,
        "RESOURCE_EXHAUSTED",
        "Quota exceeded for aiplatform.googleapis.com/global_online_prediction_requests_per_base_model with base model: anthropic-claude-sonnet-4-5.",
      ),
    ]),
    ...http(403, denied, "PERMISSION_DENIED", [
      google(
        403,
        "PERMISSION_DENIED",
        "Vertex AI API has not been used in project demo-1 before or it is disabled. Enable it by visiting https://console.developers.google.com/apis/api/aiplatform.googleapis.com/overview?project=demo-1 then retry. If you enabled this API recently, wait a few minutes for the action to propagate to our systems and retry.",
      ),
      google(
        403,
        "PERMISSION_DENIED",
        "Agent Platform API has not been used in project 1234 before or it is disabled.",
      ),
      google(
        403,
        "PERMISSION_DENIED",
        "Permission 'aiplatform.endpoints.predict' denied on resource '//aiplatform.googleapis.com/projects/demo-1/locations/us-east5/publishers/anthropic/models/claude-opus-4-5' (or it may not exist).",
      ),
      google(403, "PERMISSION_DENIED", "Permission denied on resource project demo-1."),
      google(
        403,
        "PERMISSION_DENIED",
        "Request is prohibited by organization's policy. vpcServiceControlsUniqueIdentifier: abc",
      ),
      google(
        403,
        "PERMISSION_DENIED",
        "Caller does not have required permission to use project demo-1. Grant the caller the roles/serviceusage.serviceUsageConsumer role.",
      ),
    ]),
    ...http(403, "claude_billing", "billing is off", [
      google(
        403,
        "PERMISSION_DENIED",
        "This API method requires billing to be enabled. Please enable billing on project #1234 by visiting https://console.developers.google.com/billing/enable?project=1234 then retry.",
      ),
      google(
        403,
        "PERMISSION_DENIED",
        "The billing account for the owning project is disabled in state closed",
      ),
    ]),
    ...http(401, login, "UNAUTHENTICATED", [
      google(
        401,
        "UNAUTHENTICATED",
        "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.",
      ),
      google(
        401,
        "UNAUTHENTICATED",
        "Request is missing required authentication credential. Expected OAuth 2 access token, login cookie or other valid authentication credential.",
      ),
      google(
        401,
        "UNAUTHENTICATED",
        "API keys are not supported by this API. Expected OAuth2 access token or other authentication credentials that assert a principal.",
      ),
    ]),
    ...http(403, login, "scopes", [
      google(403, "PERMISSION_DENIED", "Request had insufficient authentication scopes."),
    ]),
    ...bare(login, "Google's library of logins", [
      "invalid_grant: Bad Request",
      "invalid_grant: Token has been expired or revoked.",
      "Could not load the default credentials. Browse to https://cloud.google.com/docs/authentication/getting-started for more information.",
      "Could not refresh access token: Unsuccessful response status code. Request failed with status code 404",
      "Unable to detect a Project Id in the current environment. To learn more about authentication and Google APIs, visit: https://cloud.google.com/docs/authentication/getting-started",
      "The file at /var/secrets/key.json does not exist, or it is not a file. (GOOGLE_APPLICATION_CREDENTIALS)",
      "error:1E08010C:DECODER routines::unsupported (private key of the service account)",
      "MetadataLookupWarning: received unexpected error: could not refresh access token",
    ]),
    ...http(404, "model_not_found", "Publisher models", [
      google(
        404,
        "NOT_FOUND",
        "Publisher Model `projects/demo-1/locations/us-central1/publishers/anthropic/models/claude-opus-4-5@20251101` was not found or your project does not have access to it. Please ensure you are using a valid model version. For more information, see: https://cloud.google.com/vertex-ai/generative-ai/docs/learn/model-versions",
      ),
      google(
        404,
        "NOT_FOUND",
        "Publisher Model `publishers/anthropic/models/claude-3-opus@20240229` not found.",
      ),
    ]),
    ...http(400, "model_not_found", "models of a project or region", [
      google(
        400,
        "FAILED_PRECONDITION",
        "Publisher Model `projects/demo-1/locations/europe-west9/publishers/anthropic/models/claude-sonnet-4-5` is not servable in region europe-west9.",
      ),
      google(
        400,
        "INVALID_ARGUMENT",
        "Project `1234` is not allowed to use Publisher Model `projects/demo-1/locations/global/publishers/anthropic/models/claude-opus-4-6`: model is not supported in this location",
      ),
    ]),
    ...http(400, denied, "policies", [
      google(400, "FAILED_PRECONDITION", "User location is not supported for the API use."),
      google(
        400,
        "FAILED_PRECONDITION",
        "Organization Policy constraint constraints/vertexai.allowedModels violated for `projects/1234` attempting to use a disallowed Gen AI model claude-opus-4-5.",
      ),
    ]),
    ...http(503, transient, "UNAVAILABLE", [
      google(503, "UNAVAILABLE", "The service is currently unavailable."),
      google(
        503,
        "UNAVAILABLE",
        "Visibility check was unavailable. Please retry the request and contact support if the problem persists",
      ),
    ]),
    ...http(504, transient, "DEADLINE_EXCEEDED", [
      google(504, "DEADLINE_EXCEEDED", "Deadline expired before operation could complete."),
    ]),
    ...http(499, transient, "CANCELLED", [google(499, "CANCELLED", "The operation was cancelled.")]),
    ...http(400, invalid, "near miss: INVALID_ARGUMENT", [
      google(400, "INVALID_ARGUMENT", "Request contains an invalid argument."),
    ]),
  ],
  "Azure's and Foundry's": [
    ...http(401, login, "keys", [
      JSON.stringify({
        error: {
          code: "401",
          message:
            "Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for an active subscription and use a correct regional API endpoint for your resource.",
        },
      }),
      JSON.stringify({
        statusCode: 401,
        message:
          "Unauthorized. Access token is missing, invalid, audience is incorrect (https://cognitiveservices.azure.com), or have expired.",
      }),
      JSON.stringify({
        error: {
          code: "Unauthorized",
          message:
            "Access token is missing, invalid, audience is incorrect (https://ai.azure.com), or have expired.",
        },
      }),
      JSON.stringify({
        statusCode: 401,
        message:
          "Access denied due to missing subscription key. Make sure to include subscription key when making requests to an API.",
      }),
    ]),
    ...http(401, denied, "roles", [
      JSON.stringify({
        error: { code: "PermissionDenied", message: "Principal does not have access to API/Operation." },
      }),
      JSON.stringify({
        error: {
          code: "PermissionDenied",
          message:
            "The principal `x` lacks the required data action `Microsoft.CognitiveServices/accounts/OpenAI/deployments/chat/completions/action` to perform `POST /anthropic/v1/messages` operation.",
        },
      }),
    ]),
    ...http(403, denied, "networks and keys that are switched off", [
      JSON.stringify({
        error: { code: "AccessDenied", message: "Access denied due to Virtual Network/Firewall rules." },
      }),
      JSON.stringify({
        error: { code: "403", message: "Public access is disabled. Please configure private endpoint." },
      }),
      JSON.stringify({
        error: {
          code: "AuthenticationTypeDisabled",
          message: "Key based authentication is disabled for this resource.",
        },
      }),
    ]),
    ...http(404, "model_not_found", "deployments", [
      JSON.stringify({
        error: {
          code: "DeploymentNotFound",
          message:
            "The API deployment for this resource does not exist. If you created the deployment within the last 5 minutes, please wait a moment and try again.",
        },
      }),
      JSON.stringify({ error: { code: "unknown_model", message: "Unknown model: claude-opus-9" } }),
    ]),
    ...http(400, "model_not_found", "models", [
      JSON.stringify({ error: { code: "unavailable_model", message: "Unavailable model: claude-opus-4-5" } }),
      JSON.stringify({
        error: {
          code: "OperationNotSupported",
          message:
            "The messages operation does not work with the specified model, gpt-4o. Please choose different model and try again.",
        },
      }),
    ]),
    ...http(404, wrong, "addresses", [
      JSON.stringify({ error: { code: "404", message: "Resource not found" } }),
      JSON.stringify({ error: { code: "api_not_supported", message: "API version not supported" } }),
    ]),
    ...http(429, transient, "rates, which name a tier", [
      JSON.stringify({
        error: {
          code: "429",
          message:
            "Requests to the ChatCompletions_Create Operation under Azure OpenAI API version 2024-02-01 have exceeded token rate limit of your current OpenAI S0 pricing tier. Please retry after 60 seconds. Please go here: https://aka.ms/oai/quotaincrease if you would like to further increase the default rate limit.",
        },
      }),
      JSON.stringify({
        error: {
          code: "RateLimitReached",
          message:
            "Your requests to claude-opus-4-5 for claude-opus-4-5 in East US 2 have exceeded the token rate limit for your current AIServices S0 pricing tier. This request was for ChatCompletions_Create under Azure. Please retry after 3 seconds.",
        },
      }),
      JSON.stringify({
        error: {
          code: "too_many_requests",
          message:
            "Too Many Requests. You have exceeded the request limit for this deployment. Try again in 12 seconds.",
        },
      }),
    ]),
    ...http(
      403,
      "provider_quota",
      "a volume that comes back",
      [
        JSON.stringify({
          error: { code: "403", message: "Out of call volume quota. Quota will be replenished in 23:12:05." },
        }),
      ],
      { notBefore: "2026-06-11T14:12:05.000Z" },
    ),
    ...bare(login, "Entra's", [
      "ChainedTokenCredential authentication failed. CredentialUnavailableError: EnvironmentCredential is unavailable.",
      "CredentialUnavailableError: Please run 'az login' from a command prompt to authenticate before using this credential.",
      "AADSTS700024: Client assertion is not within its valid time range.",
      "WorkloadIdentityCredential: is unavailable. tenantId, clientId, and federatedTokenFilePath are required parameters.",
      "ManagedIdentityCredential authentication failed. Message: no managed identity endpoint was found",
    ]),
  ],
};
