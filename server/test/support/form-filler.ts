import type { Door } from "./house.ts";
import { type Page, requirePage, Visitor, type VisitorOptions } from "./visitor.ts";

/** A visitor who stays on our pages, and may send what their forms do not ask for. */
export function createFormFiller(house: Door, options: VisitorOptions = {}) {
  const visitor = new Visitor(house, options);
  return {
    cookies: visitor.cookies,
    open: async (path: string): Promise<Page> => requirePage(await visitor.go(path)),

    /** Sends the page's first form, with `typed` over what is in it. */
    async submit(page: Page, typed: Record<string, string> = {}, headers: Record<string, string> = {}): Promise<Page> {
      const [form] = page.forms;
      if (!form) throw new Error(`There is no form on "${page.title}".`);
      return requirePage(await visitor.post(form.action, { ...form.fields, ...typed }, headers));
    },
  };
}

export type FormFiller = ReturnType<typeof createFormFiller>;
