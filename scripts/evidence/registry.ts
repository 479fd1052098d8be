import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A registry on loopback (which containerd asks in plain HTTP) that has no image and refuses each in its own way. */
export async function startRefusingRegistry(): Promise<{ readonly address: string; close(): void }> {
  const server = createServer((request, response) => {
    const refusal = refusalFor(request.url ?? "");
    response.writeHead(refusal.status, { "content-type": "application/json", ...refusal.headers });
    response.end(JSON.stringify({ errors: [{ code: refusal.code, message: refusal.message }] }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `127.0.0.1:${port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly headers: Readonly<Record<string, string>>;
}

function refusalFor(url: string): Refusal {
  if (url.startsWith("/v2/private/")) {
    const headers = { "www-authenticate": 'Basic realm="registry"' };
    return { status: 401, code: "UNAUTHORIZED", message: "authentication required", headers };
  }
  if (url.startsWith("/v2/forbidden/")) {
    return {
      status: 403,
      code: "DENIED",
      message: "requested access to the resource is denied",
      headers: {},
    };
  }
  if (url.startsWith("/v2/limited/")) {
    const headers = { "retry-after": "60" };
    return {
      status: 429,
      code: "TOOMANYREQUESTS",
      message: "You have reached your pull rate limit.",
      headers,
    };
  }
  if (url.startsWith("/v2/broken/")) {
    return { status: 503, code: "UNAVAILABLE", message: "service unavailable", headers: {} };
  }
  return { status: 404, code: "MANIFEST_UNKNOWN", message: "manifest unknown", headers: {} };
}
