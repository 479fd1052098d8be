const binary: Readonly<Record<string, number>> = {
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};
const decimal: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
};

/** A Kubernetes quantity (`500m`, `1Gi`, `2e3`) as a number of base units; NaN when it is none. */
export function parseQuantity(text: string | number): number {
  const match = /^([+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?)([A-Za-z]{0,2})$/u.exec(String(text));
  if (match === null) return Number.NaN;
  const factor = binary[match[2] ?? ""] ?? decimal[match[2] ?? ""];
  return factor === undefined ? Number.NaN : Number(match[1]) * factor;
}

/** As the API writes an amount: `1800m`, `200Mi`, `3`. */
export function formatQuantity(amount: number): string {
  if (amount === 0) return "0";
  if (!Number.isInteger(amount)) return `${Math.round(amount * 1000)}m`;
  for (const units of [binary, decimal]) {
    const fitting = Object.entries(units).filter(([, factor]) => factor >= 1000 && amount % factor === 0);
    const largest = fitting.at(-1);
    if (largest !== undefined) return `${amount / largest[1]}${largest[0]}`;
  }
  return String(amount);
}
