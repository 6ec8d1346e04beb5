import type { Context } from "hono";
import { callApi, fetchApi, type Problem } from "../api.ts";
import type { ConsoleApp } from "../console-app.ts";
import type { ConsoleEnv } from "../console-env.ts";
import { formValues } from "../form-values.ts";
import { Document, Logo } from "../view/document.tsx";
import { Field } from "../view/form.tsx";
import { themeOf } from "../view/page.tsx";
import { Notice, ProblemNotice } from "../view/parts.tsx";
import { safeNext } from "../with-session.ts";

/** `mails`: this gateway can. */
interface Sent {
  mails: boolean;
  message: string;
}

/** What the operator has set up. */
interface Ways {
  mail: boolean;
  access: boolean;
}

interface SignInProps {
  c: Context<ConsoleEnv>;
  next: string;
  /** The secret of a link; null: somebody came without one. */
  code: string | null;
  ways: Ways;
  problem?: Problem | null;
  /** What became of the wish for a mailed link. */
  sent?: Sent | null;
}

/** Opening a link changes nothing (mail programs open links by themselves): the button does. */
const SignIn = ({ c, next, code, ways, problem = null, sent = null }: SignInProps) => (
  <Document title="Sign in" theme={themeOf(c)} scripts={["passkey"]}>
    <div class="alone">
      <main>
        <a class="brand" href="/console">
          <Logo />
          wavegate
        </a>
        <article>
          <h1>Sign in</h1>
          {problem && <ProblemNotice problem={problem} />}
          {sent && (
            <Notice tone={sent.mails ? "good" : "bad"}>
              <p>{sent.mails ? MAILED : sent.message}</p>
            </Notice>
          )}
          {code === null ? <WithoutLink next={next} ways={ways} /> : <WithLink code={code} next={next} />}
        </article>
      </main>
    </div>
  </Document>
);

const MAILED = "If somebody here has this address, a link is on its way to it. It works once, for 15 minutes.";

const WithLink = ({ code, next }: { code: string; next: string }) => (
  <form method="post" action="/console/sign-in">
    <input type="hidden" name="code" value={code} />
    <input type="hidden" name="next" value={next} />
    <p>This link signs you in once.</p>
    <button>Sign in</button>
  </form>
);

const WithoutLink = ({ next, ways }: { next: string; ways: Ways }) => (
  <>
    <p>
      <button type="button" id="passkey-sign-in" data-next={next} hidden>
        Sign in with a passkey
      </button>
    </p>
    <p id="passkey-problem" class="wrong" role="alert"></p>
    {ways.mail && (
      <form method="post" action="/console/sign-in/link">
        <Field name="email" label="E-mail" type="email" required hint="A link is sent to it." />
        <button class="quiet">Send me a link</button>
      </form>
    )}
    {ways.access && (
      <form method="post" action="/console/sign-in/access">
        <input type="hidden" name="next" value={next} />
        <button class="quiet">Sign in with Cloudflare Access</button>
      </form>
    )}
    <p class="muted">
      No way in? Whoever invited you can make a new link. The first operator's is printed by <code>npm start</code> and{" "}
      <code>npm run deploy</code>.
    </p>
  </>
);

export const signInPage = (app: ConsoleApp): void => {
  app.get("/console/sign-in", async (c) => {
    const code = c.req.query("code") ?? null;
    c.header("cache-control", "no-store");
    return c.html(<SignIn c={c} code={code} next={safeNext(c.req.query("next"))} ways={await waysOf(c)} />);
  });

  app.post("/console/sign-in", async (c) => {
    const { code = "", next } = await formValues(c);
    return enter(c, await fetchApi(c, "POST", "/v1/sign-in", { body: { code } }), next);
  });

  app.post("/console/sign-in/access", async (c) => {
    const { next } = await formValues(c);
    return enter(c, await fetchApi(c, "POST", "/v1/sign-in/access", { body: {} }), next);
  });

  app.post("/console/sign-in/link", async (c) => {
    const { email = "" } = await formValues(c);
    const answer = await callApi<Sent>(c, "POST", "/v1/sign-in/links", { body: { email } });
    const problem = answer.ok ? null : answer.problem;
    return c.html(
      <SignIn
        c={c}
        code={null}
        next="/console"
        ways={await waysOf(c)}
        problem={problem}
        sent={answer.ok ? answer.value : null}
      />,
      answer.ok ? 200 : statusOf(answer.status),
    );
  });
};

/** Hands on the session's cookie that the API set, or says why there is none. */
async function enter(c: Context<ConsoleEnv>, response: Response, next: string | undefined): Promise<Response> {
  if (response.ok) {
    for (const cookie of response.headers.getSetCookie()) c.header("set-cookie", cookie, { append: true });
    return c.redirect(safeNext(next), 303);
  }
  const said = (await response.json().catch(() => ({}))) as { code?: string; detail?: string };
  const problem = { code: said.code ?? "", detail: said.detail ?? "This did not work.", errors: [], details: {} };
  const page = <SignIn c={c} code={null} next={safeNext(next)} ways={await waysOf(c)} problem={problem} />;
  return c.html(page, statusOf(response.status));
}

async function waysOf(c: Context<ConsoleEnv>): Promise<Ways> {
  const answer = await callApi<Ways>(c, "GET", "/v1/sign-in/ways");
  // Better one that is refused than one that is missing.
  return answer.ok ? answer.value : { mail: true, access: true };
}

const statusOf = (status: number) => (status >= 400 && status < 600 ? (status as 400) : 500);
