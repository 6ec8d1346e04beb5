import { usualAfter } from "./pace.ts";

/** A usual time that has changed by less than this share is not written down anew: an instance that lacks it polls a little off. */
const WRITTEN_FROM = 0.1;

/** How long tasks of each model usually run, as this tracker has seen them. */
export class UsualTimes {
  readonly #sql: SqlStorage;
  /** As they are, in milliseconds, by model; null: no task has ended yet. */
  readonly #now = new Map<string, number | null>();

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  of(model: string): number | null {
    const known = this.#now.get(model);
    if (known !== undefined) return known;
    const written = this.#written(model);
    this.#now.set(model, written);
    return written;
  }

  /** One more task has run for so long. */
  learn(model: string, runMs: number): void {
    const ms = usualAfter(this.of(model), runMs);
    this.#now.set(model, ms);
    const written = this.#written(model);
    if (written !== null && Math.abs(ms - written) <= written * WRITTEN_FROM) return;
    this.#sql.exec(
      "INSERT INTO usual_times VALUES (?, ?) ON CONFLICT (model) DO UPDATE SET ms = excluded.ms",
      model,
      ms,
    );
  }

  #written(model: string): number | null {
    const row = this.#sql.exec("SELECT ms FROM usual_times WHERE model = ?", model).toArray()[0];
    return row ? Number(row["ms"]) : null;
  }
}
