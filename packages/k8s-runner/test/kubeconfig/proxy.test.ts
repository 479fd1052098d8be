/** Which proxy leads to the API server, row by row as Go's programs and so kubectl decide it. */

import { expect, test } from "vitest";
import { leadsThroughProxy, proxyFor } from "../../src/cluster/kubeconfig/proxy.ts";
import { InvalidKubeconfigError } from "../../src/index.ts";

const name = "k";
const server = "https://api.example.com:6443";
const proxy = "http://proxy:3128";

test.each([
  ["nothing is set", server, null, {}, null],
  ["proxy-url", server, proxy, {}, proxy],
  ["proxy-url goes before the environment", server, proxy, { HTTPS_PROXY: "http://other:1" }, proxy],
  ["proxy-url asks no NO_PROXY", server, proxy, { NO_PROXY: "*" }, proxy],
  ["a proxy over TLS", server, "https://proxy:3129", {}, "https://proxy:3129"],
  ["HTTPS_PROXY", server, null, { HTTPS_PROXY: proxy }, proxy],
  ["https_proxy", server, null, { https_proxy: proxy }, proxy],
  ["the upper case goes first", server, null, { HTTPS_PROXY: proxy, https_proxy: "http://other:1" }, proxy],
  ["an empty variable is none", server, null, { HTTPS_PROXY: "", https_proxy: proxy }, proxy],
  ["HTTP_PROXY is not for https", server, null, { HTTP_PROXY: proxy }, null],
  ["HTTP_PROXY is for http", "http://api.example.com", null, { HTTP_PROXY: proxy }, proxy],
  ["HTTPS_PROXY is not for http", "http://api.example.com", null, { HTTPS_PROXY: proxy }, null],
  ["without a scheme", server, null, { HTTPS_PROXY: "proxy:3128" }, proxy],
  ["SOCKS5", server, "socks5://proxy:1080", {}, "socks5://proxy:1080"],
  ["SOCKS5 of the environment", server, null, { HTTPS_PROXY: "socks5://proxy" }, "socks5://proxy"],
  ["its other name there", server, null, { https_proxy: "socks5h://proxy:1" }, "socks5h://proxy:1"],
  ["NO_PROXY", server, null, { HTTPS_PROXY: proxy, NO_PROXY: "example.com" }, null],
  ["no_proxy", server, null, { HTTPS_PROXY: proxy, no_proxy: "example.com" }, null],
] as const)("%s", (_name, address, proxyUrl, environment, wanted) => {
  expect(proxyFor({ name, server: address, proxyUrl }, environment)).toBe(wanted);
});

test.each([
  ["socks5h://proxy:1080", null, {}, "proxy-url"],
  ["socks4://proxy:1080", null, {}, "proxy-url"],
  ["socks://proxy:1080", null, {}, "proxy-url"],
  ["ftp://proxy", null, {}, "proxy-url"],
  ["http://", null, {}, "proxy-url"],
  ["proxy:3128", null, {}, "proxy-url"],
  ["127.0.0.1:3128", null, {}, "proxy-url"],
  [null, null, { HTTPS_PROXY: "socks4://proxy:1080" }, "HTTPS_PROXY"],
  [null, null, { https_proxy: "ftp://proxy" }, "https_proxy"],
] as const)("%s and %s are refused: %j", (proxyUrl, _none, environment, field) => {
  const refused = (): unknown => {
    try {
      return proxyFor({ name, server, proxyUrl }, environment);
    } catch (error) {
      return error;
    }
  };
  const error = refused();
  expect(InvalidKubeconfigError.isInstance(error)).toBe(true);
  expect(error).toMatchObject({ field });
});

const secret = ["pass", "word"].join("-");
const setting = 'clusters["k"].cluster.proxy-url of the kubeconfig';

/** Go's url.Parse, and so kubectl, takes no % without two hexadecimal digits; what is not UTF-8 cannot be sent from here. */
test.each([
  ["in the password for SOCKS", `socks5://me:${secret}%ss@proxy`, {}, setting, "password"],
  ["at its end", `socks5://me:${secret}%@proxy`, {}, setting, "password"],
  ["that is not UTF-8", `socks5://me:${secret}%FF@proxy`, {}, setting, "password"],
  ["in the user", `socks5://m%e:${secret}@proxy`, {}, setting, "user"],
  ["in the password for HTTP", `http://me:${secret}%ss@proxy`, {}, setting, "password"],
  ["over TLS", `https://me:${secret}%ss@proxy`, {}, setting, "password"],
  ["of the environment", null, { HTTPS_PROXY: `http://me:${secret}%ss@proxy` }, "HTTPS_PROXY", "password"],
  ["there without a scheme", null, { https_proxy: `me:${secret}%ss@proxy:1` }, "https_proxy", "password"],
] as const)(
  "a broken percent sequence %s is refused with what to write",
  (_, proxyUrl, environment, place, part) => {
    const refuse = (): unknown => proxyFor({ name, server, proxyUrl }, environment);
    const message = `${place} has a % in its ${part} that begins no percent-encoded character of UTF-8; write the ${part} percent-encoded, a % itself as %25`;
    const field = proxyUrl === null ? place : "proxy-url";
    expect(refuse).toThrow(expect.objectContaining({ name: "InvalidKubeconfigError", field, message }));
  },
);

test("what is percent-encoded is taken", () => {
  const proxyUrl = `socks5://me:${secret}%25s%C3%A9@proxy`;
  expect(proxyFor({ name, server, proxyUrl }, {})).toBe(proxyUrl);
});

test("a password in a proxy's address is not repeated", () => {
  expect(() => proxyFor({ name, server, proxyUrl: `socks4://me:${secret}@proxy` }, {})).toThrow(
    expect.not.objectContaining({ message: expect.stringContaining(secret) }),
  );
});

/** Address, NO_PROXY, whether the proxy is used. */
test.each([
  ["https://api.example.com:6443", "", true],
  ["https://api.example.com:6443", "*", false],
  ["https://api.example.com:6443", "other.com, api.example.com", false],
  ["https://api.example.com:6443", "example.com", false],
  ["https://api.example.com:6443", ".example.com", false],
  ["https://example.com", ".example.com", true],
  ["https://example.com", "example.com", false],
  ["https://notexample.com", "example.com", true],
  ["https://api.example.com", "*.example.com", false],
  ["https://api.EXAMPLE.com", "Example.COM", false],
  ["https://api.example.com.", "example.com", false],
  ["https://api.example.com:6443", "api.example.com:6443", false],
  ["https://api.example.com:6443", "api.example.com:443", true],
  ["https://api.example.com", "api.example.com:443", false],
  ["http://api.example.com", "api.example.com:80", false],
  ["https://10.1.2.3:6443", "10.1.2.3", false],
  ["https://10.1.2.3:6443", "10.1.2.3:6443", false],
  ["https://10.1.2.3:6443", "10.1.2.3:443", true],
  ["https://10.1.2.3:6443", "10.0.0.0/8", false],
  ["https://11.1.2.3:6443", "10.0.0.0/8", true],
  ["https://10.1.2.3:6443", "10.0.0.0/33", true],
  ["https://10.1.2.3:6443", "10.0.0.0/", true],
  ["https://api.example.com", "10.0.0.0/8", true],
  ["https://[fd00::1]:6443", "fd00::/8", false],
  ["https://[fd00::1]:6443", "fd00::1", false],
  ["https://[fd00::1]:6443", "[fd00::1]", false],
  ["https://[fd00::1]:6443", "[fd00::1]:6443", false],
  ["https://[fd00::1]:6443", "[fd00::1]:443", true],
  ["https://[fe00::1]:6443", "fd00::/8", true],
  ["https://localhost:6443", "", false],
  ["https://127.0.0.1:6443", "", false],
  ["https://127.8.9.1:6443", "", false],
  ["https://[::1]:6443", "", false],
])("%s without %j: %s", (address, withoutProxy, wanted) => {
  expect(leadsThroughProxy(new URL(address), withoutProxy)).toBe(wanted);
});
