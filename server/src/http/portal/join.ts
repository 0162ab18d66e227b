import { Hono } from "hono";
import type { Deps } from "../../deps.ts";
import { isRefused, type Problems } from "../../domain/refused.ts";
import { acceptAsNewcomer, nextOfInvited } from "../../domain/sign-up/accept.ts";
import { findInvitation, type LiveInvitation } from "../../domain/teams/invitations.ts";
import * as words from "../../pages/errors/words.ts";
import { accountThereAlreadyPage, joinPage, newAccountPage } from "../../pages/portal/sign-up.ts";
import { type BodyFields, NO_FIELDS } from "../body.ts";
import type { HttpContext, HttpEnv } from "../context.ts";
import { formToken } from "../csrf.ts";
import { showError } from "../error-page.ts";
import { loginPathTo, signInByForm } from "./arrive.ts";
import { keepingWhatWasTyped, readOwnForm, sayingWhatIsDown } from "./newcomers.ts";
import { doneAt } from "./notices.ts";
import { findVisitor } from "./session.ts";

const PATH = "/portal/join/:invitation";

type Step = (c: HttpContext, invited: Invited, form: BodyFields) => Promise<Response>;

interface Invited {
  /** As it stands in the address. */
  text: string;
  open: LiveInvitation;
}

/**
 * Where the mail of a team's invitation leads. It was mailed, so whoever holds it may make the account of that e-mail if
 * there is none, also while sign-up is closed. Opening it changes nothing, because scanners open links too.
 */
export function joinRoutes(deps: Deps): Hono<HttpEnv> {
  const routes = new Hono<HttpEnv>();

  const step = (path: string, method: "GET" | "POST", handle: Step) =>
    routes.on(method, path, (c) =>
      sayingWhatIsDown(c, deps, async () => {
        const form = method === "POST" ? await readOwnForm(c, deps) : NO_FIELDS;
        const text = c.req.param("invitation") ?? "";
        const open = await findInvitation(deps, text);
        return open ? handle(c, { text, open }, form) : showError(c, 410, words.invitationEnded());
      }),
    );

  const formTo = (c: HttpContext, path: string) => ({ action: path, hidden: { form_token: formToken(c, deps) } });

  const join = (c: HttpContext, { text, open }: Invited, problems?: Problems) =>
    joinPage({
      form: formTo(c, `/portal/join/${text}`),
      teamName: open.teamName,
      role: open.invitation.role,
      problems,
      address: problems && `/portal/join/${text}`,
    });

  const account = (c: HttpContext, { text, open }: Invited, typed: Typed, problems?: Problems) =>
    newAccountPage({
      form: formTo(c, `/portal/join/${text}/account`),
      email: open.invitation.email,
      firstName: typed.firstName,
      lastName: typed.lastName,
      team: { joins: open.teamName, region: open.team.region },
      home: { chosen: typed.home, regions: deps.regions.all.map(({ name }) => name) },
      problems,
      address: problems && `/portal/join/${text}/account`,
    });

  step(PATH, "GET", async (c, invited) =>
    (await findVisitor(c, deps)) ? c.redirect(`/portal/invitations/${invited.text}`, 303) : c.html(join(c, invited)),
  );

  step(PATH, "POST", async (c, invited) => {
    const told = await nextOfInvited(deps, invited.open);
    if (isRefused(told)) return c.html(join(c, invited, problemsIn(told)), 422);
    if (told.next === "make an account") return c.redirect(`/portal/join/${invited.text}/account`, 303);
    return c.redirect(loginPathTo(`/portal/invitations/${invited.text}`), 303);
  });

  step(`${PATH}/account`, "GET", async (c, invited) =>
    c.html(account(c, invited, { firstName: "", lastName: "", home: invited.open.team.region })),
  );

  step(`${PATH}/account`, "POST", async (c, invited, form) => {
    const text = (name: string) => form.text(name) ?? "";
    const typed = { firstName: text("firstName"), lastName: text("lastName"), home: text("home") };
    const password = text("password");
    const { open } = invited;
    const accept = async () => {
      const accepted = await acceptAsNewcomer(deps, open, { ...typed, password });
      if (isRefused(accepted)) {
        const home = "home" in accepted ? accepted.home : typed.home;
        return c.html(account(c, invited, { ...typed, home }, problemsIn(accepted)), 422);
      }
      const { email } = open.invitation;
      const signedIn = await signInByForm(c, deps, { email, password });
      if (accepted.outcome === "done")
        return c.redirect(loginPathTo(doneAt(`/portal/teams/${open.team.teamId}/members`, "joined")), 303);
      const signInHref = loginPathTo(`/portal/invitations/${invited.text}`);
      return signedIn ? c.redirect(signInHref, 303) : c.html(accountThereAlreadyPage({ email, signInHref }));
    };
    return keepingWhatWasTyped(c, deps, accept, (sentence) => account(c, invited, typed, { form: sentence }));
  });

  return routes;
}

type Typed = Record<"firstName" | "lastName" | "home", string>;

const problemsIn = (refused: object): Problems =>
  "problems" in refused ? (refused.problems as Problems) : { form: "Something changed meanwhile. Try again." };
