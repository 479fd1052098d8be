import { isWord, looksOf } from "./looks.ts";
import type { Has } from "./occurrence.ts";
import type { Range } from "./range.ts";

const blank = "[ \\t]{1,4}";
const quote = String.raw`\\{0,7}["']?`;
/** An argument that is no secret: a file, a host, a user. */
const other = String.raw`${quote}[^\0- "'\\|;&]{1,100}${quote}${blank}`;
const flags = String.raw`(?:-{1,2}\w[\w-]{0,30}${blank}){0,4}`;
/** Everything of the same command in front of a flag. */
const anything = String.raw`[^\n|;&]{0,200}?(?<= )`;
const user = String.raw`${quote}[\w.@-]{1,80}`;
const hashing = String.raw`(?:-\w{1,6}${blank}(?:\d{1,2}${blank})?)`;

/** Passwords that common programs take as an argument without a name: what stands in front of each. */
const heads = [
  // After a flag of one letter; some take a user before it, or a cookie's name.
  String.raw`(?:curl|mysql\w{0,9}|mongo\w{0,9}|sshpass|(?:docker|podman|nerdctl|buildah|skopeo|oras|registry|oc|az|acr|auth) login|redis-cli|7z\w?|unzip|zip|cqlsh|clickhouse-client|twine upload|couchbase-cli|beeline|user(?:add|mod)|sqlcmd|bcp|mosquitto_[ps]ub|ipmitool|plink|pscp) ${anything}-(?:[paP] ?|(?:u|-user)[ =]?${user}:|(?:b|-cookie) ${quote}[\w.-]{1,64}=)`,
  String.raw`(?:ldap\w{3,9}|kadmin(?:\.local)?) ${anything}-w `,
  String.raw`snmp\w{3,12} ${anything}-[AXc] `,
  String.raw`(?:snmp-server |r[ow]|com2sec6? \S{1,40} \S{1,40} )community `,
  String.raw`net use (?:\w: )?\\{2,16}\S{1,100} `,
  String.raw`LOGIN \\{0,7}"?[\w.@+-]{1,80}\\{0,7}"? `,
  String.raw`(?:user add|user create|add-?user|create-?user) ${user}:`,
  String.raw`(?:IDENTIFIED BY|identified by) `,
  // Of whatever program.
  String.raw`(?<= )-[uUa] ?${user}:`,
  String.raw`ssh-keygen ${anything}-N `,
  String.raw`gh secret set ${anything}(?:-b|--body)[ =]`,
  String.raw`x?freerdp ${anything}/p:`,
  String.raw`nmcli ${anything}password `,
  // By their place.
  String.raw`ConvertTo-SecureString(?: -String)? `,
  String.raw`(?:poetry|composer) config${blank}${flags}(?:http-basic[. ][\w.-]{1,100}${blank}${other}|(?:[\w-]{0,20}token|github-oauth|bearer)\.[\w.-]{1,100}${blank})`,
  String.raw`mc(?:li)? (?:(?:alias set|config host add)${blank}${other}${other}${other}|admin user add${blank}${other}${other})`,
  // Between a file and a user, unless the result is only printed.
  String.raw`htpasswd${blank}(?=${hashing}{0,3}-\w{0,5}b)(?:(?=${hashing}{0,3}-\w{0,5}n)|(?!${hashing}{0,3}-\w{0,5}n)(?=${hashing}{1,4}${other}${other}[^- ]))${hashing}{1,4}(?:${other}){1,2}`,
  String.raw`mosquitto_passwd${blank}${hashing}{1,4}${other}${other}`,
  String.raw`rabbitmqctl${blank}(?:-\w ${other})?(?:add_user|change_password|authenticate_user)${blank}${other}`,
  String.raw`(?:rclone obscure|cloudflared service install|vault login|wpa_passphrase${blank}[\w"'-]{1,60}|net user [\w.-]{1,40}|sentinel auth-pass [\w.-]{1,60}|insecure-password|enable (?:secret|password)(?: \d{1,2})?|redis-cli [^\n|;&]{0,100}?(?:AUTH|auth)(?: [\w-]{1,20})?)${blank}`,
  String.raw`username [\w.-]{1,40} (?:privilege \d{1,2} )?(?:password|secret) (?:\d{1,2} )?`,
  String.raw`ACL SETUSER [^\n|;&]{0,100}?(?<= )>`,
  String.raw`createUser [\w.-]{1,40} (?:MD5|SHA[\d-]{0,4}) `,
  String.raw`(?:AES|DES)[\d-]{0,4} (?<=createUser [^\n]{1,150})`,
  // A user and a password, with a sign between them.
  String.raw`(?:https?|xh|ab|wget) ${anything}-[uaAU] ?${user}:`,
  String.raw`(?<= )--(?:user|(?:src-|dest-)?creds|userpass|basic-auth|proxy-user|http-auth)[ =]${user}:`,
  String.raw`(?:smb\w{3,9}|rpcclient|winexe) ${anything}-U ?${quote}[\w.@\\/-]{1,80}%`,
  String.raw`lftp ${anything}-u ${user},`,
  String.raw`(?:sqlplus|expdp|impdp|sqlldr) ${flags}${quote}[\w$]{1,40}/`,
  String.raw`bundle config${blank}${flags}(?:set${blank}${flags})?${other}${user}:`,
  String.raw`BUNDLE_\w{2,80}${quote}[=:] ?${user}:`,
  String.raw`stats auth${blank}${user}:`,
  String.raw`(?<= )-?-pass(?:in|out)?[ =]pass:`,
  String.raw`cache_peer [^\n]{1,150}?login=${user}:`,
  String.raw`(?:cargo login|rootpw(?: --\w{5,9}){0,2}|schtasks [^\n|;&]{1,200}? /rp)${blank}`,
];
/** Not in the middle of a word; the one letter before it may be of an escape. */
const wordBegin = "(?<![A-Za-z][A-Za-z])";
/** Without one of these there is none, and they are found faster; of programs with common flags only those are looked for. */
const signs =
  " -u, -U, -a, -A, -p, -P, -b, -w,--user,--cookie,--basic,creds,--proxy,--http-auth,cache_peer,cargo login,rootpw,schtasks,IDENTIFIED BY,identified by,ACL SETUSER,LOGIN,BUNDLE_,SecureString,bundle config,cloudflared,composer,createUser,enable password,enable secret,expdp,impdp,freerdp,gh secret,htpasswd,insecure-,mc a,mc config,mcli ,net us,nmcli,pass:,poetry,rabbitmqctl,rclone,redis-cli,sentinel,community,snmp,sqlldr,sqlplus,ssh-keygen,stats auth,user add,user create,adduser,add-user,create-user,createuser,username ,vault login,wpa_".split(
    ",",
  );
const argument = new RegExp(
  String.raw`${wordBegin}(?:${heads.join("|")})(${quote})([^\0- "'\\]{5,256})`,
  "g",
);

/** Where nothing but a password can stand, so that a word is one, too. */
const afterUser = /(?:sshpass -p ?|-(?:u|-user)[ =]?[^\s:]{1,80}:)["']?$/;

/** The arguments of a program as a list, which errors and traces print. */
const list =
  /\[(?:\s|\\{1,7}n){0,20}(?:\\{0,7}["'][^"'\n\\]{0,200}\\{0,7}["'],?(?:\s|\\{1,7}n){0,20}){3,60}\]/g;
const item = /["']([^"'\n\\]{0,200})\\{0,7}["'],?/g;

/** Finds passwords by their place among the arguments of a known program or the words of a known directive. */
export function findArguments(text: string, has: Has): readonly Range[] {
  const ranges = signs.some(has) ? [...argumentsIn(text)] : [];
  if (has("'-") || has('"-'))
    for (const { index, 0: whole } of text.matchAll(list)) ranges.push(...listedArguments(whole, index));
  return ranges;
}

/** As if the list were one line with blanks; what is found is in one of its items. */
function listedArguments(whole: string, offset: number): readonly Range[] {
  const items = Array.from(whole.matchAll(item), ({ index, 1: content = "" }) => ({
    at: offset + index + 1,
    content,
  }));
  const ranges: Range[] = [];
  const found = argumentsIn(items.map(({ content }) => content).join(" "));
  let start = 0;
  for (const { at, content } of items) {
    for (const range of found)
      if (range.start >= start && range.end <= start + content.length)
        ranges.push({ ...range, start: range.start - start + at, end: range.end - start + at });
    start += content.length + 1;
  }
  return ranges;
}

function argumentsIn(text: string): readonly Range[] {
  const ranges: Range[] = [];
  for (const { index, 0: whole, 2: password = "" } of text.matchAll(argument))
    if (
      looksOf(password, false) > 0 ||
      (afterUser.test(whole.slice(0, -password.length)) && isWord(password))
    )
      ranges.push({
        start: index + whole.length - password.length,
        end: index + whole.length,
        label: "password",
      });
  return ranges;
}
