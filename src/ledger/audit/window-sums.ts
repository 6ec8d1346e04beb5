import type { Mode } from "../journal-entry.ts";
import { scopesOf, type ScopeFacts } from "../scope.ts";
import { scopeOf, type ComparedWindow } from "./compared-windows.ts";

export interface WindowSum {
  micros: number;
  jobs: number;
}

/** Sums by counter, filled in one pass over jobs or rows of `spend`, however many budgets there are. */
export class WindowSums {
  readonly #byScope: Map<string, ComparedWindow[]>;
  readonly #sums = new Map<string, WindowSum>();

  constructor(windows: readonly ComparedWindow[]) {
    this.#byScope = Map.groupBy(windows, (window) => window.scope);
    for (const { key } of windows) this.#sums.set(key, { micros: 0, jobs: 0 });
  }

  /** `at`: when the job was admitted, epoch ms. */
  add(facts: ScopeFacts & { mode: Mode; at: number }, micros: number): void {
    for (const scope of scopesOf(facts)) {
      for (const { key, window } of this.#byScope.get(scopeOf(facts.mode, scope)) ?? []) {
        const sum = this.#sums.get(key);
        if (!sum || facts.at < (window.start ?? 0) || facts.at >= (window.end ?? Number.MAX_SAFE_INTEGER)) continue;
        sum.micros += micros;
        sum.jobs += 1;
      }
    }
  }

  /** Null: not one of the windows that these sums are of. */
  of(key: string): WindowSum | null {
    return this.#sums.get(key) ?? null;
  }
}
