/** When a run's token ends, in milliseconds of Unix time; `null`: it does not say. It is not checked: only the host can do that. */
export function tokenEnd(token: string): number | null {
  try {
    const payload: unknown = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
    const end = typeof payload === "object" && payload !== null ? Reflect.get(payload, "exp") : null;
    return typeof end === "number" ? end * 1000 : null;
  } catch {
    return null;
  }
}
