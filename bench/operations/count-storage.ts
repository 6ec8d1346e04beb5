import { count, shortened } from "./tally.ts";
import type { ArmedAlarm, Place } from "./protocol.ts";

/** Whose storage it is, for the alarms. */
const owners = new WeakMap<object, { place: Place; id: string }>();
const alarms = new Map<string, ArmedAlarm>();

/** Counts an object's SQL, and keeps its alarm here, where the driver's time is, instead of arming a real one. */
export function countStorage(state: DurableObjectState, place: Place): void {
  owners.set(state.storage, { place, id: state.id.toString() });
  if (isPatched) return;
  isPatched = true;
  patchExec(Object.getPrototypeOf(state.storage.sql) as SqlStorage);
  patchAlarms(Object.getPrototypeOf(state.storage) as DurableObjectStorage);
}

export const armedAlarms = (): ArmedAlarm[] => [...alarms.values()];

export const disarm = ({ id }: ArmedAlarm): boolean => alarms.delete(id);

/** The storage's own classes cannot be wrapped, nor subclassed; there is one prototype of each for all objects. */
let isPatched = false;

type Row = Record<string, SqlStorageValue>;

function patchExec(prototype: SqlStorage): void {
  const { exec } = prototype;
  prototype.exec = function <T extends Row>(this: SqlStorage, sql: string, ...bound: SqlStorageValue[]) {
    const cursor = exec.call(this, sql, ...bound) as SqlStorageCursor<T>;
    return countCursor(cursor, shortened(sql));
  };
}

/** A cursor has written all its rows at once, and reads on as long as it is asked for more. */
function countCursor<T extends Row>(cursor: SqlStorageCursor<T>, statement: string): SqlStorageCursor<T> {
  let noted = { rowsRead: 0, rowsWritten: 0 };
  const note = <R>(result: R): R => {
    const { rowsRead, rowsWritten } = cursor;
    const added = { rowsRead: rowsRead - noted.rowsRead, rowsWritten: rowsWritten - noted.rowsWritten };
    noted = { rowsRead, rowsWritten };
    count(added, { statement });
    return result;
  };
  function* rows(): Generator<T> {
    for (const row of cursor) yield note(row);
    note(null);
  }
  return new Proxy(note(cursor), {
    get(target, name) {
      if (name === Symbol.iterator) return rows;
      const value = Reflect.get(target, name, target) as unknown;
      if (typeof value !== "function") return value;
      return (...args: unknown[]) => note(Reflect.apply(value, target, args) as unknown);
    },
  });
}

function patchAlarms(prototype: DurableObjectStorage): void {
  prototype.setAlarm = function (this: DurableObjectStorage, at: number | Date): Promise<void> {
    const owner = ownerOf(this);
    alarms.set(owner.id, { ...owner, at: Number(at) });
    count({ alarmsSet: 1 });
    return Promise.resolve();
  };
  prototype.getAlarm = function (this: DurableObjectStorage): Promise<number | null> {
    return Promise.resolve(alarms.get(ownerOf(this).id)?.at ?? null);
  };
}

function ownerOf(storage: DurableObjectStorage): { place: Place; id: string } {
  const owner = owners.get(storage);
  if (!owner) throw new Error("a storage of no counted object");
  return owner;
}
