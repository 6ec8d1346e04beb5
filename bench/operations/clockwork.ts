import type { CountedGateway } from "./counted-gateway.ts";
import type { ArmedAlarm, Line } from "./protocol.ts";

interface Event {
  at: number;
  happens: () => Promise<void>;
}

type Driven = Pick<CountedGateway, "command">;

/** More than any life rings: an object that rings for ever is a fault. */
const ALARMS_MAX = 2_000;

/** Plays what is planned, and every alarm that an object armed, at its time; after each it waits until all is at rest. */
export class Clockwork {
  readonly #events: Event[] = [];
  #now: number;
  #gateway: Driven | null = null;

  /** `now`: epoch ms. */
  constructor(now: number) {
    this.#now = now;
  }

  get now(): number {
    return this.#now;
  }

  async drive(gateway: Driven): Promise<void> {
    this.#gateway = gateway;
    await gateway.command({ kind: "clock", now: this.#now });
  }

  plan(at: number, happens: () => Promise<void>): void {
    this.#events.push({ at, happens });
    // Stable: what is planned first of one time happens first.
    this.#events.sort((a, b) => a.at - b.at);
  }

  /** Goes on until nothing is planned and no object waits for anything; answers all that was counted. */
  async toSilence(): Promise<Line[]> {
    const gateway = this.#gateway;
    if (!gateway) throw new Error("there is no gateway to drive");
    for (let rung = 0; ;) {
      const alarm = firstOf(await gateway.command<ArmedAlarm[]>({ kind: "rest" }));
      const event = this.#events[0];
      if (event && (!alarm || event.at <= alarm.at)) {
        await this.#happen(gateway, event);
      } else if (alarm) {
        if (rung++ > ALARMS_MAX) throw new Error(`the ${alarm.place} rings for ever`);
        this.#now = Math.max(this.#now, alarm.at);
        await gateway.command({ kind: "ring", now: this.#now, alarm });
      } else {
        return gateway.command<Line[]>({ kind: "lines" });
      }
    }
  }

  async #happen(gateway: Driven, event: Event): Promise<void> {
    this.#events.shift();
    this.#now = Math.max(this.#now, event.at);
    await gateway.command({ kind: "clock", now: this.#now });
    await event.happens();
  }
}

const firstOf = (alarms: readonly ArmedAlarm[]): ArmedAlarm | undefined =>
  alarms.toSorted((a, b) => a.at - b.at || (a.place < b.place ? -1 : 1))[0];
