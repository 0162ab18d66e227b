import { nearestOf, slipBetween } from "./difference.ts";

/** What an error page says. */
export interface ErrorWords {
  title: string;
  whatHappened: string;
  whatToDo?: string | undefined;
  /** Facts that only the app's developer can use. What was received is shown as it came, made visible. */
  developer?: DeveloperWords | undefined;
}

export interface DeveloperWords {
  rows: readonly { label: string; value: string }[];
  received?: string | undefined;
  nearest?: string | undefined;
  advice?: string | undefined;
}

// One function for each refusal that ends at a page (wire section 1: these never redirect).

export const missingClientId = (): ErrorWords => ({
  ...appMistake("The app did not say who it is, so we do not know where to sign you in."),
  developer: {
    rows: [],
    advice: "The client_id parameter is missing. Send the client id that the app was registered with.",
  },
});

export const unknownClient = (clientId: string): ErrorWords => ({
  title: "We do not know this app",
  whatHappened: "The app that sent you here is not registered with us. It may have been removed.",
  whatToDo: "Go back to the app and try again, or tell those who make it.",
  developer: {
    rows: [{ label: "client_id", value: clientId }],
    advice:
      "No app has this client id. Client ids are 40 hexadecimal characters; check that none was lost, and that it is the id of this server.",
  },
});

export const appSuspended = (appName: string): ErrorWords => ({
  title: "This app is suspended",
  whatHappened: `Nobody can sign in to ${appName} at present.`,
  whatToDo: "Your account is not affected, and there is nothing you need to do. Those who make the app know more.",
});

export const missingRedirectUri = (): ErrorWords => ({
  ...appMistake("The app did not say where to send you afterwards."),
  developer: {
    rows: [],
    advice: "The redirect_uri parameter is missing. Send one of those that are registered for the app.",
  },
});

/** Shows the registered URI that is nearest: those of an app are no secret, each of its users can see one in the address bar. */
export function redirectUriNotRegistered(received: string, registered: readonly string[]): ErrorWords {
  const nearest = nearestOf(received, registered);
  const slip = nearest === undefined ? "None is registered yet." : slipBetween(received, nearest);
  return {
    ...appMistake(
      "The app wants to send you to an address that is not registered for it, so we stopped for your safety.",
    ),
    developer: {
      rows: [],
      received,
      nearest,
      advice:
        `The redirect_uri must equal a registered one, byte for byte. ${slip ?? ""} Correct it in the app, or register what was received.`.replace(
          "  ",
          " ",
        ),
    },
  };
}

export const repeatedParameter = (parameter: string): ErrorWords => ({
  ...appMistake("The app’s request says the same thing twice."),
  developer: { rows: [{ label: "Parameter", value: parameter }], advice: "Send each parameter once (RFC 6749 §3.1)." },
});

export const stateTooLong = (bytes: number): ErrorWords => ({
  ...appMistake("The app’s request is too long."),
  developer: {
    rows: [{ label: "state, in bytes", value: String(bytes) }],
    advice: "At most 2,048 bytes, as sent. Keep long values in your own session and send a short key to it.",
  },
});

export const malformedRequest = (advice?: string): ErrorWords => ({
  ...appMistake("The request that brought you here cannot be read."),
  developer: advice === undefined ? undefined : { rows: [], advice },
});

export const cookiesBlocked = (): ErrorWords => ({
  title: "Your browser blocks our cookie",
  whatHappened: "We keep your sign-in in a cookie, and your browser did not send it back.",
  whatToDo:
    "Allow cookies for this site and try again. If this page is shown inside another one, open it in a window of its own.",
});

export const foreignForm = (): ErrorWords => ({
  title: "Please try that again",
  whatHappened: "This form was not sent from our own page, or the page is too old, so we did nothing.",
  whatToDo: "Go back, load the page anew and send it once more.",
});

export const trialOver = (): ErrorWords => ({
  title: "This try is over",
  whatHappened: "A login of “Try it” works once, within 15 minutes, in the browser it was begun in.",
  whatToDo: "Go back to the app in the portal and begin another one.",
});

/** @param minutes until the next try, at least 1. */
export const tooManyTries = (minutes: number): ErrorWords => ({
  title: "Too many tries",
  whatHappened: "There have been too many failed tries in a short time.",
  whatToDo: `Try again in ${minutes === 1 ? "a minute" : `${minutes} minutes`}. Meanwhile you can reset your password.`,
});

/** @param region what cannot be reached, if that is only a part. */
export const unavailable = (region?: string): ErrorWords => ({
  title: "We cannot sign you in right now",
  whatHappened:
    region === undefined
      ? "The server is very busy, or a part of it does not answer."
      : `Region ${region} does not answer.`,
  whatToDo: "Nothing is wrong with your account. Try again in a minute.",
});

export const notForYourRole = (): ErrorWords => ({
  title: "Your role does not allow this",
  whatHappened: "You are in this team, but what you tried is for others in it.",
  whatToDo: "Ask an owner or admin of the team to do it, or to give you another role.",
});

/** @param problem a sentence of our own. */
export const portalLoginFailed = (problem: string): ErrorWords => ({
  title: "You are not signed in to the portal",
  whatHappened: problem,
  whatToDo: "Sign in again. If you refused by mistake, nothing is lost.",
});

export const notFound = (): ErrorWords => ({
  title: "There is nothing here",
  whatHappened: "No page has this address.",
  whatToDo: "Check the address, or open the app you want to use: it brings you to the right place.",
});

export const methodNotAllowed = (): ErrorWords => ({
  title: "That does not work here",
  whatHappened: "This address does not accept that kind of request.",
  whatToDo: "Go back and try again from the start.",
});

export const unexpected = (): ErrorWords => ({
  title: "Something went wrong on our side",
  whatHappened: "This is a mistake of ours, not of yours. It has been noted.",
  whatToDo: "Try again. If it happens again, quote the reference below when you ask for help.",
});

const appMistake = (whatHappened: string): ErrorWords => ({
  title: "This app cannot sign you in",
  whatHappened,
  whatToDo:
    "You have done nothing wrong. Go back to the app and try again; if it keeps happening, tell those who make it.",
});

export const portalClosed = (): ErrorWords => ({
  title: "The portal is not open here",
  whatHappened: "The operator has not opened the Developer Portal to the installation you came from.",
  whatToDo: "Sign out and come back by another installation, or ask the operator.",
});

export const testUser = (email: string): ErrorWords => ({
  title: "You are signed in as a test user",
  whatHappened: `${email} is a test user of a team’s sandbox. The portal is for the people who make apps.`,
  whatToDo: "Sign in with your own account.",
});

export const signUpClosed = (): ErrorWords => ({
  title: "Sign-up is closed here",
  whatHappened: "The operator of this server has not opened the Developer Portal to everybody.",
  whatToDo: "If you have an account, sign in. If your team is here already, ask one of its admins to invite you.",
});

/** One text for what was changed on its way, is too old, or is another browser's. */
export const signUpEnded = (): ErrorWords => ({
  title: "This page can no longer be used",
  whatHappened: "It was open for too long, was finished before, or belongs to another browser.",
  whatToDo: "Begin again. Nothing was stored about you so far.",
});

/** @param region that does not answer; absent: the directory. */
export const pageUnavailable = (region: string | undefined): ErrorWords => ({
  title: "This page cannot be shown right now",
  whatHappened:
    region === undefined
      ? "The directory, which knows apps and teams, does not answer. Logins go on."
      : `Region ${region} does not answer. What is kept elsewhere goes on.`,
  whatToDo: "Try again in a minute. If you were saving something, look first whether it was done.",
});

/** @param region that does not answer; absent: the directory. */
export const signUpUnavailable = (region: string | undefined): ErrorWords => ({
  title: "We cannot create accounts right now",
  whatHappened:
    region === undefined
      ? "The directory, which knows who belongs where, does not answer. Who has an account can sign in all the same."
      : `Region ${region} does not answer, so nothing can be stored there.`,
  whatToDo: "Try again in a minute. What you have done so far is not lost.",
});

/** One text for an invitation that is unknown, used, late, withdrawn or somebody else's. */
export const invitationEnded = (): ErrorWords => ({
  title: "This invitation no longer works",
  whatHappened: "It was used, withdrawn or is older than seven days, or it was sent to another address.",
  whatToDo: "If you are in the team already, open the portal. Otherwise ask for another invitation.",
});
