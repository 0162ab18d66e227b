import type { AppFrame, FormTo } from "../../src/pages/portal/app-frame.ts";
import { snippetsPage } from "../../src/pages/portal/app-snippets.ts";
import { type TrialProps, type TrialRun, trialPage } from "../../src/pages/portal/trial.ts";
import { trialPopupPage } from "../../src/pages/portal/trial-popup.ts";
import { snippetsFor } from "../../src/pages/snippets/snippets.ts";
import type { Say } from "./page-samples.ts";

/** The pages by which a developer sees the app work. */
export function trialSamples(say: Say, frame: AppFrame & { formTo: FormTo }): Record<string, string> {
  const at = 1_775_986_267;
  const props: TrialProps = {
    ...frame,
    suspended: false,
    people: [
      { name: "Ada Sandberg", email: "ada.12@sandbox.test", password: "try-1wOm_6vrWsXCRwPuuOnl", role: "admin" },
      { name: "Ben Quarzin", email: "ben.12@sandbox.test", password: "try-VslKSymIxNpgT8teu6q_", role: "member" },
    ],
    whoElse: "test",
    wrongHref: "http://localhost:4400/launchpad/login?client_id=714e6facf1&redirect_uri=x",
  };
  const run: TrialRun = {
    path: "/try/US.686ddc0c341297729ceb5619",
    start: {
      at,
      request: say("GET /launchpad/login\n?client_id=714e6facf1\n&state=1795584106.Rvfe…\nHost: localhost:4400"),
    },
    back: { at: at + 9, request: say("GET /portal/try/callback\n?code=••••••••-US"), problem: undefined },
    region: "US",
    logHref: "/portal/apps/714e6facf1/logs/686ddc0c341297729ceb5619",
    code: { expiresAt: at + 909, secondsLeft: 812 },
    spent: false,
    asked: [],
    offers: ["exchange", "wrong-secret", "wrong-redirect-uri", "wrong-verifier", "no-origin", "expire"],
    ended: false,
    valuesHref: "/portal/apps/714e6facf1/try/US.686ddc0c341297729ceb5619?show=values",
    valuesShown: false,
  };
  const refused = {
    ...({ id: "asked-0", act: "wrong-secret", step: 4, at: at + 12, milliseconds: 3 } as const),
    request: say("POST /launchpad/v1/token.json\nHost: localhost:4400\n\ncode=••••••••-US\n&client_secret=••••••••"),
    answer: { ok: false, text: 'HTTP 401\nContent-Type: application/json\n\n{\n  "error": "invalid_client"\n}' },
  };
  const exchanged = {
    ...({ ...refused, id: "asked-1", act: "exchange", at: at + 15, milliseconds: 8 } as const),
    answer: {
      ok: true,
      text: say('HTTP 200\nContent-Type: application/json\n\n{\n  "access_token": "tkn.v1_••••••••"\n}'),
    },
  };
  const lost = {
    ...refused,
    id: "asked-2",
    act: "userinfo",
    step: 5,
    milliseconds: undefined,
    answer: undefined,
  } as const;
  const values = {
    url: "http://localhost:4400",
    clientId: "714e6facf170413489dfab7a07c943f8ecf4622a",
    redirectUri: say("https://planner.example.com/callback"),
    confidential: true,
    origin: undefined,
  };
  const snippets = snippetsFor("web", { ...values, redirectUri: "https://planner.example.com/callback" }, []);
  return {
    "app-try": trialPage(props),
    "app-try-suspended": trialPage({ ...props, suspended: true, people: [] }),
    "app-try-back": trialPage({ ...props, run }),
    "app-try-refused-once": trialPage({
      ...props,
      run: { ...run, asked: [refused], code: { expiresAt: at, secondsLeft: 0 } },
    }),
    "app-try-token": trialPage({
      ...props,
      run: {
        ...run,
        spent: true,
        ended: true,
        asked: [refused, exchanged, lost],
        offers: ["userinfo", "api", "introspect", "reuse", "revoke"],
      },
    }),
    "app-try-problem": trialPage({
      ...props,
      run: { ...run, back: { ...run.back, problem: say("The user said no.") }, offers: [], region: undefined },
    }),
    "app-try-popup": trialPopupPage({ href: "/portal/apps/714e6facf1/try/US.686ddc0c341297729ceb5619" }),
    "app-snippets": snippetsPage({
      ...frame,
      snippets: [
        { id: "said", title: "Said", words: say("Words."), text: say("https://planner.example.com/") },
        ...snippets,
      ],
      registerHref: "/portal/apps/714e6facf1/credentials",
    }),
  };
}
