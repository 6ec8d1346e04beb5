import type { DurableObject } from "cloudflare:workers";
import type { Env } from "../../src/config.ts";
import { countStorage } from "./count-storage.ts";
import { countingEnv } from "./counting-env.ts";
import { followWaitUntil, holding } from "./in-hand.ts";
import type { Place } from "./protocol.ts";
import { count, doingThis, isDoing, wakes } from "./tally.ts";

type ObjectClass = new (state: DurableObjectState, env: Env) => DurableObject<Env>;
type Method = (...args: unknown[]) => unknown;

/** What the driver may ask of every counted object. */
export interface Rung {
  /** Does what the object's alarm does. */
  ringByDriver(): Promise<void>;
}

/** One of the gateway's objects as it is; each call of it from outside, and what it does, is counted. */
export function counting(Base: ObjectClass, place: Place): ObjectClass {
  class Counting extends Base implements Rung {
    constructor(state: DurableObjectState, env: Env) {
      countStorage(state, place);
      followWaitUntil(state);
      wakes({ place, operation: "wake", object: null });
      super(state, countingEnv(env));
      wakes(null);
    }

    async ringByDriver(): Promise<void> {
      await this.alarm?.();
    }
  }
  for (const name of Object.getOwnPropertyNames(Base.prototype)) {
    const method = Reflect.get(Base.prototype, name) as unknown;
    if (name === "constructor" || typeof method !== "function") continue;
    Object.defineProperty(Counting.prototype, name, { value: counted(place, name, method as Method) });
  }
  return Counting;
}

function counted(place: Place, operation: string, method: Method): Method {
  return function (this: object, ...args: unknown[]) {
    // An object's call of itself is no request.
    if (isDoing()?.object === this) return method.apply(this, args);
    return doingThis({ place, operation, object: this }, () => {
      count({ requests: 1 });
      return holding(Promise.resolve(method.apply(this, args)));
    });
  };
}
