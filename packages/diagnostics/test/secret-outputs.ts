/** Made of pieces, so that no scanner takes this file for a leak. */
export const secret = ["mX4q", "8vTz", "2Kd9", "wRb7"].join("");
const letters = ["PwLy", "Ekut", "VbIT"].join("");
const hash = ["ff57a432", "985145ae", "fe18b6c7", "1c89f70f"].join("");

/** A kind of output, as programs print it, and the secret in it. */
export const outputs: readonly (readonly [kind: string, text: string, secret?: string])[] = [
  // Colours stand between a name and its value.
  ["a coloured object", `{ host: \u001B[32m'db'\u001B[39m, password: \u001B[32m'${secret}'\u001B[39m }`],
  [
    "JSON in jq's colours",
    `\u001B[34;1m"password"\u001B[0m\u001B[1;39m:\u001B[0m \u001B[0;32m"${secret}"\u001B[0m`,
  ],
  ["a coloured log", `\u001B[36mtoken=\u001B[0m${secret} \u001B[36mtook=\u001B[0m12ms`],
  ["what a search has marked", `.env:3:DB_\u001B[01;31m\u001B[KPASSWORD\u001B[m\u001B[K=${secret}`],
  ["colours as a shell writes them", String.raw`\e[1mpassword\e[0m: \e[33m${secret}\e[0m`],
  // Columns of a table.
  ["a table of psql", ` id |   api_key   \n----+-------------\n  1 | ${secret}\n(1 row)`],
  ["its second row", ` id | api_key | a\n----+---------+---\n  1 |         | b\n  2 | ${secret} | c\n`],
  [
    "a table of mysql",
    `+----+---------+\n| id | api_key |\n+----+---------+\n|  1 | ${secret} |\n+----+---------+`,
  ],
  ["a table in Markdown", `| User | Password |\n|------|:--------:|\n| ann  | \`${secret}\` |`],
  [
    "a table of boxes",
    `┌──────┬──────────┐\n│ name │ token    │\n├──────┼──────────┤\n│ a    │ ${secret} │\n├──────┼──────────┤\n│ b    │ x        │\n└──────┴──────────┘`,
  ],
  [
    "columns under dashes",
    `Name    PrimaryKey            Age\n------  --------------------  ---\nredis1  ${secret}      3d`,
  ],
  [
    "columns under capitals",
    `NAME    TOKEN                 AGE\nredis1  ${secret}      3d\nredis2  <none>                3d`,
  ],
  // An argument, or a sentence, that nothing but a password can be at.
  [
    "a whole frame of PHP",
    `PDO->__construct('mysql:host=127.0.0.1;dbname=a', 'forge', '${letters}', Array)`,
    letters,
  ],
  [
    "a password that a program has made",
    `A temporary password is generated for root@localhost: gfO37;PsZkar`,
    "gfO37;PsZkar",
  ],
  ["of another program", `Generated password for user admin: ${letters}7\nNext.`, letters],
  [
    "letters alone beside a name",
    `Injecting variable : APP_DbPassword, value : ${letters}Bi`,
    `${letters}Bi`,
  ],
  // A file of values, whose first line names them.
  ["values with commas", `username,password,role\nann,${secret},admin\nbob,x,viewer`],
  ["its second row", `username,password,role\nann,,admin\nbob,${secret},viewer\n`],
  ["values with tabs", `id\tuser\tapi_token\n1\tann\t${hash}\n2\tbob\t${hash}`, hash],
  [
    "keys of a cloud",
    `CreationTime          KeyName    Permissions    Value\n--------------------  ---------  -------------  -----\n2026-01-01T10:00:00Z  key1       FULL           ${secret}`,
  ],
  // A name and its value in two lines, or two elements.
  ["a vector of R", `$host\n[1] "db"\n\n$password\n[1] "${secret}"\n`],
  ["a constructor without quotes", `Settings(prod,AuthToken(${secret}),30 seconds)`],
  ["a reply of Redis", `1) "requirepass"\n2) "${secret}"\n3) "x"`],
  ["an element named as a value", `<Password>\n  <Value>${secret}</Value>\n</Password>`],
  ["a message of protocol buffers", `auth_token {\n  value: "${secret}"\n  ttl_seconds: 3600\n}`],
  ["a setting in a namespace", `aws:region        eu-1\nshop:dbPassword   S3wVSO5EgKJA`, "S3wVSO5EgKJA"],
  ["a stored key of a database", `storedKey: '${hash}=',`, hash],
  // What one side of a protocol says.
  ["a login of a file server", `< 331 Password required for bob\n> PASS ${secret}\n< 230 Logged on`],
  [
    "a login of a chat server",
    `[{<<"mechanism">>,<<"PLAIN">>}],[{xmlcdata,<<"${btoa(`\0ingmar\0${secret}`)}">>}]`,
    btoa(`\0ingmar\0${secret}`),
  ],
  // The answer to a command.
  [
    "a command that makes a key",
    `$ wg genkey\n${btoa(secret + secret).slice(0, 43)}=\n$ ls`,
    btoa(secret + secret).slice(0, 43),
  ],
  ["a command that shows a variable", `$ echo $GITHUB_TOKEN\n${secret}\n$ ls`],
  ["a command that shows a file", `$ cat /run/secrets/db\n${secret}\n$ ls`],
  ["a command that makes a token", `$ kubectl -n a create token b\n${secret}${secret}\n`],
  ["a ticket of a login", `GET /login/cas?service=x&ticket=ST-1856339-${secret}aB HTTP/1.1`],
  ["a key of a store of vectors", `Pinecone("${["pcsk", secret, secret].join("_")}")`],
  ["a key of a model of embeddings", `VOYAGE="${["pa", secret + secret].join("-")}"`],
  // Addresses whose path is the key.
  ["a node of a chain", `rpc: https://eth-mainnet.g.alchemy.com/v2/${secret}`],
  ["another node", `https://mainnet.infura.io/v3/${hash}`, hash],
  [
    "a private calendar",
    `https://calendar.google.com/calendar/ical/a%40b.com/private-${hash}/basic.ics`,
    hash,
  ],
];

/** What looks like one of them, and stays. */
export const nearMisses: readonly (readonly [kind: string, text: string])[] = [
  [
    "coloured words",
    "\u001B[32mpassword\u001B[39m: \u001B[33mrequired\u001B[39m, \u001B[1mtoken\u001B[0m count: 123",
  ],
  ["a column of something else", ` id | commit \n----+---------\n  1 | ${hash}\n(1 row)`],
  ["a column of public keys", `| host | public key |\n|------|------|\n| a | ${hash} |`],
  [
    "a table that explains",
    "| Token | Meaning |\n|-------|---------|\n| `$1` | the first |\n| `sha256` | a hash |",
  ],
  ["names of secrets", "NAME        TYPE     DATA   AGE\ndb-secret-1  Opaque   2      3d"],
  ["a column that counts", "| model | tokens |\n|---|---|\n| a-1 | 123456789 |"],
  ["values of something else", "name,commit,role\nann,ff57a432985145aefe18b6c71c89f70f,admin"],
  ["a list of words", "user,token,password\nand more of a text"],
  ["a test that passed", "PASS src/a1b2.test.ts\n> PASS src/auth/login2.test.ts\nPASS 12 tests"],
  ["a command that shows something else", "$ cat docs/readme1.md\nabcdef1234567890abcd\n$ ls"],
  ["a reply about something else", `1) "maxmemory"\n2) "${hash}"`],
  [
    "a column of values",
    "Name   Kind   Value\n-----  -----  -----\na      b      ff57a432985145aefe18b6c71c89f70f",
  ],
  ["a call with a variable", "createToken(authentication1), AuthToken(kind, 30)"],
  ["joined words", "passwordField: 'confirmPasswordField', tokenKind: isTypeOfThis"],
  ["columns of a help text", "  password      The password, at least 8 characters\n  token   optional"],
  ["plain words", "PLAIN ACCOUNTING or PLAIN text: ADDITIONAL information"],
  ["a frame without a password", "PDO->__construct('mysql:host=127.0.0.1', 'forge', '$password', Array)"],
  ["a sentence about a user", "Invalid new password for user: bob1234"],
  ["an address with a version", "https://docs.infura.io/v3/getting-started-with-accounts"],
];
