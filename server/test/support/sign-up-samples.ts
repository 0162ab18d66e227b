import {
  accountThereAlreadyPage,
  joinPage,
  newAccountPage,
  signUpCodePage,
  signUpPage,
} from "../../src/pages/portal/sign-up.ts";
import type { Say } from "./page-samples.ts";

const formTo = (action: string) => ({ action, hidden: { csrf: "3q2-7w" } });

/** The pages of people who come to the portal without an account, in their states, by name. */
export function signUpSamples(say: Say): Record<string, string> {
  const email = say("nova@comets.example.com");
  const regions = ["US", "EU"];
  const front = { form: formTo("/portal/sign-up"), email: "", region: "", regions, signInHref: "/portal" };
  const code = {
    form: formTo("/portal/sign-up/code"),
    resendForm: formTo("/portal/sign-up/resend"),
    email,
    minutes: 15,
    againHref: "/portal/sign-up",
  };
  const account = {
    form: formTo("/portal/sign-up/account"),
    email,
    firstName: say("Nova"),
    lastName: say("Comer"),
    team: { name: say("Comets") },
    home: "EU",
    againHref: "/portal/sign-up",
  };
  const invited = {
    form: formTo("/portal/join/3q2/account"),
    email,
    firstName: "",
    lastName: "",
    team: { joins: say("Rockets"), region: "US" },
    home: { chosen: "US", regions },
  };
  const join = { form: formTo("/portal/join/3q2"), teamName: say("Rockets"), role: "developer" };
  return {
    "sign-up": signUpPage(front),
    "sign-up-problem": signUpPage({
      ...front,
      email,
      region: "EU",
      problems: { email: say("Enter an e-mail address."), region: say("Region EU does not answer right now.") },
    }),
    "sign-up-code": signUpCodePage(code),
    "sign-up-code-outbox": signUpCodePage({
      ...code,
      outboxHref: "/dev/outbox",
      notice: say("Another is on its way."),
    }),
    "sign-up-code-problem": signUpCodePage({ ...code, problems: { code: say("This is not the code.") } }),
    "sign-up-account": newAccountPage({ ...account, firstName: "", lastName: "", team: { name: "" } }),
    "sign-up-account-problem": newAccountPage({
      ...account,
      problems: { form: say("Region EU does not answer."), password: say("Too many people use this password.") },
    }),
    "sign-up-known": accountThereAlreadyPage({ email, signInHref: "/portal" }),
    join: joinPage(join),
    "join-problem": joinPage({ ...join, problems: { form: say("The sandbox is gone.") } }),
    "join-account": newAccountPage(invited),
    "join-account-problem": newAccountPage({
      ...invited,
      problems: { home: say("Choose a region."), firstName: say("Enter it.") },
    }),
  };
}
