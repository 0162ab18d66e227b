import { Hono } from "hono";
import type { Deps } from "../../deps.ts";
import { isRefused, type Problems } from "../../domain/refused.ts";
import { beginSignUp, CODE_SECONDS } from "../../domain/sign-up/begin.ts";
import { completeSignUp } from "../../domain/sign-up/complete.ts";
import { proveEmail, stateOf } from "../../domain/sign-up/prove.ts";
import { openSignUp, type SignUp, sealSignUp } from "../../domain/sign-up/sign-up.ts";
import * as words from "../../pages/errors/words.ts";
import { accountThereAlreadyPage, newAccountPage, signUpCodePage, signUpPage } from "../../pages/portal/sign-up.ts";
import type { BodyFields } from "../body.ts";
import { addressKey } from "../client-address.ts";
import type { HttpContext, HttpEnv } from "../context.ts";
import { readCookie } from "../cookies.ts";
import { browserId, formToken } from "../csrf.ts";
import { outboxPath } from "../dev/outbox.ts";
import { showError } from "../error-page.ts";
import { noticesFrom } from "../notices.ts";
import { readQuery } from "../query.ts";
import { loginPathTo, signInByForm } from "./arrive.ts";
import { doneAt } from "./done.ts";
import { keepingWhatWasTyped, readOwnForm, sayingWhatIsDown } from "./newcomers.ts";

const PATH = "/portal/sign-up";
const { noticeOf } = noticesFrom({ again: "Another code is on its way. The one before no longer works." });

type Step = (c: HttpContext, signUp: SignUp, form: BodyFields) => Promise<Response>;
/** The page that a form stands on, when its region is lost while it is sent. */
type Lost = (c: HttpContext, signUp: SignUp, form: BodyFields, problems: Problems) => string;

/**
 * Outside developers make their own accounts here: an e-mail that is proven by a code, a region, a password, a team. What
 * was typed is carried by the pages, sealed and bound to the browser; nothing tells whether an e-mail has an account.
 */
export function signUpRoutes(deps: Deps): Hono<HttpEnv> {
  const routes = new Hono<HttpEnv>();
  const hidden = (c: HttpContext, signUp?: SignUp) => ({
    form_token: formToken(c, deps),
    ...(signUp && { sign_up: sealSignUp(deps, signUp) }),
  });
  const at = (step: string, signUp: SignUp) => `${PATH}/${step}?sign_up=${sealSignUp(deps, signUp)}`;
  const ended = (c: HttpContext) =>
    showError(c, 410, words.signUpEnded(), { again: { href: PATH, label: "Begin again" } });

  const open = (path: string, method: "GET" | "POST", handle: (c: HttpContext) => Promise<Response>) =>
    routes.on(method, path, async (c) => {
      if (deps.config.signUp === "closed")
        return showError(c, 403, words.signUpClosed(), { again: { href: "/portal", label: "Sign in" } });
      return sayingWhatIsDown(c, deps, () => handle(c));
    });
  const opened = (c: HttpContext, sealed: string | undefined) =>
    openSignUp(deps, sealed, readCookie(c, deps.config, "browser"));
  const step = (path: string, handle: (c: HttpContext, signUp: SignUp) => Promise<Response>) =>
    open(path, "GET", async (c) => {
      const signUp = opened(c, readQuery(c).get("sign_up"));
      return signUp ? handle(c, signUp) : ended(c);
    });
  const formStep = (path: string, lost: Lost, handle: Step) =>
    open(path, "POST", async (c) => {
      const form = await readOwnForm(c, deps);
      const signUp = opened(c, form.text("sign_up"));
      if (!signUp) return ended(c);
      const answer = () => handle(c, signUp, form);
      return keepingWhatWasTyped(c, deps, answer, (sentence) => lost(c, signUp, form, { form: sentence }));
    });

  const front = (c: HttpContext, typed: { email: string; region: string; problems?: Problems }) =>
    signUpPage({
      form: { action: PATH, hidden: hidden(c) },
      ...typed,
      regions: deps.regions.all.map(({ name }) => name),
      signInHref: "/portal",
      address: typed.problems && PATH,
    });

  const code = (c: HttpContext, signUp: SignUp, problems?: Problems) =>
    signUpCodePage({
      form: { action: `${PATH}/code`, hidden: hidden(c, signUp) },
      resendForm: { action: `${PATH}/resend`, hidden: hidden(c, signUp) },
      email: signUp.email,
      minutes: CODE_SECONDS / 60,
      problems,
      notice: problems ? undefined : noticeOf(c),
      againHref: PATH,
      outboxHref: outboxPath(c, deps),
      address: problems && at("code", signUp),
    });

  const account = (c: HttpContext, signUp: SignUp, typed: Typed, home: string, problems?: Problems) => {
    const { home: elsewhere, ...others } = problems ?? {};
    return newAccountPage({
      form: { action: `${PATH}/account`, hidden: { ...hidden(c, signUp), home } },
      email: signUp.email,
      ...typed,
      team: { name: typed.teamName },
      home,
      problems: problems && { ...others, ...(elsewhere !== undefined && { form: elsewhere }) },
      againHref: PATH,
      address: problems && at("account", signUp),
    });
  };

  open(PATH, "GET", async (c) => c.html(front(c, { email: "", region: "" })));

  open(PATH, "POST", async (c) => {
    const form = await readOwnForm(c, deps);
    const typed = { email: (form.text("email") ?? "").trim(), region: form.text("region") ?? "" };
    const request = { ...typed, browserId: browserId(c, deps), address: addressKey(c.get("address")) };
    return keepingWhatWasTyped(
      c,
      deps,
      async () => {
        const begun = await beginSignUp(deps, request);
        if ("signUp" in begun) return c.redirect(at("code", begun.signUp), 303);
        return c.html(front(c, { ...typed, problems: begun.problems }), waiting(c, begun.waitSeconds));
      },
      (sentence, region) => {
        const elsewhere = `Region ${region} does not answer right now. Choose another one, or try again in a minute.`;
        return front(c, { ...typed, problems: region === typed.region ? { region: elsewhere } : { form: sentence } });
      },
    );
  });

  const lostAtCode: Lost = (c, signUp, _, problems) => code(c, signUp, problems);

  step(`${PATH}/code`, async (c, signUp) => c.html(code(c, signUp)));

  formStep(`${PATH}/code`, lostAtCode, async (c, signUp, form) => {
    const proving = await proveEmail(deps, signUp, form.text("code") ?? "");
    switch (proving.outcome) {
      case "proven":
        return c.redirect(at("account", signUp), 303);
      case "unreadable":
        return c.html(code(c, signUp, { code: "The code has eight digits. Nothing else goes here." }), 422);
      case "wrong":
        return c.html(code(c, signUp, { code: `This is not the code. ${triesLeft(proving.triesLeft)}` }), 422);
      case "dead":
        return c.html(code(c, signUp, { form: "No code works here any more. Have another one sent, below." }), 422);
    }
  });

  formStep(`${PATH}/resend`, lostAtCode, async (c, signUp) => {
    const { email, region } = signUp;
    const address = addressKey(c.get("address"));
    const begun = await beginSignUp(deps, { email, region, address, browserId: browserId(c, deps), replaces: signUp });
    if ("signUp" in begun) return c.redirect(`${at("code", begun.signUp)}&done=again`, 303);
    return c.html(code(c, signUp, { form: begun.problems.email ?? "" }), waiting(c, begun.waitSeconds));
  });

  step(`${PATH}/account`, async (c, signUp) => {
    const state = await stateOf(deps, signUp);
    if (state === "dead") return ended(c);
    if (state === "waiting") return c.redirect(at("code", signUp), 303);
    return c.html(account(c, signUp, { firstName: "", lastName: "", teamName: "" }, signUp.region));
  });

  const lostAtAccount: Lost = (c, signUp, form, problems) =>
    account(c, signUp, typedIn(form), form.text("home") ?? "", problems);

  formStep(`${PATH}/account`, lostAtAccount, async (c, signUp, form) => {
    const typed = typedIn(form);
    const [password = "", home = ""] = [form.text("password"), form.text("home")];
    const done = await completeSignUp(deps, signUp, { ...typed, password, home });
    if (isRefused(done)) {
      const problems = "problems" in done ? done.problems : { form: "Something changed meanwhile. Try again." };
      return c.html(account(c, signUp, typed, "home" in done ? done.home : home, problems), 422);
    }
    switch (done.outcome) {
      case "dead":
        return ended(c);
      case "known":
        return c.html(accountThereAlreadyPage({ email: signUp.email, signInHref: "/portal" }));
      case "done":
        await signInByForm(c, deps, { email: signUp.email, password });
        return c.redirect(loginPathTo(doneAt(`/portal/teams/${done.teamId}`, "welcome")), 303);
    }
  });

  return routes;
}

type Typed = Record<"firstName" | "lastName" | "teamName", string>;

function typedIn(form: BodyFields): Typed {
  const [firstName = "", lastName = "", teamName = ""] = ["firstName", "lastName", "teamName"].map((name) =>
    form.text(name),
  );
  return { firstName, lastName, teamName };
}

const triesLeft = (count: number) => (count === 1 ? "One try is left." : `${count} tries are left.`);

/** The status of a form that came back, with when it may be sent again. */
function waiting(c: HttpContext, seconds: number | undefined): 422 | 429 {
  if (seconds === undefined) return 422;
  c.header("retry-after", String(seconds));
  return 429;
}
