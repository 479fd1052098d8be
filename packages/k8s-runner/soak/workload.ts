/** What the runs of a soak print: numbered lines of many lengths, so that a lost, repeated or broken one shows. */

export function lineOf(index: number): string {
  return `${index} ${"x".repeat((index * 37) % 300)} é✓`;
}

export const LINES_A_BURST = 10;
export const BURST_MILLISECONDS = 40;

/** The same lines from a process in a container. */
export function commandFor(lines: number): string[] {
  const script = `
    let index = 0;
    const timer = setInterval(() => {
      let text = "";
      for (let count = 0; count < ${LINES_A_BURST} && index < ${lines}; count++, index++)
        text += index + " " + "x".repeat((index * 37) % 300) + " é✓\\n";
      process.stdout.write(text);
      if (index >= ${lines}) clearInterval(timer);
    }, ${BURST_MILLISECONDS});`;
  return ["node", "-e", script];
}

export interface Judgement {
  readonly lost: number;
  /** In each case, what is wrong. */
  readonly problems: readonly string[];
}

/** `gaps`: how many were announced; `mayRotate`: whether the log can have been rotated at all. */
export function judge(output: string, lines: number, gaps: number, mayRotate: boolean): Judgement {
  const problems: string[] = [];
  const got = output.split("\n");
  if (got.pop() !== "") problems.push("the last line is cut");
  let next = 0;
  let lost = 0;
  for (const line of got) {
    const index = Number(line.slice(0, line.indexOf(" ")));
    if (!Number.isInteger(index) || line !== lineOf(index)) problems.push(`broken: ${line.slice(0, 60)}`);
    else if (index < next) problems.push(`repeated: line ${index} after ${next - 1}`);
    else {
      lost += index - next;
      next = index + 1;
    }
  }
  lost += lines - next;
  if (lost > 0 && gaps === 0) problems.push(`${lost} lines lost without a gap`);
  if (gaps > 0 && !mayRotate) problems.push(`${gaps} gaps without a rotation`);
  return { lost, problems: problems.slice(0, 5) };
}
