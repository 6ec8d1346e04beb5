import type { Context } from "hono";
import type { Problem } from "../api.ts";
import type { ConsoleEnv } from "../console-env.ts";
import { noSuchPage } from "./no-such-page.tsx";
import { Page } from "./page.tsx";
import { ProblemNotice } from "./parts.tsx";

/** A refusal's status, for the page that shows it. */
export const statusOf = (status: number): 400 => (status >= 400 && status < 600 ? (status as 400) : (500 as 400));

/** What a page shows that the API refused to fill. What is not there and what is somebody else's look the same. */
export const refused = (
  c: Context<ConsoleEnv>,
  title: string,
  { status, problem }: { status: number; problem: Problem },
): Response | Promise<Response> =>
  status === 404
    ? noSuchPage(c)
    : c.html(
        <Page c={c} title={title}>
          <ProblemNotice problem={problem} />
        </Page>,
        statusOf(status),
      );
