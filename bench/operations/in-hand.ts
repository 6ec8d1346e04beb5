/**
 * What is under way in this isolate: calls, work that goes on after them, messages that the queue still has. A timer
 * that nobody waits for is not seen: what the gateway does later it does by an alarm, or under `waitUntil`.
 */
let inHand = 0;

export async function holding<T>(work: Promise<T>): Promise<T> {
  inHand += 1;
  try {
    return await work;
  } finally {
    inHand -= 1;
  }
}

/** Something that another invocation will end. */
export function begins(): void {
  inHand += 1;
}

export function ends(count: number): void {
  inHand -= count;
}

const LOOK_MS = 1;
const QUIET_LOOKS = 3;
const REST_MS_MAX = 20_000;

/** Comes back when nothing has been under way for a moment. */
export async function rest(): Promise<void> {
  let quiet = 0;
  for (let looks = 0; quiet < QUIET_LOOKS; looks++) {
    if (looks > REST_MS_MAX / LOOK_MS) throw new Error(`${inHand} calls have not ended`);
    await scheduler.wait(LOOK_MS);
    quiet = inHand === 0 ? quiet + 1 : 0;
  }
}

/** Follows what is handed to `waitUntil`, of this context and of all others of its kind. */
export function followWaitUntil(context: object): void {
  const prototype = Object.getPrototypeOf(context) as { waitUntil: (work: Promise<unknown>) => void };
  if (followed.has(prototype)) return;
  followed.add(prototype);
  const { waitUntil } = prototype;
  prototype.waitUntil = function (this: object, work: Promise<unknown>): void {
    holding(Promise.resolve(work)).catch(() => undefined);
    waitUntil.call(this, work);
  };
}

const followed = new WeakSet<object>();
