import assert from "node:assert/strict";
import { test } from "node:test";
import { withoutPersons } from "./note.ts";

test("of a redirect URI that was refused nothing is kept that may be somebody's", () => {
  for (const [sent, kept] of [
    ["https://app.example.com/callback?user=dana&token=1", "https://app.example.com/callback"],
    ["https://app.example.com/callback#access_token=1", "https://app.example.com/callback"],
    ["https://dana:hunter2@app.example.com:8443/a@b/c;jsessionid=ABC?x=1", "https://app.example.com:8443/a@b/c"],
    ["https://dana@evil.example@app.example.com/", "https://app.example.com/"],
    ["com.example.app:/done", "com.example.app:/done"],
    ["com.example.app:dana@example.com", "com.example.app:…"],
    ["mailto:dana@example.com", "mailto:…"],
    ["dana@example.com", "…"],
    ["//dana@example.com/x", "…"],
    ["/callback", "/callback"],
    ["", ""],
  ] as const)
    assert.equal(withoutPersons(sent), kept, sent);
});
