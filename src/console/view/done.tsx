import type { Context } from "hono";
import type { ConsoleEnv } from "../console-env.ts";
import { Notice } from "./parts.tsx";

const SAID = {
  saved: "Saved. It is in force.",
  deleted: "Deleted.",
  revoked: "Revoked. No new submit of this key is admitted.",
  sent: "On its way. What came of it is in the log.",
  ended: "Revoked. It opens nothing any more, everywhere within 10 seconds.",
  secret: "There is a new webhook secret. Programs read it at GET /api/v3/webhook/secret.",
  removed: "Taken away, in every session.",
  signed_out: "Signed out everywhere. Links that were open lead nowhere.",
  price: "The next price is set. It is listed below with the time from which it is in force.",
  paused: "Paused. Every part of the gateway follows within 30 seconds.",
  resumed: "The pause has ended. Every part of the gateway follows within 30 seconds.",
  decided: "Decided. The hold has ended and the journal has your reason.",
  seen: "Seen to. It is raised anew if its cause comes again.",
} as const;

/** After a change that succeeded the page is loaded anew with `?done=`: it says what happened. */
export const Done = ({ c }: { c: Context<ConsoleEnv> }) => {
  const done = c.req.query("done") ?? "";
  const text = Object.hasOwn(SAID, done) ? SAID[done as keyof typeof SAID] : null;
  return text === null ? null : (
    <Notice tone="good">
      <p>{text}</p>
    </Notice>
  );
};

/** The way back to a page after a change. */
export const doneAt = (path: string, done: keyof typeof SAID): string => `${path}?done=${done}`;
