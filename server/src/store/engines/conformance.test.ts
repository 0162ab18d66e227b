import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { openEngine, startEngines } from "../../../test/support/engines.ts";
import type { Database, Param } from "../database.ts";

/** What `Database` promises, asked of both engines in the same words. */

const engines = await startEngines();
after(() => engines.stop());

const CREATE = "CREATE TABLE item (item_key TEXT NOT NULL PRIMARY KEY, amount BIGINT NOT NULL, note TEXT)";
const INSERT = "INSERT INTO item (item_key, amount, note) VALUES ($1, $2, $3)";
const INSERT_ONCE = `${INSERT} ON CONFLICT DO NOTHING`;
const TAKE = "UPDATE item SET note = $2 WHERE item_key = $1 AND note IS NULL";
const FIND = "SELECT amount, note FROM item WHERE item_key = $1";
const COUNT = `SELECT COUNT(*) AS "items" FROM item`;

for (const engine of engines.all) {
  describe(engine.name, async () => {
    const address = await engine.newAddress();
    const db = await openEngine(address);
    after(() => db.close());
    await db.batch([[CREATE, []]]);
    const find = async (key: string) => (await db.read(FIND, [key]))[0];

    test("a batch answers each statement with its count and its rows", async () => {
      const results = await db.batch([
        [INSERT, ["counted", 1, null]],
        ["UPDATE item SET amount = amount + $2 WHERE item_key = $1", ["counted", 4]],
        ["UPDATE item SET amount = 0 WHERE item_key = $1", ["nobody"]],
        [`DELETE FROM item WHERE item_key = $1 RETURNING item_key AS "itemKey", amount`, ["counted"]],
        [FIND, ["counted"]],
      ]);
      assert.deepEqual(results, [
        { count: 1, rows: [] },
        { count: 1, rows: [] },
        { count: 0, rows: [] },
        { count: 1, rows: [{ itemKey: "counted", amount: 5 }] },
        { count: 0, rows: [] },
      ]);
    });

    test("a batch whose last statement fails leaves no trace", async () => {
      const batch = db.batch([
        [INSERT, ["traceless", 1, null]],
        [INSERT, ["traceless", 2, null]],
      ]);
      await assert.rejects(batch, { name: "StatementFailed" });
      assert.equal(await find("traceless"), undefined);
    });

    test("no statement after a failed one takes effect", async () => {
      const batch = db.batch([
        ["INSERT INTO no_such_table (item_key) VALUES ($1)", ["x"]],
        [INSERT, ["after-failure", 1, null]],
      ]);
      await assert.rejects(batch, { name: "StatementFailed" });
      assert.equal(await find("after-failure"), undefined);
    });

    test("a batch that fails takes no batch beside it along", async () => {
      const settled = await Promise.allSettled([
        db.batch([[INSERT, ["beside-1", 1, null]]]),
        db.batch([
          [INSERT, ["beside-2", 1, null]],
          [INSERT, ["beside-2", 2, null]],
        ]),
        db.batch([["INSERT INTO item (item_key) VALUES ($1)", ["beside-3"]]]),
        db.batch([[INSERT, ["beside-4", 1, null]]]),
      ]);
      assert.deepEqual(
        settled.map(({ status }) => status),
        ["fulfilled", "rejected", "rejected", "fulfilled"],
      );
      const found = await Promise.all(["beside-1", "beside-2", "beside-3", "beside-4"].map(find));
      assert.deepEqual(
        found.map((row) => row !== undefined),
        [true, false, false, true],
      );
    });

    test("an empty batch does nothing", async () => assert.deepEqual(await db.batch([]), []));

    test("ON CONFLICT DO NOTHING says by its count whether the row is new", async () => {
      const counts = [];
      for (const amount of [1, 2]) counts.push((await db.batch([[INSERT_ONCE, ["once", amount, null]]]))[0]?.count);
      assert.deepEqual(counts, [1, 0]);
      assert.equal((await find("once"))?.amount, 1);
    });

    test("of many who pass a guarded update at once exactly one wins, also over a second connection", async () => {
      const second = await openEngine(address);
      await db.batch([[INSERT, ["raced", 1, null]]]);
      const racers = Array.from({ length: 40 }, (_, n) =>
        (n % 2 ? db : second).batch([
          [TAKE, ["raced", `racer ${n}`]],
          [INSERT_ONCE, ["raced-prize", n, null]],
        ]),
      );
      const counts = (await Promise.all(racers)).map(([taken]) => taken?.count);
      assert.equal(counts.filter((count) => count === 1).length, 1);
      await second.close();
    });

    test("a read sees what an acknowledged batch wrote", async () => {
      for (let n = 0; n < 30; n++) {
        await db.batch([[INSERT, [`written-${n}`, n, null]]]);
        assert.equal((await find(`written-${n}`))?.amount, n);
      }
    });

    test("a read cannot write", async () => {
      await assert.rejects(async () => db.read(INSERT, ["by-read", 1, null]));
      assert.equal(await find("by-read"), undefined);
    });

    test("a transaction commits what it ran and answers with its result", async () => {
      const answer = await db.transaction(async (tx) => {
        await tx.run(INSERT, ["transacted", 7, null]);
        const { rows } = await tx.run(FIND, ["transacted"]);
        return rows[0]?.amount;
      });
      assert.equal(answer, 7);
      assert.equal((await find("transacted"))?.amount, 7);
    });

    test("a read beside a transaction sees nothing of it before it is committed", async () => {
      await db.transaction(async (tx) => {
        await tx.run(INSERT, ["half-done", 1, null]);
        assert.equal(await find("half-done"), undefined);
      });
      assert.equal((await find("half-done"))?.amount, 1);
    });

    test("a transaction whose work throws is rolled back, and throws the same", async () => {
      const reason = new RangeError("changed my mind");
      const transaction = db.transaction(async (tx) => {
        await tx.run(INSERT, ["regretted", 1, null]);
        throw reason;
      });
      await assert.rejects(transaction, (error) => error === reason);
      assert.equal(await find("regretted"), undefined);
    });

    test("a failed statement ends its transaction, even when the work swallows the failure", async () => {
      const transaction = db.transaction(async (tx) => {
        await tx.run(INSERT, ["swallowed", 1, null]);
        await tx.run(INSERT, ["swallowed", 2, null]).catch(() => {});
        await tx.run(INSERT, ["swallowed-later", 3, null]).catch(() => {});
        return "done";
      });
      await assert.rejects(transaction, { name: "StatementFailed" });
      assert.equal(await find("swallowed"), undefined);
      assert.equal(await find("swallowed-later"), undefined);
    });

    test("so does a parameter that is refused", async () => {
      const transaction = db.transaction(async (tx) => {
        await tx.run(INSERT, ["before-refusal", 1, null]);
        await tx.run(INSERT, ["refused\0", 2, null]).catch(() => {});
      });
      await assert.rejects(transaction, TypeError);
      assert.equal(await find("before-refusal"), undefined);
    });

    test("a transaction that is over runs nothing more", async () => {
      let kept: Parameters<Parameters<Database["transaction"]>[0]>[0] | undefined;
      await db.transaction(async (tx) => {
        kept = tx;
      });
      await assert.rejects(async () => kept?.run(INSERT, ["too-late", 1, null]), /over/);
      assert.equal(await find("too-late"), undefined);
    });

    test("transactions and batches that come at once are all done, each whole", async () => {
      const add = "UPDATE item SET amount = amount + 1 WHERE item_key = $1";
      await db.batch([[INSERT, ["counter", 0, null]]]);
      await Promise.all([
        ...Array.from({ length: 10 }, () => db.batch([[add, ["counter"]]])),
        ...Array.from({ length: 10 }, () => db.transaction((tx) => tx.run(add, ["counter"]))),
      ]);
      assert.equal((await find("counter"))?.amount, 20);
    });

    const TEXTS: Record<string, string> = {
      quotes: `'; DROP TABLE item; -- " \` '' $1 ?1`,
      wildcards: "100%_\\%\\",
      emoji: "👩‍👩‍👧‍👦 Ünï\u0301cödé \u{10FFFF} \uFEFF",
      control: "\u0001\t\r\n\u007f\u2028",
      empty: "",
      long: "long text ".repeat(50_000),
    };
    for (const [name, text] of Object.entries(TEXTS)) {
      test(`text comes back as it was given: ${name}`, async () => {
        await db.batch([[INSERT, [`text-${name}`, 1, text]]]);
        assert.equal((await find(`text-${name}`))?.note, text);
        const [matched] = await db.read(`SELECT COUNT(*) AS "n" FROM item WHERE note = $1`, [text]);
        assert.equal(matched?.n, 1);
      });
    }

    test("integers come back as numbers up to 2^53, null as null", async () => {
      for (const amount of [0, -0, -1, 2 ** 31, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]) {
        await db.batch([
          ["DELETE FROM item WHERE item_key = $1", ["number"]],
          [INSERT, ["number", amount, null]],
        ]);
        assert.deepEqual(await find("number"), { amount: amount + 0, note: null });
      }
      assert.equal(typeof (await db.read(COUNT, []))[0]?.items, "number");
    });

    test("an integer beyond 2^53 is refused when it is read, not rounded", async () => {
      await db.batch([
        [INSERT, ["huge", Number.MAX_SAFE_INTEGER, null]],
        ["UPDATE item SET amount = amount + 2 WHERE item_key = $1", ["huge"]],
      ]);
      await assert.rejects(async () => find("huge"), RangeError);
      await db.batch([["DELETE FROM item WHERE item_key = $1", ["huge"]]]);
    });

    test("integers are divided as integers, conditions answer 0 or 1, and sums are numbers", async () => {
      const [row] = await db.read(
        `SELECT 7 / CAST($1 AS BIGINT) AS "third", (amount > $1) AS "more",
          (SELECT SUM(amount) FROM item WHERE item_key = $2) AS "sum" FROM item WHERE item_key = $2`,
        [2, "once"],
      );
      assert.deepEqual(row, { third: 3, more: 0, sum: 1 });
    });

    const REFUSED: Record<string, unknown> = {
      undefined: undefined,
      true: true,
      NaN: Number.NaN,
      Infinity: Number.POSITIVE_INFINITY,
      "a fraction": 0.5,
      "2^53": 2 ** 53,
      "a bigint": 1n,
      "an object": {},
      "a list": ["x"],
      "a date": new Date(0),
      "a NUL character": "a\0b",
      "half a surrogate pair": "a\ud800b",
    };
    for (const [name, value] of Object.entries(REFUSED)) {
      test(`a parameter is refused before the database sees it: ${name}`, async () => {
        const params = [`refused ${name}`, 1, value] as Param[];
        await assert.rejects(db.read(`${FIND} AND amount = $2 AND note = $3`, params), TypeError);
        await assert.rejects(db.batch([[INSERT, params]]), TypeError);
        await assert.rejects(
          db.transaction((tx) => tx.run(INSERT, params)),
          TypeError,
        );
        assert.equal(await find(`refused ${name}`), undefined);
      });
    }

    test("a statement with too few or too many parameters is refused", async () => {
      for (const params of [
        ["few", 1],
        ["many", 1, null, null],
      ]) {
        await assert.rejects(db.batch([[INSERT, params]]), /parameters/);
        assert.equal(await find(String(params[0])), undefined);
      }
    });

    test("a failure names the constraint and no value", async () => {
      await db.batch([[INSERT_ONCE, ["secret@example.com", 1, null]]]);
      const failed = await db.batch([[INSERT, ["secret@example.com", 1, null]]]).catch((error) => error);
      assert.match(failed.message, /item/);
      assert.doesNotMatch(JSON.stringify({ ...failed, message: failed.message, stack: failed.stack }), /secret@/);
    });

    test("now() is the clock it was given, or the true time in whole seconds", async () => {
      const turned = await openEngine(await engine.newAddress(), () => 1_000_000);
      assert.equal(turned.now(), 1_000_000);
      assert.ok(Number.isInteger(db.now()));
      assert.ok(Math.abs(db.now() - Date.now() / 1000) < 60);
      await turned.close();
    });

    test("close() waits for what is under way, and what comes later is refused as unavailable", async () => {
      const other = await openEngine(address);
      const last = other.batch([[INSERT, ["last", 1, null]]]);
      await Promise.all([other.close(), last]);
      assert.equal((await find("last"))?.amount, 1);
      await assert.rejects(other.read(COUNT, []), { name: "DatabaseUnavailable", outcome: "not-done" });
      await assert.rejects(other.batch([[TAKE, ["last", "x"]]]), { name: "DatabaseUnavailable", outcome: "not-done" });
      await other.close();
    });
  });
}
