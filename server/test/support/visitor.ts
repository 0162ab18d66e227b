import type { Door } from "./house.ts";

/** A page as somebody without JavaScript has it before them. */
export interface Page {
  url: string;
  status: number;
  headers: Headers;
  html: string;
  title: string;
  forms: readonly PageForm[];
}

export interface PageForm {
  method: string;
  action: string;
  /** All fields with what they hold, hidden ones too; unticked boxes are not among them. */
  fields: Readonly<Record<string, string>>;
  /** Names of the fields a person can fill in. */
  open: readonly string[];
  buttons: readonly { name: string; value: string; text: string; disabled: boolean }[];
}

/** Where a login left our pages: the address that the app's server would see. */
export interface Left {
  left: string;
  /** Its parameters. */
  answer: URLSearchParams;
}

export type Visit = Page | Left;

export interface VisitorOptions {
  /** The client's address. */
  from?: string;
  headers?: Record<string, string>;
}

/** A browser without JavaScript: keeps cookies, follows redirects on this host, sends forms with `Origin`. One per person. */
export class Visitor {
  readonly #house: Door;
  readonly #options: VisitorOptions;
  readonly cookies = new Map<string, string>();

  constructor(house: Door, options: VisitorOptions = {}) {
    this.#house = house;
    this.#options = options;
  }

  /** Opens an address of the house and follows wherever it leads, on this host. */
  go(path: string): Promise<Visit> {
    return this.#request(path, { method: "GET" });
  }

  /** Fills in a form of the page and sends it; `button` is the value of the button pressed. */
  submit(page: Page, fill: Record<string, string> = {}, button?: string): Promise<Visit> {
    const wanted = Object.keys(fill);
    const form = page.forms.find(
      (one) =>
        wanted.every((name) => one.open.includes(name)) &&
        (button === undefined || one.buttons.some(({ value }) => value === button)),
    );
    if (!form) throw new Error(`The page "${page.title}" has no form for ${wanted.join(", ")} ${button ?? ""}`);
    const pressed = form.buttons.find(({ value }) => value === button);
    const named = pressed?.name ? { [pressed.name]: pressed.value } : {};
    return this.post(form.action, { ...form.fields, ...fill, ...named });
  }

  /** Sends the form that posts to `action`, as its first button does. */
  send(page: Page, action: string): Promise<Visit> {
    const form = page.forms.find((one) => one.action === action);
    if (!form) throw new Error(`The page "${page.title}" has no form to ${action}`);
    return this.post(form.action, form.fields);
  }

  post(path: string, fields: Record<string, string>, headers: Record<string, string> = {}): Promise<Visit> {
    return this.#request(path, {
      method: "POST",
      body: new URLSearchParams(fields).toString(),
      headers: {
        "content-type": "application/x-www-form-urlencoded",
        origin: new URL(this.#house.config.url).origin,
        "sec-fetch-site": "same-origin",
        ...headers,
      },
    });
  }

  async #request(
    path: string,
    init: { method: string; body?: string; headers?: Record<string, string> },
  ): Promise<Visit> {
    const url = new URL(path, this.#house.config.url);
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await this.#house.fetch(path, {
      ...init,
      headers: { ...this.#options.headers, ...init.headers, ...(cookie !== "" && { cookie }) },
      ...(this.#options.from !== undefined && { from: this.#options.from }),
    });
    for (const line of response.headers.getSetCookie()) this.#keep(line);
    const location = response.headers.get("location");
    if (location === null) return pageOf(url.href, response, await response.text());
    const target = new URL(location, url);
    if (target.origin !== new URL(this.#house.config.url).origin || target.pathname === "/callback")
      return { left: location, answer: target.searchParams };
    return this.#request(location, { method: "GET" });
  }

  #keep(line: string): void {
    const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (/max-age=0(?:;|$)/i.test(line)) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}

export function requirePage(visit: Visit): Page {
  if ("left" in visit) throw new Error(`The login left for ${visit.left}`);
  return visit;
}

export function requireLeft(visit: Visit): Left {
  if (!("left" in visit)) throw new Error(`The login stays at "${visit.title}" (${visit.status})`);
  return visit;
}

function pageOf(url: string, response: Response, html: string): Page {
  return {
    url,
    status: response.status,
    headers: response.headers,
    html,
    title: plainText(/<title>(.*?)<\/title>/s.exec(html)?.[1] ?? ""),
    forms: [...html.matchAll(/<form ([^>]*)>(.*?)<\/form>/gs)].map(([, head = "", body = ""]) => formOf(head, body)),
  };
}

function formOf(head: string, body: string): PageForm {
  const inputs = [...body.matchAll(/<input ([^>]*)>/gs)].map(([, text = ""]) => attributes(text));
  const { method = "get", action = "" } = attributes(head);
  const held = inputs.filter(({ type, checked }) => (type !== "checkbox" && type !== "radio") || checked !== undefined);
  const texts = [...body.matchAll(/<textarea ([^>]*)>(.*?)<\/textarea>/gs)].map(([, text = "", value = ""]) => {
    return { name: attributes(text).name ?? "", value: plainText(value) };
  });
  return {
    method,
    action,
    fields: Object.fromEntries([...held, ...texts].map(({ name = "", value = "on" }) => [name, value])),
    open: [...inputs.filter(({ type }) => type !== "hidden"), ...texts].map(({ name = "" }) => name),
    buttons: [...body.matchAll(/<button ([^>]*)>(.*?)<\/button>/gs)].flatMap(([, text = "", label = ""]) => {
      const { type, name = "", value = "", disabled } = attributes(text);
      const words = plainText(label.replace(/<[^>]*>/g, " ").trim());
      return type === "button" ? [] : [{ name, value, text: words, disabled: disabled !== undefined }];
    }),
  };
}

const attributes = (text: string): Record<string, string> =>
  Object.fromEntries(
    [...text.matchAll(/([\w-]+)(?:="([^"]*)")?/g)].map(([, name = "", value = ""]) => [name, plainText(value)]),
  );

const plainText = (text: string) =>
  text
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&");
