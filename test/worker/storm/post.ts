import { exports } from "cloudflare:workers";
import { parseConfig } from "../../../src/config.ts";
import { hookToken } from "../../../src/keys/hook-mac.ts";
import type { Letter } from "../../support/mailbox.ts";
import { testEnv } from "../../support/test-env.ts";
import { ownersOf } from "./books.ts";
import type { Dice } from "./dice.ts";
import { count, type Sea } from "./sea.ts";

const worker = exports as unknown as { default: { fetch: (request: Request) => Promise<Response> } };

/** Carries WaveSpeed's webhooks to the gateway until it takes them, and false ones beside them. */
export class Post {
  readonly #sea: Sea;
  readonly #dice: Dice;
  #waiting: Letter[] = [];

  constructor(sea: Sea, dice: Dice) {
    this.#sea = sea;
    this.#dice = dice;
  }

  /** Answers how many are still on their way. */
  async deliver(): Promise<number> {
    const response = await testEnv.TEST_MAILBOX.fetch("http://mailbox/");
    for (const letter of await response.json<Letter[]>()) {
      const { id, input } = JSON.parse(letter.body) as { id: string; input: { prompt?: string } };
      this.#sea.made.set(id, jobOf(letter));
      // Many of equal bodies are lost, or nobody would ever have to tell them apart without.
      if (input.prompt?.startsWith("twin") && this.#dice.chance(0.8)) count(this.#sea, "webhook lost");
      else this.#waiting.push(letter);
    }
    const round = this.#waiting.splice(0);
    for (const letter of round) {
      // WaveSpeed sends again what was not taken.
      if (!(await this.#bring(letter, "genuine"))) this.#waiting.push(letter);
      if (this.#dice.chance(0.1)) await this.#bring(letter, "genuine again");
      if (this.#dice.chance(0.1)) await this.#meddle(letter, this.#dice.pick(round));
    }
    return this.#waiting.length;
  }

  async #bring({ url, headers, body }: Letter, kind: string): Promise<boolean> {
    try {
      const response = await worker.default.fetch(new Request(url, { method: "POST", headers, body }));
      await response.body?.cancel();
      count(this.#sea, `webhook ${kind} ${response.status}`);
      return response.status === 200;
    } catch {
      return false;
    }
  }

  /** What somebody sends who knows less than WaveSpeed. */
  async #meddle(letter: Letter, other: Letter): Promise<void> {
    const signature = `v3,${"0".repeat(64)}`;
    const forged = { ...letter.headers, "webhook-signature": signature };
    const otherJob = jobOf(other);
    const { secrets } = parseConfig(testEnv);
    const meddle: () => Promise<unknown> = this.#dice.pick([
      () => this.#bring({ ...letter, headers: forged }, "forged"),
      () => this.#bring({ ...letter, url: other.url, headers: forged }, "forged, of another job"),
      () => this.#bring({ ...letter, url: letter.url.replace(/t=.*/, "t=1.00") }, "without token"),
      // Another job's address with this one's token.
      () =>
        this.#bring({ ...letter, url: letter.url.replace(/wavespeed\/[0-9a-f]+/, `wavespeed/${otherJob}`) }, "moved"),
      () => this.#bring({ ...letter, body: letter.body.replace(/"id":"[^"]*"/, '"id":"0"') }, "changed"),
      async () => {
        // Only of a task that has its job: whom WaveSpeed itself names a free task to, it is believed to belong to.
        const { id } = JSON.parse(letter.body) as { id: string };
        if (!(await ownersOf(this.#sea)).has(id)) return;
        await this.#bring({ ...letter, url: addressOf(otherJob, hookToken(otherJob, secrets)) }, "to another job");
      },
    ]);
    await meddle();
  }
}

const jobOf = ({ url }: Letter): string => new URL(url).pathname.split("/").at(-1) ?? "";

const addressOf = (jobId: string, token: string): string =>
  `http://gateway.test/hooks/wavespeed/${jobId}?t=${encodeURIComponent(token)}`;
