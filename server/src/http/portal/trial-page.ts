import { isOpenTo } from "../../domain/login/memberships.ts";
import { type Sandbox, sandboxOf } from "../../domain/teams/sandbox.ts";
import type { FoundTrial } from "../../domain/trials/trials.ts";
import { isUnavailable } from "../../domain/unavailable.ts";
import { trialPage as page, type TrialRun } from "../../pages/portal/trial.ts";
import type { HttpContext } from "../context.ts";
import { type AppRequest, answerText, requestText } from "../talk.ts";
import { appHref, formsOf, frameOf } from "./app-scene.ts";
import type { AppScene } from "./page-route.ts";
import { type Asked, actsNow, grantIn, isExchange } from "./trial-requests.ts";

interface Shown extends FoundTrial<Asked> {
  /** The person asked to see the code and the tokens. */
  shown: boolean;
}

export async function trialPage(c: HttpContext, scene: AppScene, found?: Shown): Promise<string> {
  const { app, deps } = scene;
  const people = await testPeople(scene);
  return page({
    ...frameOf(c, scene, "/try"),
    formTo: formsOf(scene),
    people: people.map(({ name, email, password, role }) => ({ name, email, password, role })),
    whoElse: app.status === "live" ? "all" : "test",
    wrongHref: `${deps.config.url}/launchpad/login?${new URLSearchParams({ client_id: app.clientId, redirect_uri: "https://not-registered.example/callback" })}`,
    suspended: app.status === "suspended",
    ...(found && { run: runOf(scene, found) }),
  });
}

/** The test users of the team's sandbox, where the app is open to them and the sandbox can be reached. */
export async function testPeople({ deps, app, team }: AppScene): Promise<Sandbox["people"]> {
  try {
    const sandbox = await sandboxOf(deps, team);
    return sandbox && isOpenTo(app, sandbox.installation.installationId) ? sandbox.people : [];
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    return [];
  }
}

function runOf(scene: AppScene, { region, trial, shown }: Shown): TrialRun {
  const { deps, app } = scene;
  const { code, start, back } = trial;
  const grant = grantIn(trial);
  const state = new URL(start.url).searchParams.get("state") ?? "";
  const masked = masking([
    [trial.codeVerifier, MASK],
    [state, `${state.slice(0, 24)}…`],
    ...(shown ? [] : [...maskedCode(code?.text), ...maskedTokens(grant?.values)]),
  ]);
  const text = (request: AppRequest) => masked(requestText(request));
  const path = appHref(scene, `/try/${region.name}.${trial.trialId}`);
  return {
    path: `/try/${region.name}.${trial.trialId}`,
    start: { at: start.at, request: text({ method: "GET", url: start.url }) },
    back: {
      at: back.at,
      request: text({ method: "GET", url: deps.config.url + back.target }),
      problem: back.problem,
    },
    region: code && region.name,
    logHref: appHref(scene, `/logs/${trial.trialId}`),
    ...(code && { code: { expiresAt: code.expiresAt, secondsLeft: Math.max(0, code.expiresAt - deps.now()) } }),
    spent: grant !== undefined,
    asked: trial.asked.map(({ act, at, milliseconds, request, answer }, index) => ({
      id: `asked-${index}`,
      act,
      step: isExchange(act) ? 4 : 5,
      at,
      milliseconds: milliseconds === undefined ? undefined : Math.max(1, Math.round(milliseconds)),
      request: text(request),
      answer: answer && { ok: answer.status === 200, text: masked(answerText(answer)) },
    })),
    offers: actsNow(deps, app, trial),
    ended: isEnded(trial.asked),
    valuesHref: code && (shown ? path : `${path}?show=values`),
    valuesShown: shown,
  };
}

/** Whether the token was ended by what was asked here. */
const isEnded = (asked: readonly Asked[]): boolean =>
  asked.some(
    ({ act, answer }) => answer !== undefined && (act === "reuse" || (act === "revoke" && answer.status === 200)),
  );

type Mask = readonly [value: string, mask: string];

/** Takes values out of a text, however they are spelled in it: in JSON as they are, in forms and addresses encoded. */
function masking(masks: readonly Mask[]): (text: string) => string {
  const spelled = masks.flatMap(([value, mask]): Mask[] => [
    [value, mask],
    [encoded(value), mask],
  ]);
  return (text) => spelled.reduce((left, [value, mask]) => left.replaceAll(value, () => mask), text);
}

const encoded = (value: string) => new URLSearchParams({ v: value }).toString().slice("v=".length);

const MASK = "••••••••";

/** Its region stays, for that is what one learns from it. */
const maskedCode = (code: string | undefined): Mask[] =>
  code === undefined ? [] : [[code, `${MASK}${code.slice(code.lastIndexOf("-"))}`]];

const maskedTokens = (tokens: readonly string[] = []): Mask[] =>
  tokens.map((token) => [token, `${/^(?:tkn|rfr)\.v1_/.exec(token)?.[0] ?? ""}${MASK}`]);
