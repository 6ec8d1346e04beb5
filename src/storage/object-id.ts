const KNOWN_IDS_MAX = 10_000;

/** By namespace, then by name. An id is no I/O object: one request may use another's. */
const known = new WeakMap<DurableObjectNamespace, Map<string, DurableObjectId>>();

/** `namespace.idFromName(name)`, which hashes the name, once per isolate and name. */
export function idOf(namespace: DurableObjectNamespace, name: string): DurableObjectId {
  const ids = known.get(namespace) ?? new Map<string, DurableObjectId>();
  known.set(namespace, ids);
  const before = ids.get(name);
  if (before) return before;
  const id = namespace.idFromName(name);
  if (ids.size >= KNOWN_IDS_MAX) ids.clear();
  ids.set(name, id);
  return id;
}
