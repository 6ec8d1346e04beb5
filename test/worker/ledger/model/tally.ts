import { expect } from "vitest";

/** What the histories came to: a proof that never refused anything would prove nothing. */
export class Tally {
  histories = 0;
  steps = 0;
  /** How often a submit was admitted, replayed or refused with each code; and each kind of change. */
  readonly seen = new Map<string, number>();

  saw(what: string): void {
    this.seen.set(what, (this.seen.get(what) ?? 0) + 1);
  }

  expectAll(wanted: readonly string[]): void {
    expect(wanted.filter((what) => !this.seen.has(what))).toEqual([]);
  }

  toString(): string {
    const counts = [...this.seen].sort(([, a], [, b]) => b - a).map(([what, count]) => `${what} ${count}`);
    return `${this.histories} histories, ${this.steps} steps: ${counts.join(", ")}`;
  }
}
