/**
 * The server's own address on its own machine; `null` until it listens. The server exports host and port when it opens its socket;
 * an address of all interfaces is reached by loopback.
 */
export function ownServerOrigin(environment: NodeJS.ProcessEnv): string | null {
  const port = environment["PAPERCLIP_LISTEN_PORT"]?.trim();
  if (port === undefined || !/^\d{1,5}$/.test(port)) return null;
  const host = environment["PAPERCLIP_LISTEN_HOST"]?.trim() || "127.0.0.1";
  if (host === "0.0.0.0") return `http://127.0.0.1:${port}`;
  if (host === "::" || host === "[::]") return `http://[::1]:${port}`;
  return `http://${host.includes(":") && !host.startsWith("[") ? `[${host}]` : host}:${port}`;
}
