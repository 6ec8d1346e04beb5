import { DurableObject } from "cloudflare:workers";

interface Env {
  READS: DurableObjectNamespace<ReadFloor>;
}

/** As many objects as a gateway would have trackers for so many jobs. */
const JOBS_PER_OBJECT = 64;

/** The least that a read of a job's state in a Durable Object takes: one hop, one row, one JSON reply. */
export class ReadFloor extends DurableObject<Env> {
  readonly #sql = this.ctx.storage.sql;

  async view(id: string): Promise<string> {
    this.#sql.exec("CREATE TABLE IF NOT EXISTS jobs (id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID");
    const row = this.#sql.exec("SELECT body FROM jobs WHERE id = ?", id).toArray()[0];
    if (row) return String(row["body"]);
    const body = JSON.stringify({ code: 200, message: "success", data: { id, status: "processing", outputs: [] } });
    this.#sql.exec("INSERT INTO jobs VALUES (?, ?)", id, body);
    return body;
  }
}

/** GET /{number of the job}. */
export default {
  async fetch(request, env): Promise<Response> {
    const job = Number(new URL(request.url).pathname.slice(1));
    const object = env.READS.getByName(`reads:${Math.floor(job / JOBS_PER_OBJECT)}`);
    return new Response(await object.view(String(job)), { headers: { "content-type": "application/json" } });
  },
} satisfies ExportedHandler<Env>;
