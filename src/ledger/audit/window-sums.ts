import { scopeOf, type ComparedWindow } from "./compared-windows.ts";
import type { Spent } from "./spend-key.ts";

export interface WindowSum {
  micros: number;
  jobs: number;
}

/** Sums by counter, filled in one pass over jobs or rows of what was captured, however many budgets there are. */
export class WindowSums {
  readonly #byScope: Map<string, ComparedWindow[]>;
  readonly #sums = new Map<string, WindowSum>();

  constructor(windows: readonly ComparedWindow[]) {
    this.#byScope = Map.groupBy(windows, (window) => window.scope);
    for (const { key } of windows) this.#sums.set(key, { micros: 0, jobs: 0 });
  }

  /** `at`: when the job was admitted, epoch ms. */
  add({ mode, at, scopes }: Spent, micros: number, jobs = 1): void {
    for (const scope of scopes) {
      for (const { key, window } of this.#byScope.get(scopeOf(mode, scope)) ?? []) {
        const sum = this.#sums.get(key);
        if (!sum || at < (window.start ?? 0) || at >= (window.end ?? Number.MAX_SAFE_INTEGER)) continue;
        sum.micros += micros;
        sum.jobs += jobs;
      }
    }
  }

  /** Null: not one of the windows that these sums are of. */
  of(key: string): WindowSum | null {
    return this.#sums.get(key) ?? null;
  }
}
