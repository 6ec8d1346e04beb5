import { usualAfter } from "./pace.ts";

/** A usual time that has changed by less than this share is not written down anew: an instance that lacks it polls a little off. */
const WRITTEN_FROM = 0.05;

/** How long tasks of each model usually run, as this tracker has seen them. */
export class UsualTimes {
  readonly #sql: SqlStorage;
  /** In milliseconds by model: as it is now, which may be a little off from what is written, and as that is. */
  readonly #now = new Map<string, number>();
  readonly #written = new Map<string, number>();

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Null: none has ended yet. */
  of(model: string): number | null {
    return this.#now.get(model) ?? this.#read(model);
  }

  /** One more task has run for so long. */
  learn(model: string, runMs: number): void {
    const ms = usualAfter(this.of(model), runMs);
    const written = this.#read(model);
    if (written !== null && Math.abs(ms - written) <= written * WRITTEN_FROM) {
      this.#now.set(model, ms);
      return;
    }
    this.#now.delete(model);
    this.#written.set(model, ms);
    this.#sql.exec(
      "INSERT INTO usual_times VALUES (?, ?) ON CONFLICT (model) DO UPDATE SET ms = excluded.ms",
      model,
      ms,
    );
  }

  /** Asked twice a job; should what an instance has written be rolled back, it polls a little off. */
  #read(model: string): number | null {
    const known = this.#written.get(model);
    if (known !== undefined) return known;
    const row = this.#sql.exec("SELECT ms FROM usual_times WHERE model = ?", model).toArray()[0];
    if (!row) return null;
    const ms = Number(row["ms"]);
    this.#written.set(model, ms);
    return ms;
  }
}
