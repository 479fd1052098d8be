import { secret } from "./secret-outputs.ts";

const id = ["5b1e8c3d-", "7f42-4a9b-", "b6d0-", "92c4e17fa835"].join("");
const hash = ["7d1f0a9c", "3be84652", "c07d91ef", "5a2b648d"].join("");
const phrase = ["correct horse", "battery", "staple"].join(" ");
const base64 = btoa(secret);
const letters = secret.split("").join(", ");

/** Where single programs put a secret of which no name with a sign after it tells, after each one's own output or documentation. */
export const programOutputs: readonly (readonly [kind: string, text: string, secret?: string])[] = [
  ["the first of ssh-keygen's passphrases", `ssh-keygen -p -P ${secret} -N x -f id_ed25519`],
  ["gpg's passphrase of words", `gpg --batch --passphrase '${phrase}' -d f.gpg`, phrase],
  ["sonar's login", `mvn -B sonar:sonar -Dsonar.login=${secret} -Dsonar.host.url=https://s.example`],
  ["a variable of a pipeline", `##vso[task.setvariable variable=DbPwd;isOutput=true]${secret}`],
  [
    "a value of the registry",
    `    DefaultUserName    REG_SZ    ann\n    DefaultPassword    REG_SZ    ${secret}\n`,
  ],
  ["reg add", String.raw`reg add "HKLM\SOFTWARE\Winlogon" /v DefaultPassword /t REG_SZ /d ${secret} /f`],
  ["NickServ", `/msg NickServ IDENTIFY ann ${secret}`],
  ["a user of JAAS", `PlainLoginModule required username="ann" user_admin="${secret}";`],
  ["a list of bare words in YAML", `command: [redis-server, --requirepass, ${secret}, --port, "6380"]`],
  ["a channel of conda", `https://conda.anaconda.org/t/ab-${id}/acme/linux-64/repodata.json`, id],
  [
    "the websocket protocol of Kubernetes",
    `v4.channel.k8s.io, base64url.bearer.authorization.k8s.io.${secret}`,
  ],
  [
    "a part of a form with its type",
    `--b1\r\nContent-Disposition: form-data; name="api_token"\r\nContent-Type: text/plain\r\n\r\n${secret}\r\n--b1--`,
  ],
  ["an address of MySQL in Go", `&config.DB{DSN:"app:${secret}@tcp(10.0.0.3:3306)/shop", MaxIdle:4}`],
  ["a parsed address in Go", `&{Scheme:https Opaque: User:app:${secret} Host:db.example.com Path:/x}`],
  ["a jar of Python", `<RequestsCookieJar[<Cookie sessionid=${secret} for example.com/>]>`],
  ["a pair as an argument", `kwargs={'timeout': 30, 'auth': ('ann', '${secret}'), 'verify': True}`],
  ["a variant of Rust", `auth: Basic("ann", Some("${secret}")), timeout: 30s`],
  ["a frame of PHP", `#1 /app/auth.php(17): ldap_bind(Resource id #4, 'cn=admin,dc=a', '${secret}')`],
  ["characters of Java", `LoginRequest(user=ann, password=[${letters}])`, letters],
  ["a hash of Werkzeug", `('ann@example.com', 'pbkdf2:sha256:600000$Xk2pQw9z$${hash}${hash}')`, hash],
  ["a shell's trace with blanks", `+ local 'registry_password=${phrase}'\n+ docker pull a`, phrase],
  ["secrets of IPsec", `10.0.0.1 %any : PSK "${secret}"\nann : EAP "x"`],
  ["chap-secrets", `# client\tserver\tsecret\tIP addresses\nann\tpptpd\t"${secret}"\t*`],
  [
    "a static key of OpenVPN",
    `-----BEGIN OpenVPN Static key V1-----\n${hash}\n${hash}\n-----END OpenVPN Static key V1-----`,
    hash,
  ],
  ["Subversion's cache", `K 8\npassword\nV 16\n${secret}\nK 8\nusername\nV 3\nann\nEND`],
  ["a described configmap", `Name:  app\nData\n====\ndb-password:\n----\n${secret}\n\nhost:\n----\nx\n`],
  ["a wireless profile", `<protected>false</protected>\n<keyMaterial>${secret}</keyMaterial>\n</sharedKey>`],
  [
    "a validation error of pydantic",
    `1 validation error for Settings\ndb_password\n  String should have at least 20 characters [type=string_too_short, input_value='${secret}', input_type=str]\n    For further information visit https://errors.pydantic.dev/2.9/v/string_too_short`,
  ],
  [
    "one with the path of a nested field",
    `1 validation error for Config\nservers.0.api_key\n  Value error, not a key [type=value_error, input_value='${secret}', input_type=str]`,
  ],
  ["a password that MySQL is told", `mysql> SET PASSWORD FOR 'ro'@'%' = '${secret}';\nQuery OK`],
  ["the same by its function", `SET PASSWORD FOR ro@localhost = PASSWORD('${secret}');`],
  [
    "a .netrc of several lines",
    `machine git.example.com\n  login deploy\n  password ${phrase.split(" ")[0]}-17#b\n`,
    `${phrase.split(" ")[0]}-17#b`,
  ],
  [
    "a key of a storage account",
    `[\n  {\n    "creationTime": "2026-04-01T08:00:00+00:00",\n    "keyName": "key1",\n    "permissions": "FULL",\n    "value": "${hash}${hash}=="\n  }\n]`,
    hash,
  ],
  [
    "a header at the begin of a text",
    `authorization: ${letters.slice(0, 1)}bc-17-def-45\nhost: x`,
    `${letters.slice(0, 1)}bc-17-def-45`,
  ],
  ["an anchor of YAML", `db: &db\n  user: ann\n  password: &dbpw ${secret}\nother: *dbpw`],
  [
    "smtplib's trace",
    String.raw`reply: retcode (334); Msg: b'UGFzc3dvcmQ6'` + `\nsend: '${base64}\\r\\n'\nreply: b'235 ok'`,
    base64,
  ],
];

export const programNearMisses: readonly (readonly [kind: string, text: string])[] = [
  [
    "the name of a secret in a store",
    `secret_arn = "arn:aws:secretsmanager:eu-west-1:1234:secret:prod/db-AbC123"`,
  ],
  ["a question and another line", "password:\n----\n\nhost:\n----\ndb.example.com\n"],
  [
    "a validation error of a field that is no secret",
    "1 validation error for Settings\nregion\n  Input should be 'eu' or 'us' [type=enum, input_value='antarctica-1', input_type=str]",
  ],
  [
    "the scheme of a signature",
    "Host: ec2.example\nAuthorization: AWS4-HMAC-SHA256 SignedHeaders=host;x-amz-date\nAccept: */*",
  ],
  ["a type of the registry", "    PasswordPolicy    REG_DWORD    0x1\n"],
  ["a list of flags", "args: [--password-file, /run/secrets/db, --port, 6380]"],
  ["a parsed address without a password", "&{Scheme:https Opaque: User:app Host:db.example.com Path:/x}"],
  [
    "a part of a form",
    `form-data; name="comment"\r\nContent-Type: text/plain\r\n\r\nversion-2026.11\r\n--b1--`,
  ],
];
