/** Kubernetes quantities as numbers: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */

const suffixes: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  "": 1,
  k: 1e3,
  K: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

const longest = 64;

/** What cannot be read counts as more than anything: a limit must not be escaped by a text that only the cluster understands. */
export function quantityValue(text: string): number {
  // No cluster takes a longer one.
  if (text.length > longest) return Number.POSITIVE_INFINITY;
  const found = /^([+-]?(?:\d+(?:\.\d*)?|\.\d+))(?:[eE]([+-]?\d+)|([a-zA-Z]{0,2}))$/.exec(text.trim());
  if (found === null) return Number.POSITIVE_INFINITY;
  const [, digits, exponent, suffix = ""] = found;
  const factor = exponent === undefined ? suffixes[suffix] : 10 ** Number(exponent);
  return factor === undefined ? Number.POSITIVE_INFINITY : Number(digits) * factor;
}

export function compareQuantities(a: string, b: string): number {
  return quantityValue(a) - quantityValue(b);
}
