/** How much of an account is taken now. Times are epoch ms. */
export interface Load {
  /** Permits that are out: tasks that run, or may. */
  inUse: number;
  /** Of these, those whose POST has not been seen: it may come any time. */
  unsent: number;
  /** POSTs by the second in which they were last seen, of the last minute. */
  sent: readonly { second: number; posts: number }[];
  /** WaveSpeed asked to be left alone until then. */
  blockedUntil: number;
}

export interface Limits {
  videosPerMinute: number | null;
  concurrentTasks: number | null;
}

/** A POST counts for this long: any 60 seconds, whenever WaveSpeed's minute begins. */
export const MINUTE_MS = 60_000;

/** Permits that may be granted now: whole, 0 or more. */
export function roomFor(load: Load, limits: Limits, now: number): number {
  if (now < load.blockedUntil) return 0;
  const tasks = limits.concurrentTasks === null ? Infinity : limits.concurrentTasks - load.inUse;
  return Math.max(0, Math.min(tasks, minuteRoom(load, limits, now)));
}

/** Whether so little of every limit is used that a few more permits may lie unused for half a minute. */
export function hasPlenty(load: Load, limits: Limits, now: number): boolean {
  const { concurrentTasks: tasks, videosPerMinute: videos } = limits;
  if (now < load.blockedUntil) return false;
  return (
    (tasks === null || (tasks - load.inUse) * 2 > tasks) &&
    (videos === null || minuteRoom(load, limits, now) * 2 > videos)
  );
}

/** When there is room, or may be by itself, without a permit being returned; null: there will not. */
export function nextRoomAt(load: Load, limits: Limits, now: number): number | null {
  if (roomFor(load, limits, now) > 0) return now;
  if (now < load.blockedUntil) return load.blockedUntil;
  const tasksFull = limits.concurrentTasks !== null && load.inUse >= limits.concurrentTasks;
  const oldest = load.sent.find(({ second }) => endOf(second) > now);
  return tasksFull || !oldest ? null : endOf(oldest.second);
}

function minuteRoom(load: Load, { videosPerMinute }: Limits, now: number): number {
  if (videosPerMinute === null) return Infinity;
  const recent = load.sent.filter(({ second }) => endOf(second) > now);
  return videosPerMinute - load.unsent - recent.reduce((sum, { posts }) => sum + posts, 0);
}

/** A POST is known to the second only, so it counts from that second's end. */
const endOf = (second: number): number => (second + 1) * 1_000 + MINUTE_MS;
